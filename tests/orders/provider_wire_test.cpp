#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/provider_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace meisim;
using namespace meisim::sandbox;
using namespace std::chrono_literals;

namespace {

provider_order att_order() {
  provider_order order{"01890000-0000-7000-8000-000000000001-1", "p3:att-prepaid-30", {}};
  order.buyer.email = "jane@example.com";
  order.buyer.name = "Jane Doe";
  order.buyer.imei = "359123456789012";
  order.buyer.eid = std::string(32, '8');
  order.buyer.address = {"Jane", "Doe", "123 Main St", "Phoenix", "AZ", "85001", "+15555550100"};
  return order;
}

constexpr auto placed_ = provider_verdict::placed;

provider_order top_up(const std::string& reference, const std::string& network) {
  provider_order order{reference, network, {}};
  order.top_up = recharge{network, {"+447700900000", {}}, "GBP", 2'050, "DATA-5GB", 1'000};
  return order;
}

bool has(provider_outcome outcome, provider_verdict verdict) {
  return outcome.verdict == verdict;
}

struct sandbox_fixture {
  provider_sandbox sandbox{20ms};
  provider_sandbox::time_point now{};

  sandbox_answer post(const provider_order& order) {
    return sandbox.answer({"POST", "/v1/orders", "", to_wire(order), {}, {}}, now);
  }

  sandbox_answer post(std::string path, std::string body) {
    return sandbox.answer({"POST", std::move(path), "", std::move(body), {}, {}}, now);
  }

  sandbox_answer get(std::string path) {
    return sandbox.answer({"GET", std::move(path), "", "", {}, {}}, now);
  }

  provider_outcome order(const std::string& reference, const std::string& product) {
    auto answer = post({reference, product, {}});
    return outcome_from_wire(answer.status, answer.body, false);
  }

  provider_outcome look_up(const std::string& reference) {
    auto answer = get("/v1/orders/" + reference);
    return outcome_from_wire(answer.status, answer.body, true);
  }

  int64_t sold() {
    return number_of(*parse_json_object(get("/test/provider/orders").body), "count", -1);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(a_catalogue_survives_the_journey) {
  auto sent = make_catalogue();
  auto got = catalogue_from_wire(to_wire(sent));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->countries.size() == sent.countries.size());
  BOOST_TEST(got->bundles.size() == sent.bundles.size());
  BOOST_TEST(got->products.size() == sent.products.size());
  BOOST_TEST(got->networks.size() == sent.networks.size());
  BOOST_TEST(find_network(*got, "Vodafone-UK")->usd_rate == 127'000'000);
  BOOST_TEST(to_wire(*got) == to_wire(sent));
}

BOOST_AUTO_TEST_CASE(an_order_takes_along_what_the_network_needs_and_no_more) {
  auto text = to_wire(att_order());
  BOOST_TEST(text.find("jane@example.com") == std::string::npos);
  auto got = order_from_wire(text);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->reference == att_order().reference);
  BOOST_TEST(got->buyer.imei == att_order().buyer.imei);
  BOOST_TEST(got->buyer.address.zip_code == "85001");
  BOOST_TEST(to_wire(*got) == text);
}

BOOST_AUTO_TEST_CASE(bad_lines_of_a_catalogue_are_left_out) {
  auto got = catalogue_from_wire(
    R"({"bundles":[{"name":"a","price":"1.00"},{"name":"b","price":1.5},{"price":"1"},7,
                                     {"name":"c","price":"-1.00"}],"products":{}})");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->bundles.size() == 1u);
  BOOST_TEST(got->refused.size() == 4u);
  for (const auto* text :
       {"", "[]", "{}", "null", R"({"bundles":[],"bundles":[]})", "{\"bundles\":[{}]} x"})
    BOOST_TEST(!catalogue_from_wire(text), text);
  BOOST_TEST(!catalogue_from_wire(std::string(100'000, '[')));
}

BOOST_AUTO_TEST_CASE(a_price_that_cannot_be_charged_is_told_by_name_and_the_rest_is_sold) {
  auto got = catalogue_from_wire(
    R"({"bundles":[{"name":"free","price":"0.00"},{"name":"third","price":"1.005"}],
        "products":[{"id":"p3:dear","price":"10000000.01"},{"id":"p3:most","price":"10000000.00"}]})");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->bundles.size() == 1u);
  BOOST_TEST(got->products.size() == 1u);
  BOOST_REQUIRE(got->refused.size() == 2u);
  BOOST_TEST(got->refused[0]
             == "third: \"1.005\" is no price in whole cents from 0.00 to 10000000.00");
  BOOST_TEST(got->refused[1].starts_with("p3:dear: "), got->refused[1]);
  // A thousand percent on top, of the largest order: still a sum.
  auto total = got->products.front().price.with_markup(100'000) * 20;
  BOOST_TEST(total.cents() == 220'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_status_means_what_is_safe_to_believe) {
  using enum provider_verdict;
  for (int status : {400, 410, 422})
    BOOST_TEST(has(outcome_from_wire(status, "", false), refused), status);
  for (int status : {401, 402, 403})
    BOOST_TEST(has(outcome_from_wire(status, "", false), ours), status);
  for (int status : {404, 409})
    BOOST_TEST(has(outcome_from_wire(status, "", false), contested), status);
  for (int status : {429, 503})
    BOOST_TEST(has(outcome_from_wire(status, "", false), unavailable), status);
  for (int status : {200, 201, 202, 302, 408, 418, 500, 502, 504})
    BOOST_TEST(has(outcome_from_wire(status, "<html>", false), unknown), status);
  BOOST_TEST(has(outcome_from_wire(404, "", true), absent));
  for (int status : {200, 400, 401, 422, 429, 500, 503})
    BOOST_TEST(has(outcome_from_wire(status, "", true), unknown), status);
  BOOST_TEST(outcome_from_wire(422, R"({"error":{"message":"no"}})", false).reason == "no");
  BOOST_TEST(
    has(outcome_from_wire(200, R"({"status":"completed","esim":{"iccid":"1"}})", false), unknown));
}

BOOST_AUTO_TEST_CASE(a_top_up_takes_along_which_sim_it_is_for) {
  auto sent = top_up("r1", "Vodafone-UK");
  auto got = recharge_from_wire(to_wire(sent));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->reference == "r1");
  BOOST_TEST(got->product == "Vodafone-UK");
  BOOST_TEST(got->top_up->sim.contact_number == "+447700900000");
  BOOST_TEST(got->top_up->sim.sim_serial.empty());
  BOOST_TEST(got->top_up->value == 2'050);
  BOOST_TEST(got->top_up->bundle_code == "DATA-5GB");
  BOOST_TEST(got->top_up->bundle_value == 1'000);
  sent.top_up->sim.sim_serial = "8944000000000000000";
  BOOST_TEST(!recharge_from_wire(to_wire(sent)));
  // An eSIM is no answer to a top-up, nor the other way round.
  auto answer = to_wire(sent, placed({"", "", "p-1"}));
  BOOST_TEST(has(outcome_from_wire(200, answer, false, true), placed_));
  BOOST_TEST(has(outcome_from_wire(200, answer, false, false), provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(a_network_that_makes_no_sense_is_left_out) {
  auto with = [](const std::string& rate, const std::string& most) {
    auto text =
      R"({"bundles":[{"name":"b","price":"1.00"}],"networks":[{"name":"N","currency":"EUR",)"
      R"("least":"5.00","most":")"
      + most + R"(","usd_rate":")" + rate + R"("}]})";
    return catalogue_from_wire(text)->networks.size();
  };
  BOOST_TEST(with("1.09", "100.00") == 1u);
  BOOST_TEST(with("100000", "100.00") == 1u);
  for (const auto* rate : {"", "0", "-1", "1.09.1", "1,09", "100000.00000001", "100001", "1e3"})
    BOOST_TEST(with(rate, "100.00") == 0u, rate);
  for (const auto* most : {"", "4.99", "-5.00", "1000000.01"})
    BOOST_TEST(with("1.09", most) == 0u, most);
}

BOOST_AUTO_TEST_CASE(the_price_of_a_top_up_is_rounded_up_to_the_cent) {
  network pounds;
  pounds.usd_rate = 127'000'000;
  BOOST_TEST((price_of(pounds, 2'000) == money::from_cents(2'540)));
  BOOST_TEST((price_of(pounds, 5) == money::from_cents(7)));
  BOOST_TEST((price_of(pounds, 50) == money::from_cents(64)));
}

BOOST_AUTO_TEST_CASE(a_path_holds_a_reference_as_one_segment) {
  BOOST_TEST(url_escaped("a-1_B.c") == "a-1_B.c");
  BOOST_TEST(url_escaped("a/../b c?%") == "a%2F..%2Fb%20c%3F%25");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_sandbox, sandbox_fixture)

BOOST_AUTO_TEST_CASE(it_sells_what_was_promised) {
  auto sells = make_catalogue();
  std::set<std::string> countries;
  for (const auto& item : sells.bundles)
    countries.insert(item.country_iso);
  BOOST_TEST(countries.size() > 20u);
  BOOST_REQUIRE(find_bundle(sells, "esim_5gb_30days_jp") != nullptr);
  BOOST_TEST((find_bundle(sells, "esim_5gb_30days_jp")->price == money::from_cents(650)));
  const auto* att = find_product(sells, "p3:att-prepaid-30");
  BOOST_REQUIRE(att != nullptr);
  BOOST_TEST((att->price == money::from_cents(2500) && att->needs_imei && att->needs_eid
              && att->needs_address));
  for (const auto* id : {"p3:data-us-5gb", "p3:data-eu-10gb", "p3:data-world-1gb"})
    BOOST_TEST((find_product(sells, id) != nullptr && !find_product(sells, id)->needs_imei), id);
  for (std::string ending : {"sandbox-reject", "sandbox-flaky", "sandbox-timeout"})
    BOOST_TEST((find_product(sells, "p3:" + ending) != nullptr
                && find_bundle(sells, "esim_" + ending) != nullptr));
}

BOOST_AUTO_TEST_CASE(one_reference_buys_one_esim) {
  auto first = order("r1", "p3:data-us-5gb");
  auto again = order("r1", "p3:data-us-5gb");
  auto other = order("r2", "p3:data-us-5gb");
  BOOST_TEST(has(first, provider_verdict::placed));
  BOOST_TEST(first.bought.iccid == again.bought.iccid);
  BOOST_TEST(first.bought.iccid != other.bought.iccid);
  BOOST_TEST(look_up("r1").bought.lpa == first.bought.lpa);
  BOOST_TEST(has(look_up("r3"), provider_verdict::absent));
  BOOST_TEST(has(order("r1", "p3:data-jp-5gb"), provider_verdict::contested));
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(an_iccid_has_20_digits_and_its_check_digit) {
  BOOST_TEST(luhn_digit("7992739871") == '3');
  for (int i = 0; i < 100; ++i) {
    auto iccid = make_esim(std::to_string(i)).iccid;
    BOOST_TEST(iccid.size() == 20u);
    BOOST_TEST(iccid.starts_with("89"));
    BOOST_TEST(std::ranges::all_of(iccid, [](char c) { return c >= '0' && c <= '9'; }));
    BOOST_TEST(luhn_digit(iccid.substr(0, 19)) == iccid.back());
  }
}

BOOST_AUTO_TEST_CASE(a_product_gets_what_it_needs_or_is_refused) {
  BOOST_TEST(post(att_order()).status == 201);
  auto order_without = att_order();
  order_without.reference = "r2";
  order_without.buyer.eid.clear();
  BOOST_TEST(post(order_without).status == 422);
  BOOST_TEST(has(order("r3", "p3:no-such"), provider_verdict::refused));
  BOOST_TEST(post("/v1/orders", "{}").status == 400);
  BOOST_TEST(sold() == 1);
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(order("a", "p3:sandbox-reject"), provider_verdict::refused));
  BOOST_TEST(has(look_up("a"), provider_verdict::refused));
  BOOST_TEST(has(order("b", "esim_sandbox-flaky"), provider_verdict::unavailable));
  BOOST_TEST(has(order("b", "esim_sandbox-flaky"), provider_verdict::unavailable));
  BOOST_TEST(has(look_up("b"), provider_verdict::absent));
  BOOST_TEST(has(order("b", "esim_sandbox-flaky"), provider_verdict::placed));
  auto answer = post({"c", "p3:sandbox-timeout", {}});
  BOOST_TEST(answer.lost);
  BOOST_TEST(has(look_up("c"), provider_verdict::placed));
  BOOST_TEST(!post({"c", "p3:sandbox-timeout", {}}).lost);
  BOOST_TEST(sold() == 2);
}

BOOST_AUTO_TEST_CASE(one_reference_tops_up_once_and_special_networks_fail_in_their_ways) {
  auto place = [this](const provider_order& order) {
    auto answer = post("/v1/recharges", to_wire(order));
    return outcome_from_wire(answer.status, answer.body, false, true);
  };
  auto find = [this](const std::string& reference) {
    auto answer = get("/v1/recharges/" + reference);
    return outcome_from_wire(answer.status, answer.body, true, true);
  };
  auto first = place(top_up("r1", "Vodafone-UK"));
  BOOST_TEST(has(first, placed_));
  BOOST_TEST(place(top_up("r1", "Vodafone-UK")).bought.provider_order_id
             == first.bought.provider_order_id);
  BOOST_TEST(find("r1").bought.provider_order_id == first.bought.provider_order_id);
  auto other = top_up("r1", "Vodafone-UK");
  other.top_up->value = 3'000;
  BOOST_TEST(has(place(other), provider_verdict::contested));
  BOOST_TEST(has(find("r2"), provider_verdict::absent));
  BOOST_TEST(has(look_up("r1"), provider_verdict::absent));
  BOOST_TEST(has(place(top_up("a", "topup-sandbox-reject")), provider_verdict::refused));
  BOOST_TEST(has(place(top_up("b", "topup-sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(find("b"), provider_verdict::absent));
  BOOST_TEST(has(place(top_up("b", "topup-sandbox-flaky")), provider_verdict::unavailable));
  BOOST_TEST(has(place(top_up("b", "topup-sandbox-flaky")), placed_));
  BOOST_TEST(post("/v1/recharges", to_wire(top_up("c", "topup-sandbox-timeout"))).lost);
  BOOST_TEST(has(find("c"), placed_));
  BOOST_TEST(has(place(top_up("d", "No-Such")), provider_verdict::refused));
  auto shown = *parse_json_object(get("/test/provider/orders").body);
  BOOST_TEST(number_of(shown, "recharged") == 3);
  BOOST_TEST(number_of(shown, "count") == 0);
}

BOOST_AUTO_TEST_CASE(an_outage_ends) {
  post("/test/provider/outage", R"({"seconds":5})");
  BOOST_TEST(has(order("a", "p3:data-us-5gb"), provider_verdict::unavailable));
  BOOST_TEST(get("/v1/catalogue").status == 503);
  BOOST_TEST(sold() == 0);
  now += 5s;
  BOOST_TEST(has(order("a", "p3:data-us-5gb"), provider_verdict::placed));
  post("/test/provider/outage", R"({"seconds":5,"silent":true})");
  BOOST_TEST(get("/v1/catalogue").lost);
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_there) {
  for (const auto* path : {"/", "/v1/orders/", "/v1", "/test/provider/orders/none"})
    BOOST_TEST(get(path).status == 404, path);
}

BOOST_AUTO_TEST_SUITE_END()
