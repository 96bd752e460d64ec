#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <set>

// What a web shop of a dealer's needs to show its customers, without any mail.

using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("500.00");

  Json::Value get(const std::string& path) const {
    auto answer = here.get(path, {owner.key_header});
    BOOST_TEST(answer.status == 200, path << " answers " << answer.body);
    return answer.json();
  }

  web_reply post(const std::string& path, const std::string& body) const {
    return here.post(path, body, {owner.key_header});
  }

  /// Places an order, waits for its end, and gives its id. `more` are further fields.
  std::string place(const std::string& more = "", const std::string& product = "p3:data-us-5gb",
                    const std::string& email = "end@example.com") const {
    auto answer = post("/dealer/order", R"({"productId":")" + product + R"(","customerEmail":")"
                                          + email + R"(","customerName":"Jane Doe")"
                                          + (more.empty() ? "" : "," + more) + "}");
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    auto id = answer.json()["orderId"].asString();
    here.final_status(owner, id);
    return id;
  }

  std::vector<std::string> ids_of(const std::string& query) const {
    std::vector<std::string> ids;
    auto page = get("/dealer/orders?" + query);
    for (const auto& order : page["data"])
      ids.push_back(order["id"].asString());
    return ids;
  }

  std::string mails_to(const std::string& address) const {
    BOOST_TEST(comes_true([&] { return !here.mails_to(address).empty(); }));
    return here.mails_to(address);
  }
};

using names = std::vector<std::string>;

bool is_png(const std::string& body) {
  return body.starts_with("\x89PNG\r\n\x1a\n");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(shop_suite, fixture)

BOOST_AUTO_TEST_CASE(an_order_of_three_shows_three_esims_and_mails_nobody_who_is_not_to_be) {
  auto id = place(R"("quantity":3,"customerReference":"ORDER-1","sendEmail":false)",
                  "p3:data-us-5gb", "nobody@example.com");
  auto order = get("/dealer/orders/" + id);
  BOOST_TEST(order["status"].asString() == "completed");
  BOOST_TEST(order["customerReference"].asString() == "ORDER-1");
  BOOST_TEST(order["totalUsd"].asDouble() == 3 * order["unitPriceUsd"].asDouble());
  BOOST_TEST(!order["sendEmail"].asBool());
  BOOST_REQUIRE_EQUAL(order["esims"].size(), 3u);
  std::set<std::string> codes;
  for (const auto& esim : order["esims"]) {
    auto lpa = esim["lpa"].asString();
    codes.insert(lpa);
    BOOST_TEST(lpa == "LPA:1$" + esim["smdp"].asString() + "$" + esim["matchingId"].asString());
    BOOST_TEST(esim["installUrl"].asString().starts_with(
      "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24"));
    BOOST_TEST(esim["state"].asString() == "delivered");
    BOOST_TEST(esim["mailedAt"].isNull());
    auto picture = here.get(esim["qrPngUrl"].asString(), {owner.key_header});
    BOOST_TEST(picture.status == 200);
    BOOST_TEST(picture.headers["content-type"] == "image/png");
    BOOST_TEST(is_png(picture.body));
    auto same =
      here.get("/api/v1/esim/" + esim["iccid"].asString() + "/qr.png", {owner.key_header});
    BOOST_TEST((same.body == picture.body));
  }
  BOOST_TEST(codes.size() == 3u);
  names steps;
  for (const auto& event : order["events"])
    steps.push_back(event["type"].asString());
  BOOST_TEST(steps == (names{"placed", "bought", "bought", "bought", "completed"}),
             boost::test_tools::per_element());
  BOOST_TEST(here.get("/dealer/orders/" + id + "/esims/4/qr.png", {owner.key_header}).status
             == 404);
  BOOST_TEST(here.mails_to("nobody@example.com").empty());
}

BOOST_AUTO_TEST_CASE(an_order_is_found_by_its_short_id_and_again_only_if_it_has_changed) {
  auto id = place();
  auto order = get("/dealer/orders/" + id);
  auto short_id = order["shortId"].asString();
  BOOST_TEST(get("/dealer/orders/" + short_id)["id"].asString() == id);
  BOOST_TEST(post("/dealer/resend-email/" + short_id, "{}").status == 200);
  BOOST_TEST(here.get("/dealer/orders/MM-OOOOOO", {owner.key_header}).status == 404);
  BOOST_TEST(
    comes_true([&] { return !get("/dealer/orders/" + id)["esims"][0]["mailedAt"].isNull(); }));
  auto answer = here.get("/dealer/orders/" + id, {owner.key_header});
  auto again = here.get("/dealer/orders/" + id,
                        {owner.key_header, "If-None-Match: " + answer.headers["etag"]});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body.empty());
}

BOOST_AUTO_TEST_CASE(each_mail_of_an_order_of_several_says_which_it_is) {
  place(R"("quantity":2)", "p3:data-us-5gb", "two@example.com");
  BOOST_TEST(comes_true([&] {
    auto mails = here.mails_to("two@example.com");
    return mails.find("1 of 2") != std::string::npos && mails.find("2 of 2") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(orders_are_looked_up_and_paged) {
  auto first = place(R"("customerReference":"A-1")");
  auto failed = place(R"("customerReference":"A-2")", "p3:sandbox-reject");
  auto other = post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp",)"
                                          R"("customerReference":"A-1"})")
                 .json()["OrderId"]
                 .asString();
  auto iccid = get("/dealer/orders/" + other)["esims"][0]["iccid"].asString();
  auto each = boost::test_tools::per_element();
  BOOST_TEST(ids_of("") == (names{other, failed, first}), each);
  BOOST_TEST(ids_of("reference=A-1") == (names{other, first}), each);
  BOOST_TEST(ids_of("status=failed") == (names{failed}), each);
  BOOST_TEST(ids_of("status=processing").empty());
  BOOST_TEST(ids_of("email=END@example.com") == (names{failed, first}), each);
  BOOST_TEST(ids_of("iccid=" + iccid) == (names{other}), each);
  BOOST_TEST(ids_of("type=topup").empty());
  BOOST_TEST(ids_of("reference=%20A-2%0A&email=End%20%3Cend@EXAMPLE.com%3E") == (names{failed}),
             each);
  BOOST_TEST(ids_of("iccid=" + iccid.substr(0, 4) + "-" + iccid.substr(4) + "F") == (names{other}),
             each);
  BOOST_TEST(ids_of("status=&reference=A-2&cursor=") == (names{failed}), each);
  BOOST_TEST(ids_of("to=2020-01-01").empty());
  BOOST_TEST(ids_of("from=2020-01-01&reference=A-2") == (names{failed}), each);
  names paged;
  std::string cursor;
  do {
    auto page = get("/dealer/orders?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
    BOOST_REQUIRE_EQUAL(page["data"].size(), 1u);
    paged.push_back(page["data"][0]["id"].asString());
    cursor = page["next_cursor"].asString();
  } while (!cursor.empty());
  BOOST_TEST(paged == (names{other, failed, first}), each);
  for (const std::string wrong : {"limit=0", "limit=101", "cursor=x", "status=gone", "type=x",
                                  "from=yesterday", "from=2026-02-01&to=2026-01-01",
                                  "from=2026-02-01T00:00:00", "iccid=8.96E%2B19", "email=nobody"})
    BOOST_TEST(here.get("/dealer/orders?" + wrong, {owner.key_header}).status == 400, wrong);
}

BOOST_AUTO_TEST_CASE(what_was_revoked_is_found_as_such) {
  auto sold = post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})").json();
  BOOST_TEST(ids_of("status=revoked").empty());
  post("/api/v1/esim/revoke", R"({"iccid":")" + sold["Iccid"].asString() + "\"}");
  BOOST_TEST(ids_of("status=revoked") == (names{sold["OrderId"].asString()}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_failed_says_why_and_what_came_back) {
  auto order = get("/dealer/orders/" + place("", "p3:sandbox-reject"));
  BOOST_TEST(order["status"].asString() == "failed");
  BOOST_TEST(!order["failure"].asString().empty());
  BOOST_TEST(order["refundedUsd"].asDouble() == order["totalUsd"].asDouble());
  BOOST_TEST(order["refunds"][0]["units"].asInt() == 1);
  BOOST_TEST(order["esims"][0]["state"].asString() == "failed");
}

BOOST_AUTO_TEST_CASE(a_replacement_names_the_unit) {
  auto id = place(R"("quantity":2,"customerReference":"R-1")");
  BOOST_TEST(post("/dealer/replace/" + id, R"({"unit":3})").status == 400);
  auto answer = post("/dealer/replace/" + id, R"({"unit":2})");
  BOOST_TEST_REQUIRE(answer.status == 200);
  auto other = answer.json()["orderId"].asString();
  here.final_status(owner, other);
  auto replacement = get("/dealer/orders/" + other);
  BOOST_TEST(replacement["replaces"]["id"].asString() == id);
  BOOST_TEST(replacement["replaces"]["unit"].asInt() == 2);
  BOOST_TEST(replacement["customerReference"].asString() == "R-1");
  auto original = get("/dealer/orders/" + id);
  BOOST_TEST(original["replacedBy"][0]["id"].asString() == other);
}

BOOST_AUTO_TEST_CASE(everything_that_can_be_ordered_is_listed_at_the_dealers_price) {
  auto page = get("/dealer/products");
  std::set<std::string> ids;
  for (const auto& product : page["data"])
    ids.insert(product["id"].asString());
  BOOST_TEST(ids.contains("p3:att-prepaid-30"));
  BOOST_TEST(ids.contains("p3:data-us-5gb"));
  auto found = get("/dealer/products?country=japan&q=5%20gb")["data"];
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_TEST(found[0]["id"].asString() == "p3:data-jp-5gb");
  BOOST_TEST(found[0]["dataMb"].asInt() == 5'120);
  auto order = get("/dealer/orders/" + place("", "p3:data-jp-5gb"));
  BOOST_TEST(order["unitPriceUsd"].asDouble() == found[0]["priceUsd"].asDouble());
  auto first = get("/dealer/products?limit=1");
  auto second = get("/dealer/products?limit=1&cursor=" + first["next_cursor"].asString());
  // In brackets of its own: Boost takes the shorter of two texts for the smaller.
  BOOST_TEST((first["data"][0]["id"].asString() < second["data"][0]["id"].asString()));
  BOOST_TEST(first["next_cursor"].isString());
  auto all = get("/dealer/products?limit=1&all=true");
  BOOST_TEST(all["next_cursor"].isNull());
  BOOST_TEST(all["data"].size() > 1u);
  BOOST_TEST(all["data"].size() >= page["data"].size());
  BOOST_TEST(here.get("/dealer/products?all=yes", {owner.key_header}).status == 400);
  auto answer = here.get("/dealer/products", {owner.key_header});
  auto again =
    here.get("/dealer/products", {owner.key_header, "If-None-Match: " + answer.headers["etag"]});
  BOOST_TEST(again.status == 304);
}

BOOST_AUTO_TEST_CASE(transactions_are_paged_and_filtered) {
  auto failed = place("", "p3:sandbox-reject");
  auto page = get("/dealer/transactions?limit=2");
  BOOST_REQUIRE_EQUAL(page["data"].size(), 2u);
  BOOST_TEST(page["data"][0]["type"].asString() == "refund");
  BOOST_TEST(page["data"][0]["related_order_id"].asString() == failed);
  auto rest = get("/dealer/transactions?cursor=" + page["next_cursor"].asString());
  BOOST_REQUIRE_EQUAL(rest["data"].size(), 1u);
  BOOST_TEST(rest["next_cursor"].isNull());
  BOOST_TEST(get("/dealer/transactions?type=refund")["data"].size() == 1u);
  BOOST_TEST(get("/dealer/transactions?type=debit")["data"].size() == 1u);
  BOOST_TEST(get("/dealer/transactions?to=2020-01-01")["data"].empty());
  BOOST_TEST(here.get("/dealer/transactions?type=gift", {owner.key_header}).status == 400);
}

BOOST_AUTO_TEST_CASE(data_goes_onto_an_esim_that_was_sold) {
  auto sold = post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})").json();
  auto body = R"({"iccid":")" + sold["Iccid"].asString() + R"(","bundleName":"esim_1gb_7days_jp"})";
  auto answer = here.post("/api/v1/esim/topup", body, {owner.key_header, "Idempotency-Key: more"});
  BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
  BOOST_TEST(answer.json()["Status"].asString() == "Success");
  auto details =
    post("/api/v1/esim/details", R"({"iccid":")" + sold["Iccid"].asString() + "\"}").json();
  BOOST_TEST(details["DataAllowanceMb"].asInt() == 6 * 1'024);
  auto again = here.post("/api/v1/esim/topup", body, {owner.key_header, "Idempotency-Key: more"});
  BOOST_TEST(again.headers["idempotent-replayed"] == "true");
  BOOST_TEST(again.body == answer.body);
  auto order = get("/dealer/orders/" + answer.json()["OrderId"].asString());
  BOOST_TEST(order["type"].asString() == "topup");
  BOOST_TEST(order["topUp"]["simSerialNumber"].asString() == sold["Iccid"].asString());
  BOOST_TEST(ids_of("type=topup") == (names{answer.json()["OrderId"].asString()}),
             boost::test_tools::per_element());
  BOOST_TEST(post("/api/v1/esim/topup",
                  R"({"iccid":"8900000000000000000","bundleName":"esim_1gb_7days_jp"})")
               .status
             == 404);
}

BOOST_AUTO_TEST_CASE(data_for_an_esim_can_be_checked_without_an_order) {
  auto sold = post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})").json();
  auto iccid = sold["Iccid"].asString();
  auto check = [&](const std::string& esim, const std::string& bundle,
                   const std::string& more = {}) {
    return here.post("/api/v1/esim/topup",
                     R"({"iccid":")" + esim + R"(","bundleName":")" + bundle
                       + R"(","validateOnly":true)" + more + "}",
                     {owner.key_header, "Idempotency-Key: checked"});
  };
  auto orders = get("/dealer/orders")["data"].size();
  auto checked = check(iccid, "esim_1gb_7days_jp");
  BOOST_TEST_REQUIRE(checked.status == 200, checked.body);
  BOOST_TEST(checked.json()["validateOnly"].asBool());
  BOOST_TEST(checked.json()["totalUsd"].asDouble() > 0);
  BOOST_TEST(check("8900000000000000000", "esim_1gb_7days_jp").status == 404);
  BOOST_TEST(check(iccid, "no_such_bundle").status == 404);
  BOOST_TEST(check(iccid, "esim_1gb_7days_jp", R"(,"maxPriceUsd":0.01)").status == 409);
  BOOST_TEST(get("/dealer/orders")["data"].size() == orders);
  // The key is free.
  auto done = here.post("/api/v1/esim/topup",
                        R"({"iccid":")" + iccid + R"(","bundleName":"esim_1gb_7days_jp"})",
                        {owner.key_header, "Idempotency-Key: checked"});
  BOOST_TEST_REQUIRE(done.status == 200, done.body);
  BOOST_TEST(done.json()["Amount"].asDouble() == checked.json()["totalUsd"].asDouble());
}

BOOST_AUTO_TEST_CASE(customers_see_the_dealers_brand) {
  for (const std::string wrong :
       {R"({"name":""})", R"({"name":"A","colour":"red"})", R"({"name":"A","logoPng":"AAAA"})",
        R"({"name":"A","replyTo":"nobody"})", R"({"name":"A\nB"})"})
    BOOST_TEST(post("/dealer/brand", wrong).status == 400, wrong);
  // One pixel, as a browser reads it from a file.
  auto set =
    post("/dealer/brand",
         R"({"name":"Globe SIM","colour":"0A7D5A","replyTo":"help@globe.example",)"
         R"("logoPng":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lE)"
         R"(QVR42mNkYAAAAAYAAjCB\r\n0C8AAAAASUVORK5CYII="})");
  BOOST_TEST_REQUIRE(set.status == 200, set.body);
  BOOST_TEST(get("/dealer/brand")["hasLogo"].asBool());
  BOOST_TEST(get("/dealer/brand")["colour"].asString() == "#0a7d5a");
  place("", "p3:data-us-5gb", "brand@example.com");
  auto mail = mails_to("brand@example.com");
  BOOST_TEST(mail.find("From: \"Globe SIM\" <") != std::string::npos);
  BOOST_TEST(mail.find("Reply-To: help@globe.example") != std::string::npos);
  BOOST_TEST(mail.find("logo.png") != std::string::npos);
  BOOST_TEST(mail.find("MeiSIM") == std::string::npos);
  BOOST_TEST(here.remove("/dealer/brand", {owner.key_header}).status == 200);
  BOOST_TEST(get("/dealer/brand")["name"].isNull());
}

BOOST_AUTO_TEST_SUITE_END()
