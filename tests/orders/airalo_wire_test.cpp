#include "apps/sandbox/airalo_sandbox.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/strict_json.hpp"
#include "tests/orders/wire_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

// Airalo's API, and the sandbox's side of it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : wire_fixture {
  sandbox::airalo_sandbox sandbox{20ms};
  std::string token = "token-1";

  fixture() : wire_fixture(airalo_format) {
    // nop
  }

  sandbox::sandbox_answer call(const provider_call& what) override {
    auto request = sandbox_call("/airalo-api", what);
    if (what.content_type == "application/x-www-form-urlencoded")
      request.body = unescaped(what.body);
    request.authorization = "Bearer " + token;
    return sandbox.answer(request);
  }

  static provider_order wish(const std::string& reference, const std::string& package) {
    provider_order what{reference, package, {}};
    what.asked_at = now();
    return what;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(airalo_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(a_token_is_got_for_the_credentials) {
  auto answer = call(format.token_call("an id:a secret", ""));
  auto got = format.read_token(answer.body);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->text == "token-1");
  BOOST_TEST(format.credential(got->text) == "Authorization: Bearer token-1");
  BOOST_TEST(format.token_call("a&b:c:d", "").body
             == "client_id=a%26b&client_secret=c%3Ad&grant_type=client_credentials");
  BOOST_TEST(call(format.token_call("id:wrong", "")).status == 401);
  for (const auto* text : {"", "{}", R"({"data":{"access_token":"t"}})",
                           R"({"data":{"access_token":"a\r\nb","expires_in":9}})"})
    BOOST_TEST(!format.read_token(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(the_pages_of_packages_are_a_catalogue_whatever_holds_them) {
  auto next = std::optional{format.catalogue_call()};
  std::set<std::string> names;
  std::optional<bundle> japan;
  int32_t page = 0;
  for (; next; ++page) {
    auto answer = call(*next);
    auto read = format.read_catalogue(answer.body);
    BOOST_REQUIRE(read);
    for (const auto& item : read->bundles) {
      names.insert(item.name);
      if (item.name == "jp-5gb-30days")
        japan = item;
      BOOST_TEST(!item.name.ends_with("-topup"), item.name);
    }
    next = format.next_page_call(answer.body, page);
  }
  BOOST_TEST(page > 2);
  BOOST_TEST(names.size() > 100u);
  BOOST_REQUIRE(japan.has_value());
  BOOST_TEST(japan->country_iso == "JP");
  BOOST_TEST(japan->data_mb == 5 * 1024);
  BOOST_TEST(japan->validity_days == 30);
  BOOST_TEST(japan->top_up_code == "jp-5gb-30days-topup");
  // What we pay, not what it may not be sold below.
  BOOST_TEST((japan->price == money::from_cents(650)));
  for (const auto* text : {"", "{}", "[]", "<html>"})
    BOOST_TEST(!format.read_catalogue(text), text);
}

BOOST_AUTO_TEST_CASE(each_order_buys_and_is_found_by_its_description) {
  auto what = wish("r-1", "jp-5gb-30days");
  BOOST_TEST(has(look_up(what), provider_verdict::absent));
  BOOST_TEST(look_up(what).candidates.empty());
  auto first = buy(what);
  BOOST_REQUIRE(has(first, provider_verdict::placed));
  BOOST_TEST(first.bought.lpa.starts_with("LPA:1$"));
  BOOST_TEST((first.bought.cost == money::from_cents(650)));
  BOOST_TEST((first.candidates == std::vector<std::string>{"1"}));
  // One whose description only contains the reference is another's.
  buy(wish("r-10", "jp-5gb-30days"));
  BOOST_TEST((look_up(what).candidates == std::vector<std::string>{"1"}));
  buy(what);
  BOOST_TEST((look_up(what).candidates == std::vector<std::string>{"1", "3"}));
  BOOST_TEST(sold() == 3);
  what.provider_order_id = "1";
  auto found = look_up(what);
  BOOST_TEST(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.iccid == first.bought.iccid);
}

BOOST_AUTO_TEST_CASE(that_there_is_none_is_only_believed_of_orders_that_tell_their_description) {
  auto what = wish("r-1", "p");
  auto read = [&](const char* body) { return format.read_outcome(200, body, what, true); };
  BOOST_TEST(has(read(R"({"data":[]})"), provider_verdict::absent));
  BOOST_TEST(has(read(R"({"data":{"0":{"id":7,"description":"x"}}})"), provider_verdict::absent));
  BOOST_TEST(has(read(R"({"data":[{"id":7}]})"), provider_verdict::unknown));
  BOOST_TEST(has(read("{}"), provider_verdict::unknown));
  BOOST_TEST(has(read("<html>"), provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(a_top_up_that_is_not_found_may_have_been_bought_under_another_description) {
  auto what = wish("r-1", "p");
  what.top_up = recharge{"p", {{}, "8988000000000000001"}, {}, 0, {}, 0};
  auto read = [&](const char* body) { return format.read_outcome(200, body, what, true); };
  BOOST_TEST(has(read(R"({"data":[]})"), provider_verdict::unknown));
  BOOST_TEST(has(read(R"({"data":[{"id":7,"description":"Topup 8988000000000000001"}]})"),
                 provider_verdict::unknown));
  auto found = read(R"({"data":[{"id":7,"description":"r-1"}]})");
  BOOST_TEST((found.candidates == std::vector<std::string>{"7"}));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(buy(wish("a", "us-sandbox-reject")), provider_verdict::refused));
  BOOST_TEST(has(buy(wish("b", "us-sandbox-unpaid")), provider_verdict::ours));
  BOOST_TEST(has(buy(wish("c", "us-sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("c", "us-sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("c", "us-sandbox-flaky")), provider_verdict::placed));
  BOOST_TEST(has(buy(wish("d", "no-such")), provider_verdict::refused));
  auto what = wish("e", "us-sandbox-timeout");
  BOOST_TEST(call(format.order_call(what)).lost);
  BOOST_TEST(look_up(what).candidates.size() == 1u);
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(an_answer_means_what_is_safe_to_believe) {
  auto what = wish("r", "p");
  auto means = [&](int status, const std::string& body) {
    return format.read_outcome(status, body, what, false).verdict;
  };
  auto code = [](int number) {
    return R"({"code":)" + std::to_string(number) + R"(,"reason":"why"})";
  };
  using enum provider_verdict;
  for (int number : {23, 34, 43, 73})
    BOOST_TEST((means(422, code(number)) == refused), number);
  for (int number : {11, 14})
    BOOST_TEST((means(422, code(number)) == ours), number);
  for (int number : {13, 33})
    BOOST_TEST((means(422, code(number)) == unavailable), number);
  // Maintenance ends, while stock that is short may stay so.
  BOOST_TEST(!format.read_outcome(422, code(13), what, false).is_refusal_in_the_end);
  BOOST_TEST(format.read_outcome(422, code(33), what, false).is_refusal_in_the_end);
  BOOST_TEST((means(422, R"({"code":"34","reason":"a text"})") == refused));
  for (int number : {53, 999})
    BOOST_TEST((means(422, code(number)) == unknown), number);
  BOOST_TEST((means(422, R"({"data":{"quantity":"is not available"},"meta":{}})") == refused));
  BOOST_TEST((means(401, "{}") == ours));
  BOOST_TEST((means(429, "") == unavailable));
  for (int status : {200, 302, 404, 408, 422, 500, 502, 503, 504})
    BOOST_TEST((means(status, "<html>") == unknown), status);
  for (int status : {401, 404, 422, 429, 500})
    BOOST_TEST(has(format.read_outcome(status, code(34), what, true), unknown), status);
  what.provider_order_id = "7";
  constexpr auto failed = R"({"data":{"id":7,"status":{"slug":"failed"},"sims":[]}})";
  BOOST_TEST(has(format.read_outcome(200, failed, what, true), refused));
  constexpr auto refunded = R"({"data":{"id":7,"status":{"slug":"refunded"},"sims":[]}})";
  BOOST_TEST(has(format.read_outcome(200, refunded, what, true), refused));
  // Without its code an eSIM cannot be installed.
  for (const auto* sims : {"[]", R"([{"iccid":"8988247000106700123"}])",
                           R"([{"iccid":"8988247000106700123","lpa":"smdp.example"}])"})
    BOOST_TEST(has(format.read_outcome(200, std::string{R"({"data":{"id":7,"sims":)"} + sims + "}}",
                                       what, true),
                   unknown),
               sims);
}

BOOST_AUTO_TEST_CASE(an_esim_is_told_of) {
  esim_question question{buy(wish("r", "jp-5gb-30days")).bought.iccid, false, "jp-5gb-30days"};
  auto answer = call(format.esim_call(question));
  auto text = format.read_esim(answer.status, answer.body, question);
  BOOST_REQUIRE(text.status == 200);
  auto told = *parse_json_object(text.body);
  BOOST_TEST(told["State"].asString() == "Active");
  BOOST_TEST(told["DataAllowanceMb"].asInt() == 5'120);
  BOOST_TEST(told["DataUsedMb"].asInt() == 4'096);
  BOOST_TEST(told["ExpiresAt"].asString() == "2099-01-01T00:00:00Z");
  BOOST_TEST(format.read_esim(200, "<html>", question).status == 502);
  auto balance = format.read_balance(call(format.balance_call()).body);
  BOOST_REQUIRE(balance.has_value());
  BOOST_TEST(balance->amount == "12345.67");
  BOOST_TEST(balance->currency == "USD");
}

BOOST_AUTO_TEST_CASE(a_package_tops_up_where_one_that_costs_no_more_brings_as_much) {
  auto top_up_of = [&](const std::string& more, const std::string& traits = R"("amount":1024)") {
    auto read = format.read_catalogue(
      R"({"meta":{},"data":[{"country_code":"JP","title":"Japan","operators":[{"title":"O",)"
      R"("packages":[{"id":"a","type":"sim","day":7,"net_price":4.5,)"
      + traits + "}," + more + "]}]}]}");
    BOOST_REQUIRE(read);
    BOOST_REQUIRE(read->bundles.size() == 1u);
    BOOST_TEST(read->bundles[0].tops_up == !read->bundles[0].top_up_code.empty());
    BOOST_TEST(read->products[0].tops_up == read->bundles[0].tops_up);
    return read->bundles[0].top_up_code;
  };
  BOOST_TEST(top_up_of(R"({"id":"t","type":"topup","amount":1024,"day":7,"net_price":"4.50"})")
             == "t");
  BOOST_TEST(top_up_of(R"({"id":"a-topup","type":"topup","amount":1024,"day":7,"net_price":4.5},)"
                       R"({"id":"b-topup","type":"topup","amount":1024,"day":7,"net_price":4})")
             == "a-topup");
  for (const auto* other : {R"({"id":"t","type":"topup","amount":1024,"day":7,"net_price":4.51})",
                            R"({"id":"t","type":"topup","amount":1024,"day":7})",
                            R"({"id":"t","type":"topup","amount":2048,"day":7,"net_price":4.5})",
                            R"({"id":"t","type":"topup","amount":1024,"day":8,"net_price":4.5})",
                            R"({"id":"t","type":"other","amount":1024,"day":7,"net_price":4.5})"})
    BOOST_TEST(top_up_of(other).empty(), other);
  constexpr auto with_calls = R"("amount":1024,"voice":100,"text":50)";
  BOOST_TEST(
    top_up_of(R"({"id":"t","type":"topup","amount":1024,"day":7,"net_price":4})", with_calls)
      .empty());
  BOOST_TEST(top_up_of(R"({"id":"t","type":"topup","amount":1024,"day":7,"net_price":4,)"
                       R"("voice":100,"text":50})",
                       with_calls)
             == "t");
  constexpr auto without_limit = R"("amount":0,"is_unlimited":true)";
  BOOST_TEST(
    top_up_of(R"({"id":"t","type":"topup","day":7,"net_price":4})", without_limit).empty());
}

BOOST_AUTO_TEST_CASE(data_is_brought_onto_an_esim_by_the_package_for_that) {
  auto iccid = buy(wish("r-1", "jp-5gb-30days")).bought.iccid;
  auto what = wish("r-2", "jp-5gb-30days");
  what.top_up = recharge{"jp-5gb-30days", {{}, iccid}, {}, 0, {}, 0};
  what.code = "jp-5gb-30days-topup";
  auto outcome = buy(what);
  BOOST_REQUIRE(has(outcome, provider_verdict::placed));
  BOOST_TEST(outcome.bought.provider_order_id == "2");
  BOOST_TEST((outcome.candidates == std::vector<std::string>{"2"}));
  BOOST_TEST((look_up(what).candidates == std::vector<std::string>{"2"}));
  what.provider_order_id = "2";
  BOOST_TEST(has(look_up(what), provider_verdict::placed));
  esim_question question{iccid, false, "jp-5gb-30days"};
  auto told = call(format.esim_call(question));
  BOOST_TEST(
    (*parse_json_object(format.read_esim(200, told.body, question).body))["DataAllowanceMb"].asInt()
    == 2 * 5'120);
  what.top_up->sim.sim_serial = "8900000000000000000";
  BOOST_TEST(has(buy(what), provider_verdict::refused));
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(what_it_sends_unasked_is_signed_as_it_came_or_as_php_writes_it) {
  constexpr auto sent = R"({"iccid": "8988", "url": "a/b", "name": "é", "level": "75%"})";
  constexpr auto rewritten = R"({"iccid":"8988","url":"a\/b","name":"\u00e9","level":"75%"})";
  auto by = [](std::string_view text) { return hmac_sha512_hex("secret", text); };
  BOOST_TEST(format.is_signed(sent, by(sent), "id:secret"));
  BOOST_TEST(format.is_signed(sent, by(rewritten), "id:secret"));
  BOOST_TEST(!format.is_signed(sent, by("{}"), "id:secret"));
  BOOST_TEST(!format.is_signed(sent, "", "id:secret"));
  BOOST_TEST(!format.is_signed(sent, by(sent), "id:other"));
  BOOST_TEST(format.read_news(sent)->iccid == "8988");
  auto order = format.read_news(R"({"data":{"id":7,"description":"r-1"}})");
  BOOST_TEST(order->provider_order == "7");
  BOOST_TEST(order->reference == "r-1");
}

BOOST_AUTO_TEST_SUITE_END()
