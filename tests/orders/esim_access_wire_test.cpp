#include "apps/sandbox/esim_access_sandbox.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/provider_signatures.hpp"
#include "tests/orders/wire_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// eSIM Access's API, and the sandbox's side of it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : wire_fixture {
  sandbox::esim_access_sandbox sandbox{20ms};
  std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();

  fixture() : wire_fixture(esim_access_format) {
    // nop
  }

  sandbox::sandbox_answer call(const provider_call& what) override {
    return sandbox.answer(sandbox_call("/esim-access-api", what), time);
  }

  static provider_order wish(const std::string& reference, const std::string& package) {
    provider_order what{reference, package, {}};
    what.asked_at = now();
    return what;
  }

  /// The order with its number, once its eSIM is there.
  provider_order bought(const std::string& reference, const std::string& package) {
    auto what = wish(reference, package);
    what.provider_order_id = buy(what).candidates.at(0);
    time += 1s;
    return what;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(esim_access_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(the_list_of_packages_is_a_catalogue) {
  auto got = format.read_catalogue(call(format.catalogue_call()).body);
  BOOST_REQUIRE(got);
  const auto* japan = find_bundle(*got, "JP_5_30");
  BOOST_REQUIRE(japan != nullptr);
  BOOST_TEST(japan->country_iso == "JP");
  BOOST_TEST(japan->tops_up);
  // Prices can be ruled by it, though its name is not told.
  BOOST_TEST((std::ranges::find(got->countries, "JP", &country::iso) != got->countries.end()));
  BOOST_TEST(japan->data_mb == 5 * 1024);
  BOOST_TEST(japan->validity_days == 30);
  // 6.496 dollars.
  BOOST_TEST((japan->price == money::from_cents(650)));
  BOOST_TEST(find_bundle(*got, "Europe_10_30")->country_iso.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_ordered_or_priced_is_not_sold) {
  auto read = format.read_catalogue(
    R"({"success":true,"errorCode":null,"obj":{"packageList":[)"
    R"({"slug":"a","price":10000,"currencyCode":"USD","durationUnit":"DAY","dataType":1},)"
    R"({"packageCode":"b","price":1,"currencyCode":"USD","durationUnit":"DAY"},)"
    R"({"slug":"daily","price":1,"currencyCode":"USD","durationUnit":"DAY","dataType":2},)"
    R"({"slug":"euro","price":1,"currencyCode":"EUR","durationUnit":"DAY","dataType":1},)"
    R"({"slug":"none","currencyCode":"USD","durationUnit":"DAY","dataType":1}]}})");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->bundles.size() == 3u);
  BOOST_TEST((find_bundle(*read, "b")->price == money::from_cents(1)));
  BOOST_TEST(!find_bundle(*read, "b")->tops_up);
  BOOST_TEST(find_bundle(*read, "euro")->charge.currency == "EUR");
  BOOST_TEST(find_bundle(*read, "euro")->charge.amount == "0.0001");
  BOOST_TEST(read->refused.size() == 1u);
  for (const auto* text :
       {"", "{}", "<html>", R"({"success":true,"errorCode":"0","obj":{"packageList":[]}})",
        R"({"success":false,"errorCode":"000101","obj":null})"})
    BOOST_TEST(!format.read_catalogue(text), text);
}

BOOST_AUTO_TEST_CASE(an_order_gets_a_number_and_its_esim_behind_it) {
  auto what = wish("r-1", "JP_5_30");
  auto outcome = buy(what);
  BOOST_TEST(has(outcome, provider_verdict::unknown));
  BOOST_REQUIRE(outcome.candidates.size() == 1u);
  what.provider_order_id = outcome.candidates[0];
  BOOST_TEST(has(look_up(what), provider_verdict::unknown));
  time += 1s;
  auto found = look_up(what);
  BOOST_REQUIRE(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.iccid == sandbox::make_esim("r-1").iccid);
  BOOST_TEST(found.bought.lpa == sandbox::make_esim("r-1").lpa);
  BOOST_TEST(found.bought.provider_order_id == what.provider_order_id);
}

BOOST_AUTO_TEST_CASE(one_reference_buys_once) {
  auto first = buy(wish("r-1", "JP_5_30"));
  BOOST_TEST((buy(wish("r-1", "JP_5_30")).candidates == first.candidates));
  BOOST_TEST(sold() == 1);
}

BOOST_AUTO_TEST_CASE(a_lost_order_is_found_by_its_reference_among_those_of_its_time) {
  auto what = wish("r-1", "US_sandbox-timeout");
  BOOST_TEST(has(look_up(what), provider_verdict::absent));
  BOOST_TEST(call(format.order_call(what)).lost);
  auto other = buy(wish("r-2", "US_5_30"));
  auto found = look_up(what);
  BOOST_REQUIRE(found.candidates.size() == 1u);
  BOOST_TEST(found.candidates[0] != other.candidates.at(0));
  BOOST_TEST(has(look_up(wish("r-3", "US_5_30")), provider_verdict::absent));
  BOOST_TEST(look_up(wish("r-3", "US_5_30")).candidates.empty());
}

BOOST_AUTO_TEST_CASE(
  that_there_is_none_is_not_believed_where_the_provider_does_not_tell_whose_orders_are) {
  constexpr auto list = R"({"success":true,"errorCode":"0","obj":{"esimList":[)"
                        R"({"orderNo":"B1","packageList":[{"slug":"JP_5_30"}]}]}})";
  auto outcome = format.read_outcome(200, list, wish("r-1", "JP_5_30"), true);
  BOOST_TEST(has(outcome, provider_verdict::unknown));
  // Another package is another's.
  BOOST_TEST(
    has(format.read_outcome(200, list, wish("r-1", "FR_5_30"), true), provider_verdict::absent));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(buy(wish("a", "US_sandbox-reject")), provider_verdict::refused));
  BOOST_TEST(has(buy(wish("b", "US_sandbox-unpaid")), provider_verdict::ours));
  BOOST_TEST(has(buy(wish("c", "US_sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("c", "US_sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(buy(wish("c", "US_sandbox-flaky")).candidates.size() == 1u);
  BOOST_TEST(has(buy(wish("d", "no-such")), provider_verdict::refused));
  auto slow = bought("e", "US_sandbox-slow");
  BOOST_TEST(has(look_up(slow), provider_verdict::unknown));
  time += 30s;
  BOOST_TEST(has(look_up(slow), provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(nothing_is_sold_at_another_price_than_was_listed) {
  auto what = wish("r-1", "JP_5_30");
  what.listed_price = "6.4959";
  BOOST_TEST(has(buy(what), provider_verdict::refused));
  what.listed_price = "6.4960";
  BOOST_TEST(buy(what).candidates.size() == 1u);
  auto package = (*parse_json_object(format.order_call(what).body))["packageInfoList"][0];
  BOOST_TEST(package["price"].asInt() == 64'960);
  auto read = format.read_catalogue(call(format.catalogue_call()).body);
  BOOST_TEST(find_bundle(*read, "JP_5_30")->listed_price == "6.4960");
}

BOOST_AUTO_TEST_CASE(data_is_brought_onto_the_esim_that_has_the_number_now) {
  auto iccid = look_up(bought("r-1", "JP_5_30")).bought.iccid;
  auto what = wish("r-2", "JP_5_30");
  what.top_up = recharge{"JP_5_30", {{}, iccid}, {}, 0, {}, 0};
  what.code = "JP_5_30";
  what.listed_price = "6.4960";
  BOOST_TEST(!check(what).has_value());
  BOOST_TEST(what.esim_number == "T0");
  auto outcome = buy(what);
  BOOST_REQUIRE(has(outcome, provider_verdict::placed));
  BOOST_TEST(outcome.bought.provider_order_id == "r-2");
  BOOST_TEST(outcome.candidates.empty());
  esim_question question{iccid, false, "JP_5_30"};
  auto told = format.read_esim(200, call(format.esim_call(question)).body, question);
  BOOST_TEST((*parse_json_object(told.body))["DataAllowanceMb"].asInt() == 2 * 5 * 1024);
  what.listed_price = "1.0000";
  BOOST_TEST(has(buy(what), provider_verdict::refused));
  // It is asked for before data is ordered; nothing else is.
  BOOST_TEST(!format.check_call(wish("r-3", "JP_5_30")).has_value());
  what.top_up->sim.sim_serial = "8900000000000000000";
  BOOST_TEST(has(check(what).value(), provider_verdict::refused));
  BOOST_TEST(what.esim_number.empty());
}

BOOST_AUTO_TEST_CASE(nobody_tells_what_became_of_a_top_up_whose_answer_was_lost) {
  auto iccid = look_up(bought("r-1", "JP_5_30")).bought.iccid;
  auto what = wish("r-2", "US_sandbox-timeout");
  what.top_up = recharge{"US_sandbox-timeout", {{}, iccid}, {}, 0, {}, 0};
  what.code = "US_sandbox-timeout";
  BOOST_REQUIRE(!check(what).has_value());
  BOOST_TEST(call(format.order_call(what)).lost);
  BOOST_TEST(has(look_up(what), provider_verdict::unknown));
  BOOST_TEST(look_up(what).candidates.empty());
}

BOOST_AUTO_TEST_CASE(a_check_that_fails_says_why) {
  auto what = wish("r-1", "JP_5_30");
  auto says = [&](int32_t status, const char* body) {
    return format.read_check(status, body, what).value().verdict;
  };
  using enum provider_verdict;
  BOOST_TEST((says(200, R"({"success":false,"errorCode":"000101"})") == ours));
  BOOST_TEST((says(401, "") == ours));
  BOOST_TEST((says(429, "") == unavailable));
  BOOST_TEST((says(502, "<html>") == unknown));
  BOOST_TEST((says(200, R"({"success":true,"errorCode":"0","obj":{"esimList":[)"
                        R"({"esimTranNo":"1","esimStatus":"USED_EXPIRED"}]}})")
              == refused));
}

BOOST_AUTO_TEST_CASE(an_error_code_means_what_is_safe_to_believe) {
  auto what = wish("r-1", "JP_5_30");
  auto means = [&](const std::string& code) {
    return format
      .read_outcome(200, R"({"success":false,"errorCode":)" + code + R"(,"errorMessage":"m"})",
                    what, false)
      .verdict;
  };
  using enum provider_verdict;
  for (const auto* code :
       {"\"000102\"", "\"000105\"", "\"000107\"", "\"200008\"", "\"310201\"", "310240", "310272",
        "\"310403\"", "\"200005\"", "\"200006\"", "\"200011\"", "\"200002\"", "\"200009\""})
    BOOST_TEST((means(code) == refused), code);
  for (const auto* code : {"\"200007\"", "\"000101\"", "\"101001\"", "\"101002\"", "101003"})
    BOOST_TEST((means(code) == ours), code);
  for (const auto* code :
       {"\"000001\"", "\"900001\"", "\"200010\"", "\"777777\"", "\"000108\"", "\"310200\"",
        "\"310273\"", "\"x\"", "null", "18446744073709551615", "1e300", "{}"})
    BOOST_TEST((means(code) == unknown), code);
  BOOST_TEST(has(format.read_outcome(429, "", what, false), unavailable));
  BOOST_TEST(has(format.read_outcome(401, "", what, false), ours));
  for (int status : {200, 302, 400, 404, 500, 503})
    BOOST_TEST(has(format.read_outcome(status, "<html>", what, false), unknown), status);
  BOOST_TEST(has(format.read_outcome(200, R"({"success":true,"errorCode":"200011"})", what, false),
                 unknown));
  for (const auto* code : {"200011", "101", "900001"})
    BOOST_TEST(has(format.read_outcome(
                     200, std::string{R"({"success":false,"errorCode":)"} + code + "}", what, true),
                   unknown),
               code);
}

BOOST_AUTO_TEST_CASE(an_esim_is_told_of_and_cancelled_or_revoked) {
  auto what = bought("r-1", "JP_5_30");
  esim_question question{look_up(what).bought.iccid, false, "JP_5_30"};
  auto answer = call(format.esim_call(question));
  auto text = format.read_esim(answer.status, answer.body, question);
  BOOST_REQUIRE(text.status == 200);
  auto told = *parse_json_object(text.body);
  BOOST_TEST(told["State"].asString() == "Released");
  BOOST_TEST(told["BundleName"].asString() == "JP_5_30");
  BOOST_TEST(told["DataAllowanceMb"].asInt() == 5 * 1024);
  BOOST_TEST(told["DataUsedMb"].asInt() == 512);
  BOOST_TEST(told["ExpiresAt"].asString() == "2099-01-01T00:00:00Z");
  auto revocation = format.revocation_call(answer.body, question);
  BOOST_REQUIRE(revocation.has_value());
  BOOST_TEST(revocation->path == "/esim/cancel");
  BOOST_TEST(!tells_revoked(format, answer.status, answer.body, question));
  question.is_revocation = true;
  auto ended = call(*revocation);
  BOOST_TEST(format.read_esim(ended.status, ended.body, question).status == 200);
  // A caller that did not get this answer asks again, and gets it then.
  auto later = call(format.esim_call(question));
  BOOST_TEST(tells_revoked(format, later.status, later.body, question));
  BOOST_TEST(!tells_revoked(format, 200, "<html>", question));
  // Twice is not possible.
  auto again = call(*revocation);
  BOOST_TEST(format.read_esim(again.status, again.body, question).status == 409);
  BOOST_TEST(!format.revocation_call("<html>", question).has_value());
}

BOOST_AUTO_TEST_CASE(a_number_that_is_used_again_is_that_of_the_esim_that_has_not_ended) {
  constexpr auto list = R"({"success":true,"errorCode":"0","obj":{"esimList":[)"
                        R"({"esimTranNo":"1","iccid":"89","esimStatus":"USED_EXPIRED"},)"
                        R"({"esimTranNo":"2","iccid":"89","esimStatus":"IN_USE"}]}})";
  auto revocation = format.revocation_call(list, {});
  BOOST_REQUIRE(revocation.has_value());
  BOOST_TEST(revocation->path == "/esim/revoke");
  BOOST_TEST((*parse_json_object(revocation->body))["esimTranNo"].asString() == "2");
  BOOST_TEST(format.read_esim(200, "<html>", {}).status == 502);
}

BOOST_AUTO_TEST_CASE(the_balance_is_in_ten_thousandths) {
  auto balance = format.read_balance(call(format.balance_call()).body);
  BOOST_REQUIRE(balance.has_value());
  BOOST_TEST(balance->amount == "12345.6700");
  BOOST_TEST(balance->currency == "USD");
  BOOST_TEST(!format.read_balance("{}").has_value());
}

BOOST_AUTO_TEST_CASE(what_a_restored_database_has_forgotten_is_found_by_its_reference) {
  auto what = bought("r-1", "JP_5_30");
  what.provider_order_id.clear();
  what.asked_at = now() + 1h;
  BOOST_TEST(look_up(what).candidates.empty());
  what.placed_since = now();
  BOOST_TEST(look_up(what).candidates.size() == 1u);
}

BOOST_AUTO_TEST_CASE(calls_are_signed_where_there_is_a_secret) {
  // The example of their documents.
  BOOST_TEST(esim_access_digest({"11111", "1111"}, "1628670421", "4ce9d9cdac9e4e17b3a2c66c358c1ce2",
                                R"({"imsi":"326543826"})")
             == "7eb765e27df5373dea2dbc8c41a7d9557743e46c8054750f3d851b3fd01d0835");
  BOOST_TEST(format.credential("code") == "RT-AccessCode: code");
  BOOST_TEST(format.credential("code:secret") == "RT-AccessCode: code");
  BOOST_TEST(format.sign("code", "{}", now()).empty());
  auto lines = format.sign("code:secret", "{}", from_micros(1'628'670'421'000'999));
  BOOST_REQUIRE_EQUAL(lines.size(), 3u);
  BOOST_TEST(lines[0] == "RT-Timestamp: 1628670421000");
  auto id = lines[1].substr(std::string{"RT-RequestID: "}.size());
  BOOST_TEST(id.size() == 32u);
  // A UUID of version 4.
  BOOST_TEST(id.at(12) == '4');
  BOOST_TEST((std::string{"89ab"}.find(id.at(16)) != std::string::npos), id);
  BOOST_TEST(lines[2]
             == "RT-Signature: "
                  + esim_access_digest({"code", "secret"}, "1628670421000", id, "{}"));
}

BOOST_AUTO_TEST_CASE(what_it_sends_unasked_says_what_to_look_at) {
  auto news = format.read_news(
    R"({"notifyType":"ORDER_STATUS","content":{"orderNo":"B1","transactionId":"r-1"}})");
  BOOST_REQUIRE(news.has_value());
  BOOST_TEST(news->provider_order == "B1");
  BOOST_TEST(news->reference == "r-1");
  BOOST_TEST(news->iccid.empty());
  BOOST_TEST(!format.read_news(R"({"notifyType":"CHECK_HEALTH"})").has_value());
  BOOST_TEST(!format.read_news("<html>").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
