#include "apps/sandbox/dt_one_sandbox.hpp"
#include "protocols/base/country_code.hpp"
#include "protocols/base/strict_json.hpp"
#include "tests/orders/wire_fixture.hpp"

#include <boost/test/unit_test.hpp>

// DT One's Digital Value Services API, and the sandbox's side of it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : top_up_wire_fixture {
  sandbox::dt_one_sandbox sandbox{20ms};
  std::string credentials = "key:secret";
  sandbox::dt_one_sandbox::time_point time{1h};
  catalogue all = listed();

  fixture() : top_up_wire_fixture(dt_one_format) {
    // nop
  }

  sandbox::sandbox_answer call(const provider_call& what) override {
    auto request = sandbox_call("/dt-one-api", what);
    request.authorization = format.credential(credentials).substr(15);
    return sandbox.answer(request, time);
  }

  static provider_order wish(const std::string& reference, const std::string& code,
                             const std::string& number = "+15555550100", int64_t value = 500) {
    provider_order what{reference, "a-network", {}};
    recharge top_up;
    top_up.sim.contact_number = number;
    top_up.currency = "INR";
    top_up.value = value;
    what.top_up = top_up;
    what.code = code;
    return what;
  }
};

std::string in_class(int number, const std::string& words = {}) {
  return R"({"id":7,"external_id":"r","status":{"message":")" + words + R"(","class":{"id":)"
         + std::to_string(number) + "}}}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(dt_one_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(a_key_and_its_secret_are_shown) {
  BOOST_TEST(format.credential("key:secret") == "Authorization: Basic a2V5OnNlY3JldA==");
  credentials = "key:wrong";
  BOOST_TEST(call(format.catalogue_call()).status == 401);
}

BOOST_AUTO_TEST_CASE(the_fixed_values_of_an_operator_are_a_network_over_all_pages) {
  BOOST_TEST(pages == 2);
  const auto* digicel = find_network(all, "Digicel-Jamaica-33-JMD");
  BOOST_REQUIRE(digicel != nullptr);
  BOOST_TEST(digicel->country_iso == "JM");
  BOOST_TEST(digicel->currency == "JMD");
  BOOST_TEST(digicel->values.size() == 120u);
  BOOST_TEST(digicel->least == 10'000);
  BOOST_TEST(digicel->most == 1'200'000);
  BOOST_TEST(!digicel->takes_serials);
  const auto* most = find_network_value(*digicel, 1'200'000);
  BOOST_REQUIRE(most != nullptr);
  BOOST_TEST(most->code == "8120");
  // 100 JMD cost 0.78125: a part of a cent is a cent.
  BOOST_TEST((price_of(*digicel, 10'000) == money::from_cents(79)));
  // Data are not sold.
  BOOST_TEST(find_network(all, "Vodafone-UK-11-GBP")->values.size() == 3u);
  BOOST_TEST(all.left_out == 1u);
}

BOOST_AUTO_TEST_CASE(a_range_is_a_network_of_its_own) {
  const auto* airtel = find_network(all, "Airtel-India-22-7200");
  BOOST_REQUIRE(airtel != nullptr);
  BOOST_TEST(airtel->values.empty());
  BOOST_TEST(airtel->least == 5'000);
  BOOST_TEST(airtel->most == 500'000);
  BOOST_TEST(airtel->code == "22:7200");
  BOOST_TEST((price_of(*airtel, 6'400) == money::from_cents(100)));
}

BOOST_AUTO_TEST_CASE(of_two_that_bring_the_same_the_cheaper_one_is_sold) {
  auto product = [](int id, const char* cost) {
    return R"({"id":)" + std::to_string(id)
           + R"(,"type":"FIXED_VALUE_RECHARGE","name":"n","benefits":[{"type":"CREDITS"}],)"
             R"("operator":{"id":5,"name":"Op","country":{"iso_code":"FRA"}},)"
             R"("destination":{"amount":10,"unit":"EUR","unit_type":"CURRENCY"},)"
             R"("prices":{"wholesale":{"amount":)"
           + cost + R"(,"fee":0.5,"unit":"EUR"}}})";
  };
  auto read = format.read_catalogue("[" + product(1, "9.5") + "," + product(2, "9") + ","
                                    + product(3, "9.25") + "]");
  BOOST_REQUIRE(read);
  BOOST_REQUIRE(read->networks.size() == 1u);
  BOOST_REQUIRE(read->networks[0].values.size() == 1u);
  BOOST_TEST(read->networks[0].values[0].code == "2");
  BOOST_TEST(read->networks[0].charge.currency == "EUR");
  BOOST_TEST((price_of(read->networks[0], 1'000) == money::from_cents(950)));
  // What asks for more than a telephone number, or has no price, is not sold.
  auto more = product(4, "9");
  more.insert(1, R"("required_sender_fields":[["firstname"]],)");
  auto none = product(5, "null");
  read = format.read_catalogue("[" + more + "," + none + "]");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->networks.empty());
  BOOST_TEST(read->left_out == 1u);
  BOOST_TEST(read->refused.size() == 1u);
  for (const auto* text : {"", "{}", "<html>"})
    BOOST_TEST(!format.read_catalogue(text), text);
}

BOOST_AUTO_TEST_CASE(a_transaction_is_made_once_for_a_reference) {
  auto what = wish("r-1", "7010", "+447700900000");
  BOOST_TEST(format.order_call(what).body
             == R"({"external_id":"r-1","product_id":7010,"auto_confirm":true,)"
                R"("credit_party_identifier":{"mobile_number":"+447700900000"}})");
  BOOST_TEST(has(look_up(what), provider_verdict::absent));
  BOOST_TEST(has(buy(what), provider_verdict::unknown));
  auto found = look_up(what);
  BOOST_REQUIRE(has(found, provider_verdict::placed));
  BOOST_TEST(found.bought.provider_order_id == "1");
  BOOST_TEST((found.bought.cost == money::from_cents(600)));
  // A repeat is told that there is one.
  BOOST_TEST(has(buy(what), provider_verdict::unknown));
  BOOST_TEST(sold() == 1);
}

BOOST_AUTO_TEST_CASE(of_a_range_the_amount_that_is_to_arrive_is_ordered) {
  auto what = wish("r-1", "22:7200", "+919876543210", 6'450);
  BOOST_TEST(format.order_call(what).body
             == R"({"external_id":"r-1","product_id":7200,"auto_confirm":true,)"
                R"("credit_party_identifier":{"mobile_number":"+919876543210"},)"
                R"("calculation_mode":"DESTINATION_AMOUNT","destination":{)"
                R"("unit_type":"CURRENCY","unit":"INR","amount":64.50}})");
  buy(what);
  BOOST_TEST(has(look_up(what), provider_verdict::placed));
  BOOST_TEST(has(buy(wish("r-2", "22:7200", "+919876543210", 4'999)), provider_verdict::refused));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  auto end_of = [&](const std::string& reference, const std::string& code) {
    auto what = wish(reference, code);
    buy(what);
    return look_up(what).verdict;
  };
  using enum provider_verdict;
  BOOST_TEST((end_of("a", "9011") == refused));
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(has(buy(wish("b", "9012")), unavailable));
  BOOST_TEST((end_of("b", "9012") == placed));
  BOOST_TEST(call(format.order_call(wish("c", "9013"))).lost);
  BOOST_TEST(has(look_up(wish("c", "9013")), placed));
  BOOST_TEST((end_of("d", "9014") == unknown));
  time += 31s;
  BOOST_TEST(has(look_up(wish("d", "9014")), placed));
  BOOST_TEST((end_of("e", "9015") == refused));
  BOOST_TEST((end_of("f", "9016") == ours));
  BOOST_TEST(sold() == 3);
}

BOOST_AUTO_TEST_CASE(an_error_means_what_is_safe_to_believe) {
  auto what = wish("r", "7010");
  auto means = [&](int status, int code) {
    return format
      .read_outcome(status,
                    R"({"errors":[{"code":)" + std::to_string(code) + R"(,"message":"why"}]})",
                    what, false)
      .verdict;
  };
  using enum provider_verdict;
  for (int code : {1'003'001, 1'003'002, 1'003'003, 1'005'003, 1'005'004, 1'005'005, 1'005'006,
                   1'005'503, 1'006'503, 1'000'400, 1'000'404, 1'007'500})
    BOOST_TEST((means(400, code) == refused), code);
  for (int code : {1'006'001, 1'006'009, 1'000'401})
    BOOST_TEST((means(400, code) == ours), code);
  BOOST_TEST((means(429, 1'000'429) == unavailable));
  BOOST_TEST((means(400, 1'007'001) == unknown));
  BOOST_TEST((means(500, 1'009'001) == unknown));
  BOOST_TEST((means(503, 1'009'503) == unknown));
  BOOST_TEST((means(400, 1'234'567) == unknown));
  BOOST_TEST(
    has(format.read_outcome(400, R"({"errors":[{"code":"1003001"}]})", what, false), refused));
  BOOST_TEST(has(format.read_outcome(401, "", what, false), ours));
  BOOST_TEST(has(format.read_outcome(429, "", what, false), unavailable));
  for (int status : {200, 302, 400, 404, 408, 500, 502, 503, 504})
    BOOST_TEST(has(format.read_outcome(status, "<html>", what, false), unknown), status);
  for (int status : {400, 401, 404, 429, 500})
    BOOST_TEST(
      has(format.read_outcome(status, R"({"errors":[{"code":1003001}]})", what, true), unknown),
      status);
}

BOOST_AUTO_TEST_CASE(the_class_of_a_status_decides) {
  auto what = wish("r", "7010");
  auto placed_as = [&](int number, const std::string& words = {}) {
    return format.read_outcome(201, in_class(number, words), what, false).verdict;
  };
  auto found_as = [&](int number, const std::string& words = {}) {
    return format.read_outcome(200, "[" + in_class(number, words) + "]", what, true).verdict;
  };
  using enum provider_verdict;
  for (int number : {1, 2, 5, 6, 99}) {
    BOOST_TEST((placed_as(number) == unknown), number);
    BOOST_TEST((found_as(number) == unknown), number);
  }
  for (int number : {3, 4, 8, 9}) {
    BOOST_TEST((placed_as(number) == refused), number);
    for (const auto* words :
         {"DECLINED-OPERATOR-CURRENTLY-UNAVAILABLE", "REJECTED-OPERATOR-CURRENTLY-UNAVAILABLE"}) {
      BOOST_TEST((placed_as(number, words) == refused), number);
      BOOST_TEST((found_as(number, words) == refused), number);
    }
  }
  BOOST_TEST((placed_as(7) == placed));
  BOOST_TEST((found_as(7) == placed));
  BOOST_TEST((placed_as(3, "REJECTED-INSUFFICIENT-BALANCE") == ours));
  BOOST_TEST((found_as(3, "REJECTED-INSUFFICIENT-BALANCE") == ours));
  auto found = [&](const char* body) { return format.read_outcome(200, body, what, true).verdict; };
  BOOST_TEST((found("[]") == absent));
  BOOST_TEST((found(R"([{"id":8,"external_id":"another"}])") == absent));
  BOOST_TEST((found(R"([{"id":8}])") == unknown));
  BOOST_TEST((found("{}") == unknown));
}

BOOST_AUTO_TEST_CASE(it_is_told_where_to_send_what_becomes_of_an_order) {
  auto what = wish("r-1", "7010", "+447700900000");
  BOOST_TEST(!parse_json_object(format.order_call(what).body)->isMember("callback_url"));
  what.callback_url = "https://dealers.example.com/provider/p9/webhook/secret";
  auto told = *parse_json_object(format.order_call(what).body);
  BOOST_TEST(told["callback_url"].asString() == what.callback_url);
  auto calls = call(format.order_call(what)).callbacks;
  BOOST_REQUIRE(calls.size() == 2u);
  BOOST_TEST(calls[0].url == what.callback_url);
  auto news = format.read_news(calls[0].body);
  BOOST_REQUIRE(news.has_value());
  BOOST_TEST(news->reference == "r-1");
  BOOST_TEST(news->iccid.empty());
  for (const auto* text : {"", "[]", "<html>", R"({"id":1,"data":{}})"})
    BOOST_TEST(!format.read_news(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_number_is_of_the_operator_that_is_identified) {
  const auto& vodafone = *find_network(all, "Vodafone-UK-11-GBP");
  const auto& airtel = *find_network(all, "Airtel-India-22-7200");
  auto is_there = [&](const std::string& number, const network& of) {
    auto answer = call(format.sim_call({of.name, {number, {}}}, of));
    return format.read_sim(answer.status, answer.body, of);
  };
  BOOST_TEST(is_there("+447700900000", vodafone) == 200);
  BOOST_TEST(is_there("+447700900404", vodafone) == 404);
  BOOST_TEST(is_there("+919876543210", vodafone) == 404);
  BOOST_TEST(is_there("+919876543210", airtel) == 200);
  BOOST_TEST(format.read_sim(200, R"([{"id":11,"identified":false}])", vodafone) == 404);
  BOOST_TEST(format.read_sim(404, R"({"errors":[{"code":1000404}]})", vodafone) == 404);
  BOOST_TEST(format.read_sim(200, "<html>", vodafone) == 502);
  BOOST_TEST(format.read_sim(500, "{}", vodafone) == 500);
}

BOOST_AUTO_TEST_CASE(the_balance_in_dollars_counts_where_there_are_several) {
  auto balance = format.read_balance(call(format.balance_call()).body);
  BOOST_REQUIRE(balance.has_value());
  BOOST_TEST(balance->amount == "12345.67");
  BOOST_TEST(balance->currency == "USD");
  auto told = format.read_balance(R"([{"available":1,"unit":"EUR","unit_type":"CURRENCY"},)"
                                  R"({"available":2.5,"unit":"USD","unit_type":"CURRENCY"}])");
  BOOST_TEST(told->amount == "2.5");
  BOOST_TEST(
    format.read_balance(R"([{"available":1,"unit":"EUR","unit_type":"CURRENCY"}])")->currency
    == "EUR");
  BOOST_TEST(!format.read_balance("[]").has_value());
}

BOOST_AUTO_TEST_CASE(a_country_has_two_letters_for_its_three) {
  BOOST_TEST(country_of_three_letters("GBR") == "GB");
  BOOST_TEST(country_of_three_letters("ABW") == "AW");
  BOOST_TEST(country_of_three_letters("ZWE") == "ZW");
  for (const auto* text : {"", "GB", "ZZZ", "BRA ", "WAF", " AF"})
    BOOST_TEST(country_of_three_letters(text).empty(), text);
}

BOOST_AUTO_TEST_SUITE_END()
