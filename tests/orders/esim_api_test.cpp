#include "tests/fixtures/shared_service.hpp"

#include <chrono>
#include <set>
#include <thread>

// eSIMs on account: what dealers were promised under /api/v1/esim, against the sandbox.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("0");

  web_reply post(const std::string& path, const std::string& body,
                 std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post(path, body, headers);
  }

  web_reply order(const std::string& bundle, const std::string& more = {},
                  const std::vector<std::string>& headers = {}) const {
    return post("/api/v1/esim/order",
                R"({"bundleName":")" + bundle + "\"" + (more.empty() ? "" : "," + more) + "}",
                headers);
  }

  Json::Value orders() const {
    return here.get("/api/v1/orders", {owner.key_header}).json();
  }

  std::string mails_to(const std::string& address) const {
    for (int i = 0; i < 100; ++i) {
      if (auto mails = here.mails_to(address); !mails.empty())
        return mails;
      std::this_thread::sleep_for(50ms);
    }
    return {};
  }

  /// How often the sandbox has sold anything so far.
  int sold() const {
    auto shown = call({"GET", here.sandbox_url() + "/test/provider/orders", {}, {}}).json();
    return shown["count"].asInt();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(esim_api_suite, fixture)

BOOST_AUTO_TEST_CASE(countries_are_the_providers) {
  auto countries = here.get("/api/v1/esim/countries", {owner.key_header}).json()["countries"];
  BOOST_TEST(countries.size() >= 20u);
  std::set<std::string> names;
  for (const auto& country : countries)
    names.insert(country["iso"].asString() + " " + country["name"].asString());
  BOOST_TEST(names.contains("JP Japan"));
}

BOOST_AUTO_TEST_CASE(bundles_are_filtered_and_paged_and_cost_what_the_dealer_pays) {
  auto japan = post("/api/v1/esim/bundles", R"({"countryISO":"JP","pageSize":100})").json();
  BOOST_TEST(japan["total"].asInt() > 0);
  bool is_there = false;
  for (const auto& bundle : japan["bundles"]) {
    BOOST_TEST(bundle["countryISO"].asString() == "JP");
    if (bundle["name"].asString() == "esim_5gb_30days_jp") {
      is_there = true;
      BOOST_TEST(bundle["price"].asDouble() == 6.50);
      BOOST_TEST(bundle["dataMb"].asInt() > 0);
      BOOST_TEST(bundle["validityDays"].asInt() == 30);
    }
  }
  BOOST_TEST(is_there);
  BOOST_TEST(post("/api/v1/esim/bundles", R"({"countryName":"japan"})").json()["total"].asInt()
             == japan["total"].asInt());
  // What people call it, and its code.
  BOOST_TEST(post("/api/v1/esim/bundles", R"({"countryISO":"UK"})").json()["total"].asInt()
             == post("/api/v1/esim/bundles", R"({"countryISO":"gb"})").json()["total"].asInt());
  BOOST_TEST(post("/api/v1/esim/bundles", R"({"countryName":"Atlantis"})").json()["total"].asInt()
             == 0);
  BOOST_TEST(post("/api/v1/esim/bundles", R"({"countryISO":"JP","countryName":"France"})")
               .json()["total"]
               .asInt()
             == 0);
  // The pages together are the whole, and none overlaps.
  auto whole = post("/api/v1/esim/bundles", "{}").json();
  BOOST_TEST(whole["pageSize"].asInt() == 20);
  BOOST_TEST(whole["bundles"].size() == 20u);
  std::set<std::string> seen;
  for (int page = 1; page <= (whole["total"].asInt() + 6) / 7; ++page) {
    auto body = R"({"pageSize":7,"pageNumber":)" + std::to_string(page) + "}";
    auto answer = post("/api/v1/esim/bundles", body).json();
    for (const auto& bundle : answer["bundles"])
      BOOST_TEST(seen.insert(bundle["name"].asString()).second);
  }
  BOOST_TEST(std::cmp_equal(seen.size(), whole["total"].asInt()));
}

BOOST_AUTO_TEST_CASE(an_order_on_account_is_answered_with_the_esim_and_stands_in_the_history) {
  auto answer = order("esim_5gb_30days_jp",
                      R"("customerReference":"ORDER-12345","emailAddress":"qr@example.com",)"
                      R"("qrToCustomer":true)");
  BOOST_TEST(answer.status == 200);
  auto esim = answer.json();
  BOOST_TEST(esim["Status"].asString() == "Success");
  BOOST_TEST(esim["QrCode"].asString().starts_with("LPA:1$"));
  auto history = orders();
  BOOST_REQUIRE(history.size() == 1u);
  BOOST_TEST(history[0]["order_type"].asString() == "esim");
  BOOST_TEST(history[0]["bundle_name"].asString() == "esim_5gb_30days_jp");
  BOOST_TEST(history[0]["customer_reference"].asString() == "ORDER-12345");
  BOOST_TEST(history[0]["email_address"].asString() == "qr@example.com");
  BOOST_TEST(history[0]["iccid"].asString() == esim["Iccid"].asString());
  BOOST_TEST(history[0]["amount"].asDouble() == 6.50);
  BOOST_TEST(history[0]["status"].asString() == "completed");
  auto mail = mails_to("qr@example.com");
  BOOST_TEST(mail.find(esim["QrCode"].asString()) != std::string::npos);
  // The wallet is not touched.
  BOOST_TEST(here.get("/dealer/wallet", {owner.key_header}).json()["transactions"].size() == 0u);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(the_same_key_buys_once) {
  auto before = sold();
  auto first = order("esim_5gb_30days_jp", {}, {"Idempotency-Key: once"});
  auto again = order("esim_5gb_30days_jp", {}, {"Idempotency-Key: once"});
  BOOST_TEST(first.body == again.body);
  BOOST_TEST(again.headers.at("idempotent-replayed") == "true");
  BOOST_TEST(sold() == before + 1);
  BOOST_TEST(
    order("esim_5gb_30days_jp", R"("customerReference":"x")", {"Idempotency-Key: once"}).status
    == 409);
  BOOST_TEST(orders().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_provider_refuses_is_failed_and_what_it_fumbles_is_bought_once) {
  auto refused = order("esim_sandbox-reject", {}, {"Idempotency-Key: refused"});
  auto again = order("esim_sandbox-reject", {}, {"Idempotency-Key: refused"});
  // But for the id of the request.
  BOOST_TEST(again.json()["message"].asString() == refused.json()["message"].asString());
  BOOST_TEST(again.json()["code"].asString() == "vendor_refused");
  BOOST_TEST(again.headers.at("idempotent-replayed") == "true");
  BOOST_TEST(refused.status == 502);
  BOOST_TEST(refused.json()["error"].asString() == "VENDOR_ERROR");
  BOOST_TEST(orders()[0]["status"].asString() == "failed");
  auto before = sold();
  BOOST_TEST(order("esim_sandbox-flaky").status == 200);
  BOOST_TEST(order("esim_sandbox-timeout").json()["Status"].asString() == "Success");
  BOOST_TEST(sold() == before + 2);
}

BOOST_AUTO_TEST_CASE(only_ones_own_esims_can_be_looked_at_and_revoked) {
  auto iccid = order("esim_5gb_30days_jp").json()["Iccid"].asString();
  auto body = R"({"iccid":")" + iccid + "\"}";
  auto details = post("/api/v1/esim/details", body);
  BOOST_TEST(details.status == 200);
  BOOST_TEST(details.json()["Iccid"].asString() == iccid);
  BOOST_TEST(details.json()["DataAllowanceMb"].asInt() > 0);
  auto other = here.add_dealer("0");
  BOOST_TEST(here.post("/api/v1/esim/details", body, {other.key_header}).status == 404);
  BOOST_TEST(here.post("/api/v1/esim/revoke", body, {other.key_header}).status == 404);
  BOOST_TEST(orders()[0]["status"].asString() == "completed");
  BOOST_TEST(post("/api/v1/esim/revoke", body).status == 200);
  BOOST_TEST(post("/api/v1/esim/revoke", body).status == 200);
  BOOST_TEST(orders()[0]["status"].asString() == "revoked");
  BOOST_TEST(post("/api/v1/esim/details", body).json()["State"].asString() == "Revoked");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_and_buys_nothing) {
  struct wrong {
    std::string path;
    std::string body;
    int status;
    std::string named;
  };
  const std::vector<wrong> cases{
    {"bundles", R"({"countryISO":"JPN"})", 400, "countryISO"},
    {"bundles", R"({"countryISO":5})", 400, "countryISO"},
    {"bundles", R"({"countryName":[]})", 400, "countryName"},
    {"bundles", R"({"region":false})", 400, "region"},
    {"bundles", R"({"pageNumber":0})", 400, "pageNumber"},
    {"bundles", R"({"pageNumber":"1"})", 400, "pageNumber"},
    {"bundles", R"({"pageSize":101})", 400, "pageSize"},
    {"bundles", R"({"pageSize":0})", 400, "pageSize"},
    {"bundles", R"({"country":"JP"})", 400, "country"},
    {"order", "{}", 400, "bundleName"},
    {"order", R"({"bundleName":7})", 400, "bundleName"},
    {"order", R"({"bundleName":""})", 400, "bundleName"},
    {"order", R"({"bundleName":"no_such_bundle"})", 404, "bundleName"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","customerReference":1})", 400,
     "customerReference"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","emailAddress":"nobody"})", 400,
     "emailAddress"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","qrToCustomer":"yes"})", 400, "qrToCustomer"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","qrToCustomer":true})", 400, "emailAddress"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","maxPriceUsd":-1})", 400, "maxPriceUsd"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","maxPriceUsd":6.49})", 409, "price guard"},
    {"order", R"({"bundleName":"esim_5gb_30days_jp","quantity":2})", 400, "quantity"},
    {"details", "{}", 400, "iccid"},
    {"details", R"({"iccid":89})", 400, "iccid"},
    {"details", R"({"iccid":"89abc0000000000000000"})", 400, "iccid"},
    {"details", R"({"iccid":"8900000000000000000"})", 404, "iccid"},
    {"revoke", R"({"iccid":""})", 400, "iccid"},
    {"revoke", R"({"iccid":"8900000000000000000"})", 404, "iccid"},
  };
  auto before = sold();
  for (const auto& wrong : cases) {
    auto answer = post("/api/v1/esim/" + wrong.path, wrong.body);
    BOOST_TEST(answer.status == wrong.status, wrong.path << ' ' << wrong.body << answer.status);
    BOOST_TEST(answer.json()["message"].asString().find(wrong.named) != std::string::npos,
               wrong.body << " got " << answer.body);
  }
  BOOST_TEST(sold() == before);
  BOOST_TEST(orders().size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_order_that_was_left_pending_is_settled_after_a_kill) {
  auto url = here.public_url();
  auto before = sold();
  // The provider sells, its answer is lost, and the node dies before it has asked again.
  std::thread client{[&] {
    call({"POST",
          url + "/api/v1/esim/order",
          {owner.key_header, "Content-Type: application/json", "Idempotency-Key: killed"},
          R"({"bundleName":"esim_sandbox-timeout"})"},
         true);
  }};
  for (int i = 0; i < 200 && sold() == before; ++i)
    std::this_thread::sleep_for(20ms);
  here.restart(9);
  client.join();
  BOOST_TEST(orders()[0]["status"].asString() == "pending");
  // A repeat is told that it is under way.
  BOOST_TEST(order("esim_sandbox-timeout", {}, {"Idempotency-Key: killed"}).status == 202);
  for (int i = 0; i < 900 && orders()[0]["status"].asString() == "pending"; ++i)
    std::this_thread::sleep_for(100ms);
  BOOST_TEST(orders()[0]["status"].asString() == "completed");
  BOOST_TEST(sold() == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()
