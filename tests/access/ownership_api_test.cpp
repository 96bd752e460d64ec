#include "tests/fixtures/api_document.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <functional>
#include <set>

// A stranger finds nothing that belongs to another dealer. Each endpoint that takes an id is asked.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service here;
  service::account owner = here.add_dealer("500.00");
  service::account stranger = here.add_dealer("500.00");

  /// A completed order from the wallet.
  std::string order() const {
    auto answer = here.post("/dealer/order",
                            R"({"productId":"p3:data-us-5gb","customerEmail":"mine@example.com",)"
                            R"("customerName":"Jane Doe"})",
                            {owner.key_header});
    auto id = answer.json()["orderId"].asString();
    BOOST_TEST_REQUIRE(here.final_status(owner, id) == "completed");
    return id;
  }

  /// An eSIM on account.
  std::string bare_iccid() const {
    auto answer =
      here.post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})", {owner.key_header});
    return answer.json()["Iccid"].asString();
  }

  /// The same as a body.
  std::string iccid() const {
    return R"({"iccid":")" + bare_iccid() + "\"}";
  }

  std::string key_prefix() const {
    auto list = here.get("/dealer/keys", {owner.key_header});
    return list.json()["keys"][0]["prefix"].asString();
  }

  std::string session() const {
    auto list = here.get("/dealer/sessions", {owner.key_header});
    return list.json()["sessions"][0]["id"].asString();
  }

  /// A batch of codes.
  std::string batch() const {
    auto answer = here.post("/dealer/esim-verify", R"({"lpas":["LPA:1$smdp.example.com$USED-1"]})",
                            {owner.key_header});
    return answer.json()["batch_id"].asString();
  }

  /// A batch that no device ever finishes.
  std::string waiting_batch() const {
    std::string codes;
    for (int i = 0; i < 200; ++i)
      codes += (i == 0 ? "" : ",") + ("\"LPA:1$smdp.example.com$HANG-" + std::to_string(i)) + '"';
    auto answer =
      here.post("/dealer/esim-verify", R"({"lpas":[)" + codes + "]}", {owner.key_header});
    return answer.json()["batch_id"].asString();
  }

  /// An eSIM from stock, as a body.
  std::string supplied() const {
    auto list =
      here.get("/api/portal/v1/services/esim_supply_att/skus", {owner.portal_header}).json();
    auto sale =
      here.post("/api/portal/v1/services/esim_supply_att/execute",
                R"({"sku_id":")" + list["skus"][0]["id"].asString() + R"(","quantity":1})",
                {owner.portal_header});
    return R"({"iccid":")" + sale.json()["result"]["esims"][0]["iccid"].asString() + "\"}";
  }

  std::string webhook() const {
    auto answer = here.post("/dealer/webhooks",
                            R"({"url":"https://example.com/hook","events":["order.completed"]})",
                            {owner.key_header});
    return answer.json()["id"].asString();
  }

  std::string check() const {
    auto answer =
      here.post("/api/portal/v1/esim-supply/replace", supplied(), {owner.portal_header});
    return answer.json()["check_id"].asString();
  }

  /// A test message to a webhook of the owner's, as the two ids of its delivery.
  std::vector<std::string> delivery() const {
    auto hook = webhook();
    auto sent = here.post("/dealer/webhooks/" + hook + "/test", "{}", {owner.key_header}).json();
    return {hook, sent["id"].asString()};
  }

  /// A card payment that has been paid, as the name of its receipt.
  std::string receipt() const {
    auto started =
      here.post("/dealer/topup-intent", R"({"amountUsd":100})", {owner.key_header}).json();
    auto secret = started["clientSecret"].asString();
    auto intent = secret.substr(0, secret.find("_secret"));
    call({"POST", here.sandbox_url() + "/test/stripe/pay/" + intent, {}, ""});
    auto path = "/dealer/receipts/" + intent + ".pdf";
    BOOST_TEST_REQUIRE(
      comes_true([&] { return here.get(path, {owner.key_header}).status == 200; }));
    return intent + ".pdf";
  }

  web_reply ask(const http::route& where, const service::account& who,
                const std::vector<std::string>& ids, const std::string& body) const {
    auto path = std::string{where.path};
    for (const auto& id : ids)
      if (auto name = path.find(':'); name != std::string::npos) {
        auto end = path.find('/', name);
        path.replace(name, end == std::string::npos ? end : end - name, id);
      }
    bool is_portal = where.who == http::access::portal;
    std::vector<std::string> headers{is_portal ? who.portal_header : who.key_header};
    if (where.verb == http::method::get)
      return here.get(path, headers);
    if (where.verb == http::method::del)
      return here.remove(path, headers);
    return here.post(path, body, headers);
  }

  /// All that the stranger can see of its money and history.
  std::string traces() const {
    return here.get("/dealer/wallet", {stranger.key_header}).body
           + here.get("/api/v1/orders", {stranger.key_header}).body
           + here.get("/api/portal/v1/esim-supply/my", {stranger.portal_header}).body;
  }
};

/// What an endpoint is asked about: the ids in its path, and its body.
struct belonging {
  std::vector<std::string> ids;
  std::string body = "{}";
};

using maker = std::function<belonging(const fixture&)>;

/// By the path of the endpoint. The owner's session and key are last, because asking ends them.
const std::vector<std::pair<std::string, maker>> owned{
  {"/dealer/resend-email/:orderId", [](const fixture& f) { return belonging{{f.order()}}; }},
  {"/dealer/replace/:orderId", [](const fixture& f) { return belonging{{f.order()}}; }},
  {"/dealer/orders/:order", [](const fixture& f) { return belonging{{f.order()}}; }},
  {"/dealer/orders/:order/esims/:unit/qr.png",
   [](const fixture& f) {
     return belonging{{f.order(), "1"}};
   }},
  {"/api/v1/esim/:iccid/qr.png", [](const fixture& f) { return belonging{{f.bare_iccid()}}; }},
  {"/api/v1/esim/topup",
   [](const fixture& f) {
     return belonging{{},
                      R"({"iccid":")" + f.bare_iccid() + R"(","bundleName":"esim_1gb_7days_jp"})"};
   }},
  {"/dealer/receipts/:file", [](const fixture& f) { return belonging{{f.receipt()}}; }},
  {"/api/v1/esim/details",
   [](const fixture& f) {
     return belonging{{}, f.iccid()};
   }},
  {"/api/v1/esim/revoke",
   [](const fixture& f) {
     return belonging{{}, f.iccid()};
   }},
  {"/dealer/esim-verify/:batch_id", [](const fixture& f) { return belonging{{f.batch()}}; }},
  {"/dealer/esim-verify/:batch_id/results.csv",
   [](const fixture& f) { return belonging{{f.batch()}}; }},
  {"/dealer/esim-verify/:batch_id/cancel",
   [](const fixture& f) { return belonging{{f.waiting_batch()}}; }},
  {"/dealer/webhooks/:id/test", [](const fixture& f) { return belonging{{f.webhook()}}; }},
  {"/dealer/webhooks/:id/rotate-secret", [](const fixture& f) { return belonging{{f.webhook()}}; }},
  {"/dealer/webhooks/:id/deliveries", [](const fixture& f) { return belonging{{f.webhook()}}; }},
  {"/dealer/webhooks/:id/deliveries/:delivery/replay",
   [](const fixture& f) { return belonging{f.delivery()}; }},
  {"/dealer/webhooks/:id", [](const fixture& f) { return belonging{{f.webhook()}}; }},
  {"/api/portal/v1/esim-check/customer/batches/:id",
   [](const fixture& f) { return belonging{{f.batch()}}; }},
  {"/api/portal/v1/esim-check/customer/batches/:id/results.csv",
   [](const fixture& f) { return belonging{{f.batch()}}; }},
  {"/api/portal/v1/esim-supply/replace",
   [](const fixture& f) {
     return belonging{{}, f.supplied()};
   }},
  {"/api/portal/v1/esim-supply/replace/status/:check_id",
   [](const fixture& f) { return belonging{{f.check()}}; }},
  {"/dealer/sessions/:id", [](const fixture& f) { return belonging{{f.session()}}; }},
  {"/dealer/keys/:prefix", [](const fixture& f) { return belonging{{f.key_prefix()}}; }},
};

/// Names in paths of things that belong to no dealer, besides those of pages.
const std::set<std::string> common{"/api/portal/v1/services/:service/skus",
                                   "/provider/:prefix/webhook/:secret"};

const http::route& route_of(const std::string& path) {
  for (const auto& where : http::public_routes())
    if (where.path == path)
      return where;
  BOOST_FAIL(path << " is no route");
  throw std::logic_error{path};
}

bool takes_iccid(const http::route& where) {
  auto body = operation_of(where).value("requestBody", json::object());
  if (body.empty())
    return false;
  const auto& content = resolved(body)["content"]["application/json"];
  return resolved(content["schema"]).value("properties", json::object()).contains("iccid");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ownership_suite, fixture)

BOOST_AUTO_TEST_CASE(another_dealers_things_are_not_found_and_cost_nothing) {
  auto before = traces();
  for (const auto& [path, prepare] : owned) {
    const auto& where = route_of(path);
    auto [ids, body] = prepare(*this);
    auto refused = ask(where, stranger, ids, body);
    BOOST_TEST(refused.status == 404, path << " tells a stranger " << refused.body);
    BOOST_TEST(refused.json()["error"].asString() == "Not found");
    auto own = ask(where, owner, ids, body);
    BOOST_TEST(own.status == 200, path << " tells its owner " << own.body);
  }
  BOOST_TEST(traces() == before);
}

BOOST_AUTO_TEST_CASE(every_endpoint_that_takes_an_id_is_asked_above) {
  std::set<std::string> known{common};
  for (const auto& [path, prepare] : owned)
    known.insert(path);
  for (const auto& where : http::public_routes())
    if (!where.extras.is_page
        && (where.path.find(':') != std::string_view::npos || takes_iccid(where)))
      BOOST_TEST(known.contains(std::string{where.path}),
                 where.path << " takes an id: add it to `owned` in ownership_api_test.cpp");
}

BOOST_AUTO_TEST_SUITE_END()
