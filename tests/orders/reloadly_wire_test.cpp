#include "apps/sandbox/reloadly_sandbox.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/strict_json.hpp"
#include "tests/orders/wire_fixture.hpp"

#include <boost/test/unit_test.hpp>

// Reloadly's airtime API, and the sandbox's side of it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : top_up_wire_fixture {
  sandbox::reloadly_sandbox sandbox{20ms};
  std::string token = "token-1";
  sandbox::reloadly_sandbox::time_point time{1h};
  catalogue all = listed();

  fixture() : top_up_wire_fixture(reloadly_format) {
    // nop
  }

  sandbox::sandbox_answer call(const provider_call& what) override {
    auto request = sandbox_call("/reloadly-api", what);
    request.authorization = "Bearer " + token;
    return sandbox.answer(request, time);
  }

  static provider_order wish(const std::string& reference, const std::string& code,
                             const std::string& iso = "US",
                             const std::string& number = "+15555550100", int64_t value = 500) {
    provider_order what{reference, "a-network", {}};
    recharge top_up;
    top_up.sim.contact_number = number;
    top_up.currency = "USD";
    top_up.value = value;
    what.top_up = top_up;
    what.code = code;
    what.country_iso = iso;
    what.asked_at = now();
    return what;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reloadly_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(a_token_is_got_for_the_credentials_where_reloadly_has_them) {
  auto live = format.token_call("id:secret:of-webhooks", "https://topups.reloadly.com");
  BOOST_TEST(live.path == "https://auth.reloadly.com/oauth/token");
  auto body = *parse_json_object(live.body);
  BOOST_TEST(body["client_id"].asString() == "id");
  BOOST_TEST(body["client_secret"].asString() == "secret");
  BOOST_TEST(body["audience"].asString() == "https://topups.reloadly.com");
  BOOST_TEST(format.token_call("a:b", "https://topups-sandbox.reloadly.com").path
             == "https://auth.reloadly.com/oauth/token");
  auto ours = format.token_call("a:b", "http://127.0.0.1/reloadly-api");
  BOOST_TEST(ours.path == "/oauth/token");
  auto got = format.read_token(call(ours).body);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->text == "token-1");
  BOOST_TEST((got->lifetime == 5'184'000s));
  BOOST_TEST(call(format.token_call("id:wrong", "http://h")).status == 401);
  for (const auto* text :
       {"", "{}", R"({"access_token":"t"})", R"({"access_token":"a\r\nb","expires_in":9}})"})
    BOOST_TEST(!format.read_token(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(operators_are_networks_at_what_our_account_is_charged) {
  const auto* vodafone = find_network(all, "Vodafone-UK-341");
  BOOST_REQUIRE(vodafone != nullptr);
  BOOST_TEST(vodafone->country_iso == "GB");
  BOOST_TEST(vodafone->currency == "USD");
  BOOST_TEST(vodafone->code == "341");
  BOOST_TEST(vodafone->least == 100);
  BOOST_TEST(vodafone->most == 6'050);
  BOOST_TEST(!vodafone->takes_serials);
  // Four percent less than it is worth.
  BOOST_TEST((price_of(*vodafone, 1'000) == money::from_cents(960)));
  // 1.01 less 7.5 % is 0.93425.
  BOOST_TEST((price_of(*find_network(all, "Airtel-India-200"), 101) == money::from_cents(94)));
  // A flat fee comes on top.
  BOOST_TEST(
    (price_of(*find_network(all, "AT-T-United-States-88"), 500) == money::from_cents(525)));
  const auto* fixed = find_network(all, "Telekom-Germany-71");
  BOOST_REQUIRE(fixed != nullptr);
  BOOST_REQUIRE(fixed->values.size() == 3u);
  BOOST_TEST(fixed->values[1].value == 1'050);
  BOOST_TEST((price_of(*fixed, 1'050) == money::from_cents(1'019)));
  BOOST_TEST(fixed->least == 500);
  BOOST_TEST(fixed->most == 2'500);
  // Data and vouchers are not sold.
  BOOST_TEST(all.left_out == 2u);
}

BOOST_AUTO_TEST_CASE(operators_that_make_no_sense_are_named_and_not_sold) {
  auto read = format.read_catalogue(
    R"({"totalPages":1,"content":[)"
    R"({"operatorId":1,"name":"A","country":{"isoName":"FR"},"minAmount":1,"maxAmount":9},)"
    R"({"operatorId":2,"name":"B","country":{"isoName":"FR"},"senderCurrencyCode":"EUR",)"
    R"("denominationType":"FIXED","fixedAmounts":[]},)"
    R"({"operatorId":3,"name":"C","country":{"isoName":"FR"},"senderCurrencyCode":"EUR",)"
    R"("denominationType":"RANGE","minAmount":9,"maxAmount":1},)"
    R"({"operatorId":"4}","name":"D","country":{"isoName":"FR"},"senderCurrencyCode":"EUR",)"
    R"("minAmount":1,"maxAmount":9},)"
    R"({"operatorId":5,"name":"E","country":{"isoName":"FR"},"senderCurrencyCode":"EUR",)"
    R"("denominationType":"RANGE","minAmount":"1.005","maxAmount":9.999,)"
    R"("internationalDiscount":4,"fees":{"internationalPercentage":10}}]})");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->refused.size() == 4u);
  BOOST_REQUIRE(read->networks.size() == 1u);
  const auto& euros = read->networks[0];
  BOOST_TEST(euros.charge.currency == "EUR");
  // Within what the operator takes.
  BOOST_TEST(euros.least == 101);
  BOOST_TEST(euros.most == 999);
  // Where there is a fee, no discount is given.
  BOOST_TEST((price_of(euros, 500) == money::from_cents(550)));
  for (const auto* text : {"", "{}", "[]", "<html>"})
    BOOST_TEST(!format.read_catalogue(text), text);
}

BOOST_AUTO_TEST_CASE(a_top_up_is_accepted_and_asked_after) {
  auto what = wish("r-1", "341", "GB", "+447700900000", 505);
  auto sent = format.order_call(what);
  BOOST_TEST(sent.path == "/topups-async");
  BOOST_TEST(sent.accept == "application/com.reloadly.topups-v1+json");
  BOOST_TEST(sent.body
             == R"({"operatorId":341,"amount":5.05,"useLocalAmount":false,)"
                R"("customIdentifier":"r-1","recipientPhone":{"countryCode":"GB",)"
                R"("number":"447700900000"}})");
  auto accepted = buy(what);
  BOOST_TEST(has(accepted, provider_verdict::unknown));
  BOOST_REQUIRE((accepted.candidates == std::vector<std::string>{"1"}));
  what.provider_order_id = "1";
  auto found = look_up(what);
  BOOST_REQUIRE(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.provider_order_id == "1");
  BOOST_TEST((found.bought.cost == money::from_cents(475)));
  BOOST_TEST(sold() == 1);
}

BOOST_AUTO_TEST_CASE(one_whose_answer_was_lost_is_found_by_its_reference_alone) {
  auto what = wish("r-1", "9003");
  BOOST_TEST(has(look_up(what), provider_verdict::absent));
  BOOST_TEST(call(format.order_call(what)).lost);
  // What contains the reference, or has it in other letters, is another's.
  buy(wish("r-10", "341", "GB", "+447700900000"));
  buy(wish("R-1", "341", "GB", "+447700900000"));
  BOOST_TEST((look_up(what).candidates == std::vector<std::string>{"1"}));
  BOOST_TEST(has(buy(what), provider_verdict::unknown));
  BOOST_TEST(sold() == 3);
  // A window in which Reloadly's clock may be off by more than a day.
  what.asked_at = from_micros(1'800'000'000'000'000);
  BOOST_TEST(format.look_up_call(what).path
             == "/topups/reports/transactions?customIdentifier=r-1&page=1&size=50"
                "&startDate=2027-01-13%2020%3A00%3A00&endDate=2027-01-16%2020%3A01%3A30");
  // The database was restored, and may have been asked for it days before.
  what.placed_since = from_micros(1'799'800'000'000'000);
  BOOST_TEST(format.look_up_call(what).path
             == "/topups/reports/transactions?customIdentifier=r-1&page=1&size=50"
                "&startDate=2027-01-11%2012%3A26%3A40&endDate=2027-01-16%2020%3A01%3A30");
}

BOOST_AUTO_TEST_CASE(that_there_is_none_is_only_believed_of_a_whole_list_that_tells_references) {
  auto what = wish("r-1", "341");
  auto read = [&](const char* body) { return format.read_outcome(200, body, what, true); };
  BOOST_TEST(has(read(R"({"content":[],"totalPages":1})"), provider_verdict::absent));
  BOOST_TEST(has(read(R"({"content":[{"transactionId":7,"customIdentifier":"x"}]})"),
                 provider_verdict::absent));
  BOOST_TEST(has(read(R"({"content":[],"totalPages":2})"), provider_verdict::unknown));
  BOOST_TEST(has(read(R"({"content":[{"transactionId":7}]})"), provider_verdict::unknown));
  BOOST_TEST(has(read("{}"), provider_verdict::unknown));
  BOOST_TEST(has(read("<html>"), provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(buy(wish("a", "9001")), provider_verdict::refused));
  BOOST_TEST(has(buy(wish("b", "9002")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("b", "9002")), provider_verdict::unavailable));
  BOOST_TEST(buy(wish("b", "9002")).candidates.size() == 1u);
  BOOST_TEST(has(buy(wish("c", "9006")), provider_verdict::ours));
  auto slow = wish("d", "9004");
  slow.provider_order_id = buy(slow).candidates.at(0);
  BOOST_TEST(has(look_up(slow), provider_verdict::unknown));
  time += 31s;
  BOOST_TEST(has(look_up(slow), provider_verdict::placed));
  auto declined = wish("e", "9005");
  declined.provider_order_id = buy(declined).candidates.at(0);
  BOOST_TEST(has(look_up(declined), provider_verdict::refused));
  token = "another";
  BOOST_TEST(call(format.order_call(wish("f", "341"))).status == 401);
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(an_error_means_what_is_safe_to_believe) {
  auto what = wish("r", "341");
  auto means = [&](int status, const std::string& code) {
    return format
      .read_outcome(status, R"({"errorCode":")" + code + R"(","message":"why"})", what, false)
      .verdict;
  };
  using enum provider_verdict;
  for (const auto* code : {"INVALID_RECIPIENT_PHONE", "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH",
                           "INVALID_AMOUNT_FOR_OPERATOR", "INVALID_LOCAL_AMOUNT_FOR_OPERATOR",
                           "LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR", "COUNTRY_NOT_SUPPORTED",
                           "COULD_NOT_AUTO_DETECT_OPERATOR", "INVALID_INPUT_PROVIDED"})
    BOOST_TEST((means(400, code) == refused), code);
  BOOST_TEST((means(400, "PHONE_RECENTLY_RECHARGED") == unavailable));
  constexpr auto recent = R"({"errorCode":"PHONE_RECENTLY_RECHARGED"})";
  BOOST_TEST(format.read_outcome(400, recent, what, false).retry_after_seconds == 120);
  BOOST_TEST((means(503, "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE") == unavailable));
  for (const auto* code :
       {"INSUFFICIENT_BALANCE", "INVALID_TOKEN", "TOKEN_EXPIRED", "INVALID_CREDENTIALS",
        "INVALID_AUDIENCE", "INACTIVE_ACCOUNT", "MAX_DAILY_TRANSACTION_AMOUNT_LIMIT_REACHED",
        "MAX_DAILY_TRANSACTION_COUNT_REACHED"})
    BOOST_TEST((means(400, code) == ours), code);
  BOOST_TEST((means(400, "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT") == unavailable));
  BOOST_TEST((means(500, "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT") == unknown));
  for (int status : {400, 500, 502})
    BOOST_TEST((means(status, "PROVIDER_INTERNAL_ERROR") == unknown), status);
  BOOST_TEST((means(400, "CUSTOM_IDENTIFIER_ALREADY_USED") == unknown));
  // One that is not known is looked up, and is a refusal if there is no top-up.
  BOOST_TEST((means(400, "SOMETHING_NEW") == contested));
  BOOST_TEST((means(401, "") == ours));
  BOOST_TEST((means(403, "") == ours));
  BOOST_TEST((means(429, "") == unavailable));
  for (int status : {200, 302, 400, 404, 408, 500, 502, 503, 504})
    BOOST_TEST(has(format.read_outcome(status, "<html>", what, false), unknown), status);
  for (int status : {400, 401, 404, 429, 500})
    BOOST_TEST(
      has(format.read_outcome(status, R"({"errorCode":"INVALID_RECIPIENT_PHONE"})", what, true),
          unknown),
      status);
}

BOOST_AUTO_TEST_CASE(a_status_is_final_or_asked_for_again) {
  auto what = wish("r", "341");
  what.provider_order_id = "7";
  auto means = [&](const std::string& body) {
    return format.read_outcome(200, body, what, true).verdict;
  };
  using enum provider_verdict;
  BOOST_TEST((means(R"({"status":"PROCESSING"})") == unknown));
  BOOST_TEST((means(R"({"status":"SUCCESSFUL","transaction":null})") == placed));
  BOOST_TEST((means(R"({"status":"REFUNDED","message":"back"})") == refused));
  BOOST_TEST((means(R"({"status":"FAILED"})") == refused));
  BOOST_TEST((means(R"({"status":"FAILED","code":"INSUFFICIENT_BALANCE"})") == ours));
  BOOST_TEST((means(R"({"status":"SOMETHING_NEW"})") == unknown));
  BOOST_TEST((means("{}") == unknown));
}

BOOST_AUTO_TEST_CASE(a_number_is_of_the_operator_that_is_detected) {
  const auto& vodafone = *find_network(all, "Vodafone-UK-341");
  auto is_there = [&](const std::string& number, const network& of) {
    auto answer = call(format.sim_call({of.name, {number, {}}}, of));
    return format.read_sim(answer.status, answer.body, of);
  };
  BOOST_TEST(is_there("+447700900000", vodafone) == 200);
  BOOST_TEST(is_there("+447700900404", vodafone) == 404);
  BOOST_TEST(is_there("+447700900000", *find_network(all, "EE-UK-342")) == 404);
  BOOST_TEST(format.read_sim(200, "<html>", vodafone) == 502);
  BOOST_TEST(format.read_sim(500, "{}", vodafone) == 500);
}

BOOST_AUTO_TEST_CASE(the_balance_has_a_currency) {
  auto balance = format.read_balance(call(format.balance_call()).body);
  BOOST_REQUIRE(balance.has_value());
  BOOST_TEST(balance->amount == "12345.67000");
  BOOST_TEST(balance->currency == "USD");
  BOOST_TEST(!format.read_balance("{}").has_value());
}

BOOST_AUTO_TEST_CASE(what_it_sends_unasked_is_signed_with_its_time_by_a_secret_of_its_own) {
  const std::string sent = R"({"data":{"transactionId":7,"customIdentifier":"r-1"}})";
  auto text = sent + ":1628670421";
  auto signature = to_hex(hmac_sha256("webhook", text));
  BOOST_TEST(format.signed_time_header == "x-reloadly-request-timestamp");
  BOOST_TEST(format.is_signed(text, signature, "id:secret:webhook"));
  BOOST_TEST(!format.is_signed(sent + ":1628670422", signature, "id:secret:webhook"));
  BOOST_TEST(!format.is_signed(text, signature, "id:secret:other"));
  BOOST_TEST(!format.is_signed(text, "", "id:secret:webhook"));
  // Without a secret nobody is believed.
  BOOST_TEST(!format.is_signed(text, to_hex(hmac_sha256("", text)), "id:secret"));
  auto wish = *parse_json_object(format.token_call("id:secret:webhook", "url").body);
  BOOST_TEST(wish["client_secret"].asString() == "secret");
  auto news = format.read_news(sent);
  BOOST_REQUIRE(news.has_value());
  BOOST_TEST(news->provider_order == "7");
  BOOST_TEST(news->reference == "r-1");
  BOOST_TEST(format.read_news(R"({"transactionId":"8"})")->provider_order == "8");
  BOOST_TEST(!format.read_news("<html>").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
