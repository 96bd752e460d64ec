#include "protocols/base/cause.hpp"
#include "tests/fixtures/raw_client.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <string>
#include <vector>

// How a program can tell errors apart, wherever they come from.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("100.00");

  static void expect(const web_reply& answer, cause why, const std::string& field = {}) {
    const auto& entry = describe(why);
    auto body = answer.json();
    BOOST_TEST(answer.status == entry.status, answer.body);
    BOOST_TEST(body["code"].asString() == entry.name, answer.body);
    BOOST_TEST(body.isMember("field") != field.empty(), answer.body);
    BOOST_TEST(body["field"].asString() == field, answer.body);
    BOOST_TEST(!body["message"].asString().empty());
    auto headers = answer.headers;
    BOOST_TEST(body["request_id"].asString() == headers["x-request-id"], answer.body);
  }

  static std::string message_of(const web_reply& answer) {
    return answer.json()["message"].asString();
  }

  web_reply order(const std::string& more, std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post("/dealer/order",
                     R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com",)"
                     R"("customerName":"Jane")"
                       + more + '}',
                     headers);
  }

  web_reply top_up(const std::string& amount) const {
    return here.post("/dealer/topup", R"({"amountUsd":)" + amount + '}', {owner.key_header});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(errors_api_suite, fixture)

BOOST_AUTO_TEST_CASE(every_cause_of_a_refused_field_has_its_code) {
  expect(top_up("\"100\""), cause::invalid_field, "amountUsd");
  BOOST_TEST(message_of(top_up("\"100\"")) == "amountUsd must be a number");
  BOOST_TEST(message_of(top_up("49")) == "amountUsd must be between 50 and 10000");
  expect(top_up("null"), cause::missing_field, "amountUsd");
  expect(order(R"(,"quantity":1.5)"), cause::invalid_field, "quantity");
  BOOST_TEST(message_of(order(R"(,"quantity":1.5)")) == "quantity must be a whole number");
  expect(order(R"(,"qty":1)"), cause::unknown_field, "qty");
  expect(order(R"(,"address":{"first_name":"Jane"})"), cause::missing_field, "address.last_name");
  // The misspelt name says more than the name that is missing because of it.
  auto misspelt = here.post("/dealer/order", R"({"productID":"x"})", {owner.key_header});
  expect(misspelt, cause::unknown_field, "productID");
  expect(order(R"(,"address":{"firstName":"Jane"})"), cause::unknown_field, "address.firstName");
  expect(order(R"(,"productId":"x")"), cause::malformed_body);
  expect(here.post("/dealer/order", "{", {owner.key_header}), cause::malformed_body);
  expect(here.post("/dealer/esim-verify", R"({"lpas":["a",1]})", {owner.key_header}),
         cause::invalid_field, "lpas[1]");
  expect(here.post("/dealer/esim-verify", R"({"lpas":[]})", {owner.key_header}),
         cause::invalid_field, "lpas");
  expect(order("", {"Idempotency-Key: a b"}), cause::invalid_field, "Idempotency-Key");
}

BOOST_AUTO_TEST_CASE(a_parameter_that_a_route_does_not_know_is_refused_and_a_page_ignores_it) {
  auto refused = here.get("/api/v1/orders?limt=1", {owner.key_header});
  expect(refused, cause::unknown_field, "limt");
  BOOST_TEST(message_of(here.get("/dealer/statement?From=2026-05-01", {owner.key_header}))
             == "From is not a parameter of this path, which takes from, to, month");
  expect(here.get("/api/portal/v1/esim-supply/my?limit=0", {owner.portal_header}),
         cause::invalid_field, "limit");
  // A caller who is not signed in is told that first.
  expect(here.get("/api/v1/orders?limit=1"), cause::unauthorized);
  BOOST_TEST(here.get("/docs?utm_source=mail").status == 200);
  BOOST_TEST(here.get("/openapi.json?v=1").status == 200);
}

BOOST_AUTO_TEST_CASE(a_credential_in_the_wrong_place_is_told_where_it_belongs) {
  auto key = owner.key_header.substr(std::string{"x-dealer-key: "}.size());
  auto as_bearer = here.get("/api/v1/me", {"Authorization: Bearer " + key});
  expect(as_bearer, cause::unauthorized);
  BOOST_TEST(message_of(as_bearer).find("x-dealer-key") != std::string::npos);
  auto token = owner.portal_header.substr(owner.portal_header.rfind(' ') + 1);
  auto as_key = here.get("/api/v1/me", {"x-dealer-key: " + token});
  expect(as_key, cause::unauthorized);
  BOOST_TEST(message_of(as_key).find("Authorization") != std::string::npos);
  expect(here.get("/api/v1/me", {"x-dealer-key: dk_unknown"}), cause::unauthorized);
  expect(here.get("/api/v1/me"), cause::unauthorized);
  BOOST_TEST(here.get("/api/portal/v1/wallet", {"authorization: bearer " + token}).status == 200);
}

BOOST_AUTO_TEST_CASE(an_account_is_told_why_it_may_not) {
  auto status = [&](const std::string& to) {
    BOOST_REQUIRE_EQUAL(
      here
        .admin_post("/admin/v1/dealers/" + owner.email + "/status", R"({"status":")" + to + R"("})")
        .status,
      200);
    return here.get("/api/v1/orders", {owner.key_header});
  };
  expect(status("pending"), cause::not_approved);
  expect(status("suspended"), cause::suspended);
  BOOST_TEST(status("approved").status == 200);
}

BOOST_AUTO_TEST_CASE(each_conflict_has_its_own_code) {
  expect(order(R"(,"maxPriceUsd":0.01)"), cause::price_too_high);
  BOOST_REQUIRE_EQUAL(order("", {"Idempotency-Key: errors-1"}).status, 200);
  expect(order(R"(,"quantity":2)", {"Idempotency-Key: errors-1"}), cause::idempotency_key_reused);
  auto same = order(R"( , "quantity" : 1.0 )", {"Idempotency-Key: errors-2"});
  BOOST_REQUIRE_EQUAL(same.status, 200);
  BOOST_TEST(order(R"(,"quantity":1)", {"Idempotency-Key: errors-2"}).body == same.body);
  expect(order(R"(,"quantity":20)"), cause::insufficient_funds);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_told_by_name_and_the_form_of_an_id_too) {
  auto missing =
    here.post("/dealer/order", R"({"productId":"x:y","customerEmail":"a@b.co","customerName":"A"})",
              {owner.key_header});
  expect(missing, cause::not_found, "productId");
  expect(here.get("/nowhere"), cause::not_found);
  auto sku = here.post("/api/portal/v1/services/esim_supply_att/execute",
                       R"({"sku_id":"att","quantity":1})", {owner.portal_header});
  expect(sku, cause::invalid_field, "sku_id");
  BOOST_TEST(message_of(sku).find("UUID") != std::string::npos);
  for (const std::string path :
       {"/dealer/esim-verify/17", "/dealer/webhooks/17", "/dealer/orders/ORDER-12345"}) {
    auto wrong = here.get(path, {owner.key_header});
    expect(wrong, cause::not_found);
    BOOST_TEST(message_of(wrong).find("UUID") != std::string::npos, path);
  }
  auto check = here.get("/api/portal/v1/esim-supply/replace/status/17", {owner.portal_header});
  expect(check, cause::not_found);
  BOOST_TEST(message_of(check).find("UUID") != std::string::npos);
  auto picture = here.get("/api/v1/esim/8944/qr.png", {owner.key_header});
  expect(picture, cause::not_found);
  BOOST_TEST(message_of(picture).find("18 to 20 digits") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_http_refuses_has_a_code_and_a_request_id_too) {
  expect(call({"PUT", here.public_url() + "/dealer/order", {}, "{}"}), cause::method_not_allowed);
  expect(here.post("/dealer/order", std::string(70'000, ' '), {owner.key_header}),
         cause::payload_too_large);
  auto plain = call({"POST",
                     here.public_url() + "/dealer/order",
                     {owner.key_header, "Content-Type: text/plain"},
                     "{}"});
  expect(plain, cause::unsupported_media_type);
  // The helper adds the right one, so that two stand there.
  auto twofold = here.post("/dealer/order", "{}", {owner.key_header, "Content-Type: text/plain"});
  expect(twofold, cause::malformed_request);
  raw_client client{here.port()};
  BOOST_REQUIRE(client.send("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"));
  auto answer = client.read();
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->body.find(R"("code":"malformed_request")") != std::string::npos, answer->body);
  BOOST_TEST(answer->body.find(R"("request_id":")") != std::string::npos, answer->body);
}

BOOST_AUTO_TEST_CASE(operators_are_told_the_same) {
  expect(here.admin_get("/admin/v1/orders?stuck=perhaps"), cause::invalid_field, "stuck");
  expect(here.admin_get("/admin/v1/orders?since=today"), cause::invalid_field, "since");
  expect(here.admin_get("/admin/v1/orders/MM-000000"), cause::not_found);
  auto odd = here.admin_get("/admin/v1/orders/17");
  expect(odd, cause::not_found, "order");
  BOOST_TEST(message_of(odd).find("short id") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(operators_find_an_order_by_its_short_id) {
  auto placed = order("").json();
  auto shown = here.admin_get("/admin/v1/orders/" + placed["shortId"].asString());
  BOOST_REQUIRE_EQUAL(shown.status, 200);
  BOOST_TEST(shown.json()["id"].asString() == placed["orderId"].asString());
  auto spelt = placed["shortId"].asString();
  for (char& c : spelt)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  BOOST_TEST(here.admin_get("/admin/v1/orders/" + spelt).status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_only_to_be_checked_costs_nothing_and_is_not_done) {
  auto balance = [&] {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  };
  auto told = order(R"(,"quantity":2,"validateOnly":true)", {"Idempotency-Key: errors-3"});
  BOOST_REQUIRE_EQUAL(told.status, 200);
  auto answer = told.json();
  BOOST_TEST(answer["ok"].asBool());
  BOOST_TEST(answer["validateOnly"].asBool());
  BOOST_TEST(answer["totalUsd"].asDouble() == 2 * answer["unitPriceUsd"].asDouble());
  BOOST_TEST(answer["balance"].asDouble() == 100.0);
  expect(order(R"(,"quantity":20,"validateOnly":true)"), cause::insufficient_funds);
  expect(order(R"(,"maxPriceUsd":0.01,"validateOnly":true)"), cause::price_too_high);
  auto bundle = [&](const std::string& name) {
    return here.post("/api/v1/esim/order",
                     R"({"bundleName":")" + name + R"(","validateOnly":true})", {owner.key_header});
  };
  BOOST_TEST(bundle("esim_5gb_30days_jp").json()["totalUsd"].asDouble() >= 6.5);
  expect(bundle("nothing"), cause::not_found, "bundleName");
  auto recharge = here.post("/api/v1/topup/recharge",
                            R"({"networkName":"Vodafone-UK","contactNumber":"07700 900000",)"
                            R"("topUpValue":20,"validateOnly":true})",
                            {owner.key_header});
  BOOST_TEST(recharge.json()["totalUsd"].asDouble() > 20.0, recharge.body);
  auto skus =
    here.get("/api/portal/v1/services/esim_supply_att/skus", {owner.portal_header}).json();
  auto purchase = here.post("/api/portal/v1/services/esim_supply_att/execute",
                            R"({"sku_id":")" + skus["skus"][0]["id"].asString()
                              + R"(","quantity":2,"validateOnly":true})",
                            {owner.portal_header});
  BOOST_TEST(purchase.json()["totalUsd"].asDouble() == 8.0, purchase.body);
  BOOST_TEST(balance() == 100.0);
  BOOST_TEST(here.get("/api/v1/orders", {owner.key_header}).json().empty());
  // The key is still free.
  BOOST_TEST(order("", {"Idempotency-Key: errors-3"}).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
