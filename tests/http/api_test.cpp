#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

// The whole product over HTTP: what dealers were promised, case by case.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

service& here() {
  return shared_service();
}

std::string order_body(const std::string& product, const std::string& more = {}) {
  return R"({"productId":")" + product
         + R"(","customerEmail":"end@example.com","customerName":"Jane Doe")"
         + (more.empty() ? "" : "," + more) + "}";
}

double balance_of(const service::account& owner) {
  return here().get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
}

std::string sku() {
  auto owner = here().add_dealer("0");
  auto list =
    here().get("/api/portal/v1/services/esim_supply_att/skus", {owner.portal_header}).json();
  return list["skus"][0]["id"].asString();
}

std::string stock_csv(const std::string& prefix, int count) {
  std::string csv = "iccid,lpa\n";
  for (int i = 0; i < count; ++i) {
    auto number = std::to_string(100'000 + i);
    csv += prefix + number + ",LPA:1$host.example$M-" + number + "\n";
  }
  return csv;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_suite)

BOOST_AUTO_TEST_CASE(a_mailed_code_becomes_a_key_that_tells_who_one_is) {
  BOOST_TEST(here().post("/dealer/send-otp", R"({"email":"demo@meisim.test"})").body
             == R"({"sent":true})");
  std::string mail;
  for (int i = 0; i < 100 && mail.empty(); ++i) {
    std::this_thread::sleep_for(50ms);
    mail = here().mails_to("demo@meisim.test");
  }
  auto begin = mail.find("one-time code is:");
  BOOST_REQUIRE(begin != std::string::npos);
  auto code = mail.substr(mail.find_first_of("0123456789", begin), 6);
  auto verified =
    here().post("/dealer/verify-otp", R"({"email":"demo@meisim.test","code":")" + code + "\"}");
  BOOST_TEST(verified.json()["verified"].asBool());
  auto me = here().get("/api/v1/me", {"x-dealer-key: " + verified.json()["apiKey"].asString()});
  BOOST_TEST(me.status == 200);
  BOOST_TEST(me.json()["status"].asString() == "approved");
  // A code works once.
  BOOST_TEST(here()
               .post("/dealer/verify-otp", R"({"email":"demo@meisim.test","code":")" + code + "\"}")
               .status
             == 401);
  BOOST_TEST(here().post("/dealer/send-otp", R"({"email":"nobody@example.com"})").body
             == R"({"sent":true})");
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_at_once) {
  auto owner = here().add_dealer("0");
  auto keys = here().get("/dealer/keys", {owner.key_header}).json()["keys"];
  BOOST_REQUIRE_EQUAL(keys.size(), 1u);
  BOOST_TEST(
    here().remove("/dealer/keys/" + keys[0]["prefix"].asString(), {owner.key_header}).status
    == 200);
  BOOST_TEST(here().get("/api/v1/me", {owner.key_header}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_token_is_good_for_its_audience_until_the_password_changes) {
  auto owner = here().add_dealer("0");
  auto body = R"({"email":")" + owner.email + R"(","password":"a-password"})";
  for (const char* path : {"/dealer/login", "/dealer/auth/login"}) {
    auto header = "Authorization: Bearer " + here().post(path, body).json()["token"].asString();
    BOOST_TEST(here().get("/dealer/wallet", {header}).status == 200);
    BOOST_TEST(here().get("/api/portal/v1/wallet", {header}).status == 401);
  }
  BOOST_TEST(here().get("/api/portal/v1/wallet", {owner.portal_header}).status == 200);
  BOOST_TEST(here().get("/dealer/wallet", {owner.portal_header}).status == 401);
  auto changed = R"({"email":")" + owner.email
                 + R"(","password":"another-password","currentPassword":"a-password"})";
  BOOST_TEST(here().post("/dealer/auth/set-password", changed, {owner.key_header}).status == 200);
  BOOST_TEST(here().get("/api/portal/v1/wallet", {owner.portal_header}).status == 401);
  BOOST_TEST(here().post("/dealer/login", body).status == 401);
}

BOOST_AUTO_TEST_CASE(only_an_approved_dealer_does_business) {
  auto owner = here().add_dealer("10.00", "pending");
  BOOST_TEST(here().get("/api/v1/me", {owner.key_header}).status == 200);
  BOOST_TEST(here().get("/dealer/wallet", {owner.key_header}).status == 403);
  here().admin_post("/admin/v1/dealers/" + owner.email + "/status", R"({"status":"approved"})");
  BOOST_TEST(here().get("/dealer/wallet", {owner.key_header}).status == 200);
  here().admin_post("/admin/v1/dealers/" + owner.email + "/status", R"({"status":"suspended"})");
  BOOST_TEST(here().post("/dealer/order", order_body("p3:data-us-5gb"), {owner.key_header}).status
             == 403);
}

BOOST_AUTO_TEST_CASE(an_order_is_paid_fulfilled_and_mailed) {
  auto owner = here().add_dealer("100.00");
  auto placed = here().post("/dealer/order", order_body("p3:data-us-5gb", R"("quantity":2)"),
                            {owner.key_header});
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  auto order = placed.json();
  BOOST_TEST(order["status"].asString() == "processing");
  BOOST_TEST(order["shortId"].asString().starts_with("MM-"));
  BOOST_TEST(order["newBalance"].asDouble() == 100 - order["totalUsd"].asDouble());
  BOOST_TEST(here().final_status(owner, order["orderId"].asString()) == "completed");
  std::string mails;
  BOOST_TEST(comes_true([&] {
    mails = here().mails_to("end@example.com");
    return mails.find(order["shortId"].asString()) != std::string::npos;
  }));
  BOOST_TEST(mails.find("image/png") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_provider_refuses_is_given_back) {
  auto owner = here().add_dealer("100.00");
  auto placed =
    here().post("/dealer/order", order_body("p3:sandbox-reject"), {owner.key_header}).json();
  BOOST_TEST(here().final_status(owner, placed["orderId"].asString()) == "failed");
  BOOST_TEST(balance_of(owner) == 100.0);
  auto wallet = here().get("/dealer/wallet", {owner.key_header}).json();
  BOOST_TEST(wallet["transactions"][0]["type"].asString() == "refund");
}

BOOST_AUTO_TEST_CASE(missing_funds_are_told_with_both_amounts_and_change_nothing) {
  auto owner = here().add_dealer("1.00");
  auto refused = here().post("/dealer/order", order_body("p3:data-us-5gb"), {owner.key_header});
  BOOST_TEST(refused.status == 402);
  BOOST_TEST(refused.json()["error"].asString() == "Payment required");
  BOOST_TEST(refused.json()["balance"].asDouble() == 1.0);
  BOOST_TEST(refused.json()["required"].asDouble() > 1.0);
  auto portal = here().post("/api/portal/v1/services/esim_supply_att/execute",
                            R"({"sku_id":")" + sku() + R"(","quantity":1})", {owner.portal_header});
  BOOST_TEST(portal.status == 402);
  BOOST_TEST(portal.json()["error"].asString() == "INSUFFICIENT_FUNDS");
  BOOST_TEST(balance_of(owner) == 1.0);
  BOOST_TEST(here().get("/api/v1/orders", {owner.key_header}).body == "[]");
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_buys_once) {
  auto owner = here().add_dealer("100.00");
  std::vector<std::string> headers{owner.key_header, "Idempotency-Key: one"};
  auto first = here().post("/dealer/order", order_body("p3:data-us-5gb"), headers);
  auto repeat = here().post("/dealer/order", order_body("p3:data-us-5gb"), headers);
  BOOST_TEST(repeat.status == 200);
  BOOST_TEST(repeat.body == first.body);
  BOOST_TEST(repeat.headers["idempotent-replayed"] == "true");
  auto other =
    here().post("/dealer/order", order_body("p3:data-us-5gb", R"("quantity":2)"), headers);
  BOOST_TEST(other.status == 409);
  BOOST_TEST(here().get("/api/v1/orders", {owner.key_header}).json().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_buys_from_stock_once) {
  auto owner = here().add_dealer("100.00");
  auto buy = [&] {
    return here().post("/api/portal/v1/services/esim_supply_att/execute",
                       R"({"sku_id":")" + sku() + R"(","quantity":2})",
                       {owner.portal_header, "Idempotency-Key: two"});
  };
  auto first = buy();
  BOOST_TEST(first.json()["result"]["esims"].size() == 2u);
  auto repeat = buy();
  BOOST_TEST(repeat.status == 200);
  BOOST_TEST(repeat.body == first.body);
  BOOST_TEST(repeat.headers["idempotent-replayed"] == "true");
  BOOST_TEST(balance_of(owner) == 100.0 - 2 * 4.0);
}

BOOST_AUTO_TEST_CASE(the_price_guard_stops_before_anything_is_charged) {
  auto owner = here().add_dealer("100.00");
  auto refused = here().post("/dealer/order", order_body("p3:data-us-5gb", R"("maxPriceUsd":0.50)"),
                             {owner.key_header});
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(balance_of(owner) == 100.0);
}

BOOST_AUTO_TEST_CASE(bad_orders_are_refused_by_the_name_of_the_field) {
  auto owner = here().add_dealer("100.00");
  struct row {
    std::string body;
    std::string named;
  };
  const std::vector<row> table{
    {R"({"customerEmail":"a@b.co","customerName":"x"})", "productId is required"},
    {order_body("p3:data-us-5gb", R"("quantity":0)"), "quantity"},
    {order_body("p3:data-us-5gb", R"("quantity":21)"), "quantity"},
    {order_body("p3:data-us-5gb", R"("quantity":1.5)"), "quantity"},
    {order_body("p3:data-us-5gb", R"("quantity":true)"), "quantity"},
    {order_body("p3:data-us-5gb", R"("colour":"red")"), "colour"},
    {order_body("p3:data-us-5gb", R"("imei":"12")"), "imei"},
    {order_body("p3:data-us-5gb", R"("eid":"zz")"), "eid"},
    {order_body("p3:data-us-5gb", R"("maxPriceUsd":-1)"), "maxPriceUsd"},
    {order_body("p3:att-prepaid-30"), "imei"},
    {order_body("p3:att-prepaid-30", R"("imei":"359123456789012")"), "eid"},
    {R"({"productId":"p3:data-us-5gb","customerEmail":"nobody","customerName":"x"})",
     "customerEmail"},
    {"[]", "JSON"},
    {R"({"a":1,"a":2})", "JSON"},
    {R"({"a":01})", "JSON"},
    {std::string(200, '[') + std::string(200, ']'), "JSON"},
    {"{\"productId\":\"\xff\"}", "UTF-8"},
  };
  for (const auto& [body, named] : table) {
    auto refused = here().post("/dealer/order", body, {owner.key_header});
    BOOST_TEST(refused.status == 400, body << " gave " << refused.status);
    BOOST_TEST(refused.json()["message"].asString().find(named) != std::string::npos, refused.body);
  }
  BOOST_TEST(here().post("/dealer/order", order_body("p3:no-such"), {owner.key_header}).status
             == 404);
  BOOST_TEST(balance_of(owner) == 100.0);
}

BOOST_AUTO_TEST_CASE(the_edge_answers_every_wrong_request_in_json) {
  auto owner = here().add_dealer("0");
  BOOST_TEST(here().get("/no/such").json()["error"].asString() == "Not found");
  BOOST_TEST(here().get("/dealer/order").status == 405);
  BOOST_TEST(here().get("/api/v1/me").status == 401);
  auto url = here().public_url();
  BOOST_TEST(
    call({"POST", url + "/dealer/order", {owner.key_header, "Content-Type: text/plain"}, "{}"})
      .status
    == 415);
  BOOST_TEST(here().post("/dealer/order", std::string(70'000, ' '), {owner.key_header}).status
             == 413);
  BOOST_TEST(call({"HEAD", url + "/api/v1/me", {owner.key_header}, {}}).status == 200);
  BOOST_TEST(call({"OPTIONS", url + "/api/v1/me", {}, {}}).headers["allow"].find("GET")
             != std::string::npos);
  BOOST_TEST(
    here().get("/api/v1/me", {owner.key_header, "X-Request-Id: my-id_1.2"}).headers["x-request-id"]
    == "my-id_1.2");
}

BOOST_AUTO_TEST_CASE(short_stock_is_credited_and_no_stock_is_refunded) {
  auto owner = here().add_dealer("10000.00");
  auto execute = [&](int quantity) {
    return here().post("/api/portal/v1/services/esim_supply_att/execute",
                       R"({"sku_id":")" + sku() + R"(","quantity":)" + std::to_string(quantity)
                         + "}",
                       {owner.portal_header});
  };
  auto full = execute(3).json();
  BOOST_TEST(full["result"]["quantity_filled"].asInt() == 3);
  BOOST_TEST(full["vendor_order_ref"].asString()
             == "INV-" + std::to_string(full["usage_id"].asInt64()));
  auto rest = execute(1'000).json();
  BOOST_TEST(rest["result"]["partial"].asBool());
  auto filled = rest["result"]["quantity_filled"].asInt();
  BOOST_TEST(rest["cost_usd"].asDouble() == filled * 4.0);
  auto before = balance_of(owner);
  BOOST_TEST(before == 10000.0 - (filled + 3) * 4.0);
  auto none = execute(1);
  BOOST_TEST(none.status == 502);
  BOOST_TEST(none.json()["error"].asString() == "VENDOR_ERROR");
  BOOST_TEST(balance_of(owner) == before);
  auto wallet = here().get("/dealer/wallet", {owner.key_header}).json();
  BOOST_TEST(wallet["transactions"][0]["type"].asString() == "refund");
  BOOST_TEST(wallet["transactions"][1]["type"].asString() == "debit");
  auto mine = here().get("/api/portal/v1/esim-supply/my?limit=2", {owner.portal_header}).json();
  BOOST_TEST(mine["total"].asInt() == filled + 3);
  BOOST_TEST(mine["esims"].size() == 2u);
}

BOOST_AUTO_TEST_CASE(forty_buyers_race_for_less_than_they_ask_for) {
  constexpr int stock = 250;
  constexpr int buyers = 40;
  auto drain = here().add_dealer("10000.00");
  auto path = "/api/portal/v1/services/esim_supply_att/execute";
  auto body = R"({"sku_id":")" + sku() + R"(","quantity":10})";
  // What other cases have left is taken first.
  while (here()
           .post(path, R"({"sku_id":")" + sku() + R"(","quantity":1000})", {drain.portal_header})
           .status
         == 200) {
    // nop
  }
  here().admin_post("/admin/v1/inventory/att/qr", stock_csv("89014105550000", stock));
  std::vector<service::account> accounts;
  for (int i = 0; i < buyers; ++i)
    accounts.push_back(here().add_dealer("1000.00"));
  std::vector<web_reply> answers(buyers);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < buyers; ++i)
    threads.emplace_back(
      [&, i] { answers[i] = here().post(path, body, {accounts[i].portal_header}); });
  for (auto& thread : threads)
    thread.join();
  std::set<std::string> sold;
  int count = 0;
  for (size_t i = 0; i < buyers; ++i) {
    int got = 0;
    auto answer = answers[i].json();
    for (const auto& esim : answer["result"]["esims"]) {
      sold.insert(esim["iccid"].asString());
      ++got;
    }
    BOOST_TEST(answers[i].status == (got > 0 ? 200 : 502), answers[i].body);
    BOOST_TEST(balance_of(accounts[i]) == 1000.0 - got * 4.0);
    count += got;
  }
  BOOST_TEST(count == stock);
  BOOST_TEST(sold.size() == static_cast<size_t>(stock));
}

BOOST_AUTO_TEST_CASE(the_statement_lists_every_entry_and_disarms_formulas) {
  auto owner = here().add_dealer("5.00");
  here().admin_post("/admin/v1/dealers/" + owner.email + "/adjustments",
                    R"x({"amount":"+1.00","reason":"=HYPERLINK(\"x\")"})x");
  auto statement = here().get("/dealer/statement", {owner.key_header});
  BOOST_TEST(statement.headers["content-type"].starts_with("text/csv"));
  BOOST_TEST(statement.body.starts_with(
    "Date,Type,Amount USD,Balance after USD,Description,Order ID,Stripe session"));
  BOOST_TEST(statement.body.find(",adjustment,1.00,6.00,\"'=HYPERLINK(\"\"x\"\")\",")
             != std::string::npos);
  BOOST_TEST(here()
               .get("/dealer/statement?from=2020-01-01&to=2020-02-01", {owner.key_header})
               .body.find("adjustment")
             == std::string::npos);
  BOOST_TEST(here().get("/dealer/statement?from=yesterday", {owner.key_header}).status == 400);
}

BOOST_AUTO_TEST_CASE(a_statement_is_had_by_month_and_named_after_it) {
  auto owner = here().add_dealer("5.00");
  auto get = [&](const std::string& path) { return here().get(path, {owner.key_header}); };
  auto this_month = meisim::rfc3339(meisim::now()).substr(0, 7);
  for (const std::string kind : {"csv", "pdf"}) {
    auto path = std::string{kind == "csv" ? "/dealer/statement" : "/dealer/statement.pdf"};
    auto month = get(path + "?month=" + this_month);
    BOOST_TEST(month.status == 200);
    BOOST_TEST(month.headers["content-disposition"]
               == "attachment; filename=\"statement-" + this_month + "." + kind + "\"");
    for (const char* wrong : {"2026", "2026-13", "2026-1", "2026-05-01", "x"})
      BOOST_TEST(get(path + "?month=" + wrong).status == 400, path << " refuses " << wrong);
  }
  BOOST_TEST(get("/dealer/statement?month=" + this_month).body.find(",adjustment,5.00,5.00,")
             != std::string::npos);
  BOOST_TEST(get("/dealer/statement?month=2020-02").body.find("adjustment") == std::string::npos);
  BOOST_TEST(get("/dealer/statement.pdf").body.starts_with("%PDF-"));
  BOOST_TEST(get("/dealer/statement.pdf").headers["content-type"] == "application/pdf");
  BOOST_TEST(get("/dealer/statement?from=2026-04-01&to=2026-05-01").headers["content-disposition"]
             == "attachment; filename=\"statement-2026-04-01-to-2026-05-01.csv\"");
  BOOST_TEST(get("/dealer/statement?month=2026-05&from=2026-05-01").status == 400);
}

BOOST_AUTO_TEST_CASE(limits_are_told_and_kept) {
  service limited{{}};
  auto owner = limited.add_dealer("0");
  web_reply last;
  for (int i = 0; i < 60; ++i)
    last = limited.get("/api/v1/me", {owner.key_header});
  BOOST_TEST(last.status == 200);
  BOOST_TEST(last.headers["ratelimit-remaining"] == "0");
  auto refused = limited.get("/api/v1/me", {owner.key_header});
  BOOST_TEST(refused.status == 429);
  BOOST_TEST(refused.headers["ratelimit-limit"] == "60");
  BOOST_TEST(std::stoi(refused.headers["retry-after"]) > 0);
}

BOOST_AUTO_TEST_CASE(the_ledger_is_whole_in_the_end) {
  BOOST_TEST(here().is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
