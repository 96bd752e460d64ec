#include "apps/sandbox/esim_go_sandbox.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/strict_json.hpp"
#include "tests/orders/wire_fixture.hpp"

#include <boost/test/unit_test.hpp>

// eSIM Go's API, and the sandbox's side of it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : wire_fixture {
  sandbox::esim_go_sandbox sandbox{20ms};

  fixture() : wire_fixture(esim_go_format) {
    // nop
  }

  sandbox::sandbox_answer call(const provider_call& what) override {
    return sandbox.answer(sandbox_call("/esim-go-api", what));
  }

  static provider_order wish(const std::string& bundle) {
    provider_order what{"r-1", bundle, {}};
    what.asked_at = now();
    return what;
  }
};

constexpr auto japan = "esim_5GB_30D_JP_V2";

} // namespace

BOOST_FIXTURE_TEST_SUITE(esim_go_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(the_catalogue_comes_in_pages_behind_the_accounts_currency) {
  auto next = std::optional{format.catalogue_call()};
  BOOST_TEST(next->path == "/organisation");
  std::vector<bundle> got;
  int32_t page = 0;
  for (; next; ++page) {
    auto answer = call(*next);
    auto read = format.read_catalogue(answer.body);
    BOOST_REQUIRE(read);
    got.insert(got.end(), read->bundles.begin(), read->bundles.end());
    next = format.next_page_call(answer.body, page);
  }
  // The account, and more than one page.
  BOOST_TEST(page > 2);
  auto found = std::find_if(got.begin(), got.end(), [](const auto& x) { return x.name == japan; });
  BOOST_REQUIRE(found != got.end());
  BOOST_TEST(found->country_iso == "JP");
  BOOST_TEST(found->data_mb == 5 * 1024);
  BOOST_TEST(found->validity_days == 30);
  BOOST_TEST((found->price == money::from_cents(650)));
}

BOOST_AUTO_TEST_CASE(a_list_without_a_count_ends_with_an_empty_page) {
  constexpr auto one = R"([{"name":"a","price":1.005,"countries":["FR"],"dataAmount":1000}])";
  auto read = format.read_catalogue(one);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->bundles.at(0).country_iso == "FR");
  // A part of a cent is a cent.
  BOOST_TEST((read->bundles.at(0).price == money::from_cents(101)));
  BOOST_REQUIRE(format.next_page_call(one, 1).has_value());
  BOOST_TEST(format.next_page_call(one, 1)->path == "/catalogue?page=2&perPage=100");
  BOOST_TEST(!format.next_page_call("[]", 2).has_value());
  BOOST_TEST(!format.next_page_call("<html>", 2).has_value());
}

BOOST_AUTO_TEST_CASE(the_account_tells_what_is_charged_in) {
  BOOST_TEST(format.read_catalogue(R"({"balance":1,"currency":"USD"})")->currency == "USD");
  BOOST_TEST(
    format.read_catalogue(R"({"organisations":[{"balance":1,"currency":"EUR"}]})")->currency
    == "EUR");
  for (const auto* text : {"", "{}", "<html>", R"({"bundles":{}})", R"({"balance":1})"})
    BOOST_TEST(!format.read_catalogue(text), text);
  auto balance = format.read_balance(call(format.balance_call()).body);
  BOOST_REQUIRE(balance.has_value());
  BOOST_TEST(balance->amount == "12345.67");
  BOOST_TEST(balance->currency == "USD");
  BOOST_TEST(!format.read_balance(R"({"balance":1})").has_value());
  BOOST_TEST(!format.read_balance(R"({"organisations":[1]})").has_value());
}

BOOST_AUTO_TEST_CASE(prices_that_are_none_are_not_sold) {
  auto read = format.read_catalogue(
    R"([{"name":"a","price":-1},{"name":"b","price":1e3},{"name":"c"},{"name":"","price":1},)"
    R"({"name":"d","price":"6.50"},{"name":"e","price":10000001}])");
  BOOST_REQUIRE(read);
  BOOST_REQUIRE(read->bundles.size() == 1u);
  BOOST_TEST(read->bundles[0].name == "d");
  BOOST_TEST(read->refused.size() == 5u);
}

BOOST_AUTO_TEST_CASE(an_order_brings_its_code_and_each_call_buys_again) {
  auto first = buy(wish(japan));
  BOOST_REQUIRE(has(first, provider_verdict::placed));
  BOOST_TEST(first.bought.lpa.starts_with("LPA:1$sandbox.smdp.example$"), first.bought.lpa);
  BOOST_TEST(first.bought.provider_order_id == "go-1");
  BOOST_TEST((first.bought.cost == money::from_cents(650)));
  BOOST_TEST(first.candidates.size() == 1u);
  BOOST_TEST(buy(wish(japan)).bought.iccid != first.bought.iccid);
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(a_lost_order_is_one_of_those_of_its_product_and_time) {
  auto what = wish("esim_sandbox-timeout");
  BOOST_TEST(has(look_up(what), provider_verdict::absent));
  BOOST_TEST(look_up(what).candidates.empty());
  BOOST_TEST(call(format.order_call(what)).lost);
  buy(wish(japan));
  BOOST_REQUIRE(look_up(what).candidates == std::vector<std::string>{"go-1"});
  // Its own name tells the rest.
  what.provider_order_id = "go-1";
  auto found = look_up(what);
  BOOST_TEST(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.iccid == sandbox::make_esim("go-1").iccid);
  // What was bought before it was asked for is another's.
  what.provider_order_id.clear();
  what.asked_at = now() + 5min;
  BOOST_TEST(look_up(what).candidates.empty());
  // Unless the database was restored, and has forgotten when it asked: then nobody can tell.
  what.placed_since = now() - 1min;
  auto doubtful = look_up(what);
  BOOST_TEST(has(doubtful, provider_verdict::unknown));
  BOOST_TEST(doubtful.candidates.empty());
}

BOOST_AUTO_TEST_CASE(data_is_brought_onto_an_esim_that_was_sold) {
  auto iccid = buy(wish(japan)).bought.iccid;
  auto what = wish(japan);
  what.top_up = recharge{japan, {{}, iccid}, {}, 0, {}, 0};
  auto outcome = buy(what);
  BOOST_TEST(has(outcome, provider_verdict::placed));
  BOOST_TEST(outcome.bought.provider_order_id == "go-2");
  what.provider_order_id = "go-2";
  BOOST_TEST(has(look_up(what), provider_verdict::placed));
  what.top_up->sim.sim_serial = "8900000000000000000";
  BOOST_TEST(has(buy(what), provider_verdict::refused));
}

BOOST_AUTO_TEST_CASE(what_has_become_dearer_than_listed_is_not_ordered) {
  auto what = wish("esim_sandbox-dearer");
  // The catalogue lists it at the price of the one before it.
  what.listed_price = "0.01";
  auto objection = check(what);
  BOOST_REQUIRE(objection.has_value());
  BOOST_TEST(has(*objection, provider_verdict::refused));
  what.product = japan;
  what.listed_price = "6.5";
  BOOST_TEST(!check(what).has_value());
  BOOST_TEST(sold() == 0);
}

BOOST_AUTO_TEST_CASE(a_check_objects_to_what_an_order_would_be_refused_for_and_to_nothing_else) {
  auto what = wish(japan);
  what.listed_price = "6.50";
  auto objects = [&](int32_t status, const char* body) {
    return format.read_check(status, body, what);
  };
  using enum provider_verdict;
  for (const auto* body :
       {R"({"total":6.5,"valid":true})", R"({"total":"6.4"})", "{}", R"({"total":"a price"})"})
    BOOST_TEST(!objects(200, body).has_value(), body);
  BOOST_TEST(has(objects(200, R"({"total":6.500001})").value(), refused));
  BOOST_TEST(has(objects(200, R"({"valid":false,"message":"no such bundle"})").value(), refused));
  BOOST_TEST(
    has(objects(200, R"({"valid":false,"message":"Insufficient balance"})").value(), ours));
  BOOST_TEST(has(objects(400, R"({"message":"unknown bundle"})").value(), refused));
  BOOST_TEST(has(objects(401, "{}").value(), ours));
  BOOST_TEST(has(objects(429, "").value(), unavailable));
  BOOST_TEST(has(objects(503, "<html>").value(), unknown));
  // What is not listed any more has no price to be held against.
  what.listed_price.clear();
  BOOST_TEST(!objects(200, R"({"total":99})").has_value());
}

BOOST_AUTO_TEST_CASE(taxes_on_top_of_the_listed_price_may_take_the_margin_and_no_more) {
  constexpr auto taxed = R"({"total":7.8,"order":[{"item":"b","subTotal":6.5}],"valid":true})";
  auto what = wish(japan);
  what.listed_price = "6.50";
  auto objects = [&](const char* body) { return format.read_check(200, body, what); };
  using enum provider_verdict;
  what.price = money::from_cents(780);
  BOOST_TEST(!objects(taxed).has_value());
  // Some answers may tell the total alone.
  BOOST_TEST(!objects(R"({"total":7.8})").has_value());
  BOOST_TEST(has(objects(R"({"total":7.8,"order":[{"subTotal":6.51}]})").value(), refused));
  BOOST_TEST(has(objects(R"({"total":7.8,"order":[{"pricePerUnit":6.51}]})").value(), refused));
  what.price = money::from_cents(779);
  BOOST_TEST(has(objects(taxed).value(), refused));
  BOOST_TEST(objects(taxed)->reason == "it costs 7.8 now, and 6.50 by the catalogue");
  // Sold at a loss on purpose.
  what.price = money::from_cents(1);
  BOOST_TEST(!objects(R"({"total":6.5})").has_value());
  // 7.80 euros are 8.502 dollars.
  what.usd_rate = 109'000'000;
  what.price = money::from_cents(851);
  BOOST_TEST(!objects(taxed).has_value());
  what.price = money::from_cents(850);
  BOOST_TEST(has(objects(taxed).value(), refused));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(buy(wish("esim_sandbox-reject")), provider_verdict::refused));
  BOOST_TEST(has(buy(wish("esim_sandbox-unpaid")), provider_verdict::ours));
  BOOST_TEST(has(buy(wish("esim_sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("esim_sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(buy(wish("esim_sandbox-flaky")), provider_verdict::placed));
  BOOST_TEST(has(buy(wish("no-such")), provider_verdict::refused));
  BOOST_TEST(sold() == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_means_what_is_safe_to_believe) {
  auto what = wish(japan);
  auto means = [&](int status, const char* body) {
    return format.read_outcome(status, body, what, false).verdict;
  };
  using enum provider_verdict;
  BOOST_TEST((means(400, R"({"message":"unknown bundle"})") == refused));
  BOOST_TEST((means(400, R"({"message":"Insufficient Balance"})") == ours));
  BOOST_TEST((means(401, "{}") == ours));
  BOOST_TEST((means(402, "{}") == ours));
  for (const auto* body :
       {"{}", R"({"message":"access denied"})", R"({"message":"The token of this bundle is bad"})",
        R"({"message":"Insufficient credit for the bundle"})"})
    BOOST_TEST((means(403, body) == ours), body);
  BOOST_TEST((means(403, R"({"message":"No bundle left"})") == refused));
  BOOST_TEST((means(403, R"({"message":"ICCID not accessible"})") == refused));
  // With which status it tells that there is no stock, nobody knows.
  constexpr auto sold_out = R"({"message":"The bundle is out of stock"})";
  for (int status : {400, 403, 404, 409, 410, 422})
    BOOST_TEST((means(status, sold_out) == refused), status);
  for (int status : {200, 302, 408, 500, 503})
    BOOST_TEST((means(status, sold_out) == unknown), status);
  BOOST_TEST((means(429, "") == unavailable));
  for (int status : {200, 201, 302, 404, 408, 409, 500, 502, 503, 504})
    BOOST_TEST((means(status, "<html>") == unknown), status);
  // Bought, and without its eSIM so far.
  auto pending =
    format.read_outcome(200, R"({"orderReference":"o","status":"processing"})", what, false);
  BOOST_TEST(has(pending, unknown));
  BOOST_TEST((pending.candidates == std::vector<std::string>{"o"}));
  for (int status : {400, 401, 403, 404, 429, 503})
    BOOST_TEST(has(format.read_outcome(status, "{}", what, true), unknown), status);
}

BOOST_AUTO_TEST_CASE(an_esim_is_told_of_and_revoked) {
  auto iccid = buy(wish(japan)).bought.iccid;
  esim_question question{iccid, false, japan};
  auto answer = call(format.esim_call(question));
  auto text = format.read_esim(answer.status, answer.body, question);
  BOOST_REQUIRE(text.status == 200);
  auto told = *parse_json_object(text.body);
  BOOST_TEST(told["Status"].asString() == "Success");
  BOOST_TEST(told["Iccid"].asString() == iccid);
  BOOST_TEST(told["State"].asString() == "Active");
  // This provider counts a gigabyte as a thousand millions.
  BOOST_TEST(told["DataAllowanceMb"].asInt() == 5'000);
  BOOST_TEST(told["DataUsedMb"].asInt() == 4'000);
  esim_question revocation{iccid, true, japan};
  auto taken = format.revocation_call(answer.body, revocation);
  BOOST_REQUIRE(taken.has_value());
  BOOST_TEST(taken->method == "DELETE");
  auto ended = call(*taken);
  BOOST_TEST(format.read_esim(ended.status, ended.body, revocation).status == 200);
  auto after = call(format.esim_call(question));
  auto state = format.read_esim(after.status, after.body, question).body;
  BOOST_TEST((*parse_json_object(state))["State"].asString() == "Revoked");
  BOOST_TEST(tells_revoked(format, after.status, after.body, revocation));
  BOOST_TEST(format.read_esim(403, "{}", question).status == 403);
}

BOOST_AUTO_TEST_CASE(of_several_assignments_the_one_in_use_is_told_of_and_revoked) {
  constexpr auto list = R"({"bundles":[{"name":"other","assignments":[{"id":"0"}]},)"
                        R"({"name":"b","assignments":[{"id":"1","bundleState":"Revoked"},)"
                        R"({"id":"2","bundleState":"Queued"},{"id":3,"bundleState":"Active"}]}]})";
  esim_question question{"89", true, "b"};
  BOOST_TEST(format.revocation_call(list, question)->path
             == "/esims/89/bundles/b/assignments/3?type=transaction");
  // What is left to use counts more than what has been revoked.
  constexpr auto queued = R"({"bundles":[{"name":"b","assignments":[)"
                          R"({"id":"1","bundleState":"Revoked"},{"bundleState":"Queued"}]}]})";
  BOOST_TEST(!tells_revoked(format, 200, queued, question));
  BOOST_TEST(format.revocation_call(queued, question)->path
             == "/esims/89/bundles/b?type=transaction");
  for (const auto* text : {"", "{}", "<html>", R"({"bundles":[{"name":"other"}]})"})
    BOOST_TEST(!format.revocation_call(text, question).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_number_of_an_esim_that_is_no_text_is_read_digit_by_digit) {
  constexpr auto list =
    R"([{"iccid":89882470001067001239,"smdpAddress":"smdp.example","matchingId":"M-1"}])";
  auto what = wish(japan);
  what.provider_order_id = "go-1";
  auto found = format.read_outcome(200, list, what, true);
  BOOST_REQUIRE(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.iccid == "89882470001067001239");
}

BOOST_AUTO_TEST_CASE(what_it_sends_unasked_may_be_signed_in_both_ways_that_are_documented) {
  constexpr auto sent =
    R"({"iccid":"8944","alertType":"Utilisation","bundle":{"reference":"go-1"}})";
  auto digest = hmac_sha256("key", sent);
  std::string bytes{digest.begin(), digest.end()};
  BOOST_TEST(format.is_signed(sent, to_hex(digest), "key"));
  BOOST_TEST(format.is_signed(sent, to_base64(bytes), "key"));
  // Version 2 signs nothing.
  BOOST_TEST(format.is_signed(sent, "", "key"));
  BOOST_TEST(!format.is_signed(sent, to_hex(digest), "other"));
  auto news = format.read_news(sent);
  BOOST_REQUIRE(news.has_value());
  BOOST_TEST(news->iccid == "8944");
  BOOST_TEST(news->provider_order == "go-1");
}

BOOST_AUTO_TEST_SUITE_END()
