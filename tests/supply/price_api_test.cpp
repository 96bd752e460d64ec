#include "persistence/base/session.hpp"
#include "tests/fixtures/certificates.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/read_json.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <csignal>
#include <fstream>
#include <future>
#include <string>
#include <vector>

// What dealers pay, by the rules that operators set. Rules for all are set for goods that no other
// case looks at.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

constexpr auto path = "/admin/v1/prices";
constexpr auto portal = "/api/portal/v1";

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("500.00");

  ended_program ctl(const std::string& arguments) const {
    return run_program(
      "meisimctl", "--admin-url " + here.admin_url() + " --home " + here.home() + ' ' + arguments,
      "LC_ALL=C XDG_STATE_HOME=" + here.home() + "/none");
  }

  Json::Value ctl_json(const std::string& arguments) const {
    auto ended = ctl("--json " + arguments);
    BOOST_TEST(ended.status == 0, ended.output);
    return read_json(ended.output);
  }

  /// The rule that was set.
  Json::Value set(const std::string& body) const {
    auto answer = here.admin_post(path, body);
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    return answer.json();
  }

  std::string own(const std::string& product, const std::string& what) const {
    return R"({"dealer":")" + owner.email + R"(","product":")" + product + "\"," + what + "}";
  }

  web_reply refused(const std::string& body) const {
    auto answer = here.admin_post(path, body);
    BOOST_TEST(answer.status != 200, body);
    return answer;
  }

  web_reply end(const Json::Value& rule) const {
    std::string token;
    std::ifstream{here.home() + "/admin.token"} >> token;
    return call({"DELETE",
                 here.admin_url() + path + '/' + rule["id"].asString(),
                 {"Authorization: Bearer " + token},
                 {}});
  }

  /// What a dealer is shown for a product.
  double shown(const std::string& product, const service::account& whose) const {
    for (const auto& line :
         here.get("/dealer/products?q=" + product, {whose.key_header}).json()["data"])
      if (line["id"].asString() == product)
        return line["priceUsd"].asDouble();
    BOOST_FAIL("there is no " << product);
    return 0;
  }

  double shown(const std::string& product) const {
    return shown(product, owner);
  }

  double bundle_price(const std::string& name) const {
    auto country = name.substr(name.size() - 2);
    auto page =
      here.post("/api/v1/esim/bundles", R"({"countryISO":")" + country + R"(","pageSize":100})",
                {owner.key_header});
    for (const auto& line : page.json()["bundles"])
      if (line["name"].asString() == name)
        return line["price"].asDouble();
    BOOST_FAIL("there is no " << name);
    return 0;
  }

  web_reply order(const std::string& product, const std::string& more = "") const {
    return here.post("/dealer/order",
                     R"({"productId":")" + product
                       + R"(","customerEmail":"end@example.com","customerName":"E")" + more + "}",
                     {owner.key_header});
  }

  double balance() const {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  }

  Json::Value explained(const std::string& query) const {
    auto answer = here.admin_get(std::string{path} + "/explain?" + query);
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    return answer.json();
  }

  static std::string in_an_hour() {
    return rfc3339(now() + 1h);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(price_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_price_for_one_dealer_is_shown_checked_charged_and_explained) {
  auto other = here.add_dealer("0");
  auto rule = set(own("p3:data-us-5gb", R"("priceUsd":9.99)"));
  BOOST_TEST(rule["state"].asString() == "active");
  BOOST_TEST(rule["createdBy"].asString() == "automation");
  BOOST_TEST(shown("p3:data-us-5gb") == 9.99);
  BOOST_TEST(shown("p3:data-us-5gb", other) == 9.0);
  BOOST_TEST(
    order("p3:data-us-5gb", R"(,"quantity":2,"validateOnly":true)").json()["totalUsd"].asDouble()
    == 19.98);
  auto placed = order("p3:data-us-5gb", R"(,"quantity":2)");
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  BOOST_TEST(balance() == 480.02);
  // The order keeps the price that it was placed at.
  set(own("p3:data-us-5gb", R"("priceUsd":11.00)"));
  auto id = placed.json()["orderId"].asString();
  BOOST_REQUIRE_EQUAL(here.final_status(owner, id), "completed");
  auto kept = here.get("/dealer/orders/" + id, {owner.key_header}).json();
  BOOST_TEST(kept["unitPriceUsd"].asDouble() == 9.99);
  auto why = explained("product=p3:data-us-5gb&dealer=" + owner.email);
  BOOST_TEST(why["kind"].asString() == "product");
  BOOST_TEST(why["country"].asString() == "US");
  BOOST_TEST(why["priceUsd"].asDouble() == 11.0);
  BOOST_TEST(why["costUsd"].asDouble() == 9.0);
  BOOST_TEST(why["marginUsd"].asDouble() == 2.0);
  BOOST_TEST(why["marginPct"].asDouble() == 18.18);
  BOOST_TEST(why["decidedBy"].asString() == "rule");
  BOOST_REQUIRE_EQUAL(why["rules"].size(), 2u);
  BOOST_TEST(why["rules"][0]["level"].asString() == "dealer+product");
  BOOST_TEST(why["rules"][0]["wins"].asBool());
  BOOST_TEST(why["rules"][0]["id"] == why["winner"]);
  BOOST_TEST(!why["rules"][1]["wins"].asBool());
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_a_dealer_has_is_out_of_date_once_a_rule_is_set) {
  auto tagged = here.get("/dealer/products", {owner.key_header});
  auto known = "If-None-Match: " + tagged.headers["etag"];
  BOOST_TEST(here.get("/dealer/products", {owner.key_header, known}).status == 304);
  auto rule = set(own("p3:data-jp-5gb", R"("priceUsd":8.00)"));
  BOOST_TEST(here.get("/dealer/products", {owner.key_header, known}).status == 200);
  BOOST_TEST(end(rule).status == 200);
  BOOST_TEST(here.get("/dealer/products", {owner.key_header, known}).status == 304);
}

BOOST_AUTO_TEST_CASE(what_begins_later_changes_nothing_now_and_what_began_before_does) {
  set(own("p3:data-world-1gb", R"("priceUsd":7.00,"from":"2026-01-01T00:00:00Z")"));
  BOOST_TEST(shown("p3:data-world-1gb") == 7.0);
  auto later = set(own("p3:data-world-1gb", R"("priceUsd":8.00,"from":")" + in_an_hour() + "\""));
  BOOST_TEST(later["state"].asString() == "scheduled");
  BOOST_TEST(shown("p3:data-world-1gb") == 7.0);
  auto question = "product=p3:data-world-1gb&dealer=" + owner.email;
  BOOST_TEST(explained(question)["priceUsd"].asDouble() == 7.0);
  BOOST_TEST(explained(question + "&at=" + in_an_hour())["priceUsd"].asDouble() == 8.0);
  auto before = explained(question + "&at=2025-12-31T23:59:59Z");
  BOOST_TEST(before["priceUsd"].asDouble() == 4.5);
  BOOST_TEST(before["decidedBy"].asString() == "list");
  BOOST_TEST(before["winner"].isNull());
}

BOOST_AUTO_TEST_CASE(the_account_s_markup_yields_to_the_dealer_s_rules_and_beats_those_for_all) {
  here.admin_post("/admin/v1/dealers/" + owner.email + "/settings",
                  R"({"markup_basis_points":1000})");
  auto general = set(R"({"product":"p3:data-eu-10gb","markupPct":50})");
  BOOST_TEST(shown("p3:data-eu-10gb") == 16.5);
  auto why = explained("product=p3:data-eu-10gb&dealer=" + owner.email);
  BOOST_TEST(why["decidedBy"].asString() == "account");
  BOOST_TEST(why["accountMarkupPct"].asDouble() == 10.0);
  auto stranger = here.add_dealer("0");
  BOOST_TEST(shown("p3:data-eu-10gb", stranger) == 22.5);
  auto own_rule = set(R"({"dealer":")" + owner.email + R"(","markupPct":20.5})");
  BOOST_TEST(shown("p3:data-eu-10gb") == 18.08);
  for (const auto& rule : {general, own_rule})
    BOOST_TEST(end(rule).json()["state"].asString() == "ended");
  BOOST_TEST(shown("p3:data-eu-10gb", stranger) == 15.0);
}

BOOST_AUTO_TEST_CASE(bundles_on_account_cost_what_their_country_does) {
  auto name = std::string{"esim_5gb_30days_jp"};
  BOOST_TEST(bundle_price(name) == 6.5);
  set(R"({"dealer":")" + owner.email + R"(","country":"jp","markupPct":100})");
  BOOST_TEST(bundle_price(name) == 13.0);
  BOOST_TEST(shown("p3:data-jp-5gb") == 13.0);
  auto placed =
    here.post("/api/v1/esim/order", R"({"bundleName":")" + name + "\"}", {owner.key_header});
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  BOOST_TEST(placed.json()["Amount"].asDouble() == 13.0);
}

BOOST_AUTO_TEST_CASE(top_ups_take_markups_and_no_price) {
  auto networks = here.get("/api/v1/topup/networks", {owner.key_header}).json()["networks"];
  BOOST_REQUIRE(!networks.empty());
  auto name = networks[0]["networkName"].asString();
  auto wrong = refused(own(name, R"("priceUsd":1000)"));
  BOOST_TEST(wrong.json()["field"].asString() == "priceUsd");
  set(own(name, R"("markupPct":100)"));
  auto after = here.get("/api/v1/topup/networks", {owner.key_header}).json()["networks"][0];
  BOOST_TEST(after["minTopUpPriceUsd"].asDouble() == 2 * networks[0]["minTopUpPriceUsd"].asDouble(),
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(explained("product=" + name)["kind"].asString() == "topup");
}

BOOST_AUTO_TEST_CASE(a_sku_s_price_is_a_rule_however_it_is_set) {
  const std::string sku = "019e1b5c-8000-7000-8000-000000000001";
  auto price = [&](const service::account& whose) {
    for (const auto& line :
         here.get(std::string{portal} + "/services/esim_supply_att/skus", {whose.portal_header})
           .json()["skus"])
      if (line["id"].asString() == sku)
        return line["price_usd"].asDouble();
    return 0.0;
  };
  auto before = price(owner);
  set(own(sku, R"("priceUsd":3.50)"));
  BOOST_TEST(price(owner) == 3.5);
  BOOST_TEST(price(here.add_dealer("0")) == before);
  BOOST_TEST(ctl("sku set " + sku + " --price 3.25 --dealer " + owner.email).status == 0);
  BOOST_TEST(price(owner) == 3.25);
  auto why = explained("product=" + sku + "&dealer=" + owner.email);
  BOOST_TEST(why["kind"].asString() == "sku");
  BOOST_TEST(why["priceUsd"].asDouble() == 3.25);
  BOOST_TEST(why["rules"].size() == 2u);
  auto bought = here.post(std::string{portal} + "/services/esim_supply_att/execute",
                          R"({"sku_id":")" + sku + R"(","quantity":1})", {owner.portal_header});
  BOOST_REQUIRE_EQUAL(bought.status, 200);
  BOOST_TEST(balance() == 496.75);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_refused_with_its_field) {
  struct wrong_wish {
    const char* body;
    const char* field;
    long status;
  };
  const wrong_wish table[] = {
    {R"({"product":"p3:data-us-5gb"})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":12,"markupPct":1})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":0})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":-1})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":9.999})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":10000000.01})", "priceUsd", 400},
    {R"({"product":"p3:data-us-5gb","priceUsd":8.99})", "priceUsd", 400},
    {R"({"priceUsd":12})", "product", 400},
    {R"({"country":"US","priceUsd":12})", "product", 400},
    {R"({"country":"US","product":"p3:data-us-5gb","markupPct":12})", "country", 400},
    {R"({"markupPct":-1})", "markupPct", 400},
    {R"({"markupPct":1000.01})", "markupPct", 400},
    {R"({"markupPct":1.001})", "markupPct", 400},
    {R"({"markupPct":"5"})", "markupPct", 400},
    {R"({"country":"US","markupPct":5,"from":"tomorrow"})", "from", 400},
    {R"({"country":"XX","markupPct":5})", "country", 404},
    {R"({"product":"p3:none","markupPct":5})", "product", 404},
    {R"({"dealer":"nobody@example.com","markupPct":5})", "dealer", 404},
  };
  for (const auto& line : table) {
    auto answer = refused(line.body);
    BOOST_TEST(answer.status == line.status, line.body);
    BOOST_TEST(answer.json()["field"].asString() == line.field, line.body << answer.body);
  }
  BOOST_TEST(here.admin_get(std::string{path} + "/explain").status == 400);
  BOOST_TEST(here.admin_get(std::string{path} + "/explain?product=p3:none").status == 404);
  BOOST_TEST(here.admin_get(std::string{path} + "?all=perhaps").status == 400);
  BOOST_TEST(end(read_json(R"({"id":"nothing"})")).status == 404);
}

BOOST_AUTO_TEST_CASE(a_price_below_the_cost_has_to_be_meant) {
  auto answer = refused(own("p3:data-us-5gb", R"("priceUsd":8.99)"));
  BOOST_TEST(answer.json()["message"].asString()
             == "priceUsd must not be below the cost of 9.00, unless belowCost is true");
  set(own("p3:data-us-5gb", R"("priceUsd":8.99,"belowCost":true)"));
  BOOST_TEST(shown("p3:data-us-5gb") == 8.99);
  auto why = explained("product=p3:data-us-5gb&dealer=" + owner.email);
  BOOST_TEST(why["marginUsd"].asDouble() == -0.01);
}

BOOST_AUTO_TEST_CASE(what_a_rule_would_change_is_shown_and_nothing_is_set) {
  auto body = own("p3:data-us-5gb", R"("priceUsd":5.00,"validateOnly":true)");
  auto answer = here.admin_post(path, body);
  BOOST_REQUIRE_EQUAL(answer.status, 200);
  auto preview = answer.json();
  BOOST_TEST(preview["changed"].asInt() == 1);
  BOOST_TEST(preview["belowCost"].asInt() == 1);
  BOOST_TEST(preview["products"][0]["product"].asString() == "p3:data-us-5gb");
  BOOST_TEST(preview["products"][0]["oldPriceUsd"].asDouble() == 9.0);
  BOOST_TEST(preview["products"][0]["newPriceUsd"].asDouble() == 5.0);
  BOOST_TEST(preview["products"][0]["costUsd"].asDouble() == 9.0);
  BOOST_TEST(shown("p3:data-us-5gb") == 9.0);
  auto all =
    here
      .admin_post(path, R"({"dealer":")" + owner.email + R"(","markupPct":10,"validateOnly":true})")
      .json();
  BOOST_TEST(all["changed"].asInt() > 20);
  BOOST_TEST(all["products"].size() <= 100u);
  BOOST_TEST(
    here.admin_get(std::string{path} + "?all=true&dealer=" + owner.email).json()["data"].empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_sets_one_rule_and_writes_one_event) {
  auto first = set(own("p3:data-us-5gb", R"("priceUsd":9.50)"));
  auto again = set(own("p3:data-us-5gb", R"("priceUsd":9.5)"));
  BOOST_TEST(first["id"] == again["id"]);
  BOOST_TEST(end(first).status == 200);
  BOOST_TEST(end(first).status == 200);
  database db{here.database_connection(), "test"};
  auto count = [&](const std::string& kind) {
    int number = 0;
    auto id = first["id"].asString();
    db.session() << "SELECT count(*) FROM audit_events WHERE kind = :kind AND after ->> 'id' = :id",
      soci::use(kind, "kind"), soci::use(id, "id"), soci::into(number);
    return number;
  };
  BOOST_TEST(count("price_rule.set") == 1);
  BOOST_TEST(count("price_rule.ended") == 1);
}

BOOST_AUTO_TEST_CASE(operators_who_set_a_price_at_once_are_all_answered_and_one_holds) {
  std::vector<std::future<web_reply>> setting;
  for (int i = 0; i < 6; ++i)
    setting.push_back(std::async(std::launch::async, [this, i] {
      return here.admin_post(path,
                             own("p3:data-us-5gb", R"("priceUsd":)" + std::to_string(10 + i)));
    }));
  for (auto& one : setting)
    BOOST_TEST(one.get().status == 200);
  auto held = here.admin_get(std::string{path} + "?dealer=" + owner.email).json()["data"];
  BOOST_REQUIRE_EQUAL(held.size(), 1u);
  BOOST_TEST(shown("p3:data-us-5gb") == held[0]["priceUsd"].asDouble());
}

BOOST_AUTO_TEST_CASE(an_operator_does_it_all_by_meisimctl) {
  auto whose = " --dealer " + owner.email;
  auto set_one = ctl_json("price set p3:data-us-5gb --price 9.75" + whose);
  BOOST_TEST(set_one["priceUsd"].asDouble() == 9.75);
  BOOST_TEST(ctl("price set p3:data-us-5gb --price 10" + whose + " --from " + in_an_hour())
               .says("scheduled"));
  BOOST_TEST(ctl_json("price list" + whose)["data"].size() == 2u);
  auto listed = ctl("price list" + whose);
  BOOST_TEST(listed.says("p3:data-us-5gb"));
  BOOST_TEST(listed.says("active"));
  auto first_page = ctl("price list --limit 1" + whose);
  BOOST_TEST(first_page.says("More follow: --cursor "));
  auto why = ctl("price explain p3:data-us-5gb" + whose);
  BOOST_TEST(why.says("dealer+product"));
  BOOST_TEST(why.says("marginUsd"));
  auto preview = ctl("price preview --markup 10 --country JP" + whose);
  BOOST_TEST(preview.says("would cost something else"));
  BOOST_TEST(preview.says("esim_5gb_30days_jp"));
  auto below = ctl("price set p3:data-us-5gb --price 1" + whose);
  BOOST_TEST(below.status == 1);
  BOOST_TEST(below.says("must not be below the cost of 9.00"));
  BOOST_TEST(ctl("price set p3:data-us-5gb --price 1 --below-cost" + whose).status == 0);
  BOOST_TEST(ctl("price set p3:data-us-5gb" + whose).status == 2);
  BOOST_TEST(ctl("price set p3:data-us-5gb --price x" + whose).status == 2);
  auto held = ctl_json("price explain p3:data-us-5gb" + whose)["winner"].asString();
  BOOST_TEST(ctl("price remove " + held).says("ended"));
  BOOST_TEST(shown("p3:data-us-5gb") == 9.0);
  BOOST_TEST(ctl_json("price list --all" + whose)["data"].size() == 3u);
}

BOOST_AUTO_TEST_CASE(rules_hold_on_every_node_and_after_a_restart) {
  certificates keys;
  service first{keys.added_to({"--rate-limits", "off"})};
  auto second = first.start_peer("node-1");
  auto dealer = first.add_dealer("0");
  auto price_at = [&](const std::string& url) {
    auto page = call({"GET", url + "/dealer/products?q=data-us-5gb", {dealer.key_header}, {}});
    return page.json()["data"][0]["priceUsd"].asDouble();
  };
  BOOST_TEST(price_at(second.url) == 9.0);
  BOOST_REQUIRE_EQUAL(
    first.admin_post(path, R"({"product":"p3:data-us-5gb","priceUsd":12.34})").status, 200);
  BOOST_TEST(price_at(first.public_url()) == 12.34);
  BOOST_TEST(comes_true([&] { return price_at(second.url) == 12.34; }));
  first.restart(SIGTERM);
  BOOST_TEST(price_at(first.public_url()) == 12.34);
}

BOOST_AUTO_TEST_SUITE_END()
