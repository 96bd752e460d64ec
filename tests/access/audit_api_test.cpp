#include "persistence/base/session.hpp"
#include "tests/fixtures/shared_service.hpp"

// Who did what, as operators read it.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service({"--rate-limits", "off"});

  Json::Value events(const std::string& query) const {
    auto list = here.admin_get("/admin/v1/audit?" + query);
    BOOST_REQUIRE_EQUAL(list.status, 200);
    return list.json();
  }

  /// The newest event about a subject, of this kind.
  Json::Value event(const std::string& subject, const std::string& kind) const {
    for (const auto& one : events("subject=" + subject))
      if (one["kind"].asString() == kind)
        return one;
    BOOST_FAIL("nothing is told of " << subject << ": " << kind);
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(audit_api_suite, fixture)

BOOST_AUTO_TEST_CASE(an_operators_change_is_told_with_who_where_and_what_was_before) {
  auto owner = here.add_dealer("10.00");
  auto path = "/admin/v1/dealers/" + owner.email;
  BOOST_TEST(event(owner.email, "dealer.added")["after"]["company"].asString() == "Test");
  here.admin_post(path + "/status", R"({"status":"suspended"})", {"X-Request-Id: by-hand-1"});
  auto status = event(owner.email, "dealer.status");
  BOOST_TEST(status["actor"].asString() == "automation");
  BOOST_TEST(status["address"].asString() == "127.0.0.1");
  BOOST_TEST(status["request_id"].asString() == "by-hand-1");
  BOOST_TEST(status["before"]["status"].asString() == "approved");
  BOOST_TEST(status["after"]["status"].asString() == "suspended");
  BOOST_TEST(event(owner.email, "dealer.key_issued")["after"]["prefix"].asString().size() == 11u);
  BOOST_TEST(event(owner.email, "dealer.password")["after"].isNull());
}

BOOST_AUTO_TEST_CASE(an_adjustment_is_told_once_with_both_balances) {
  auto owner = here.add_dealer("10.00");
  for (int i = 0; i < 2; ++i)
    here.admin_post("/admin/v1/dealers/" + owner.email + "/adjustments",
                    R"({"amount":"-2.50","reason":"An error of ours"})",
                    {"Idempotency-Key: audited-" + owner.email});
  auto told = event(owner.email, "wallet.adjusted");
  BOOST_TEST(told["before"]["balance"].asDouble() == 10.0);
  BOOST_TEST(told["after"]["balance"].asDouble() == 7.5);
  BOOST_TEST(told["after"]["amount"].asDouble() == -2.5);
  BOOST_TEST(told["after"]["reason"].asString() == "An error of ours");
  int adjustments = 0;
  for (const auto& one : events("subject=" + owner.email))
    adjustments += one["kind"].asString() == "wallet.adjusted" ? 1 : 0;
  BOOST_TEST(adjustments == 2);
}

BOOST_AUTO_TEST_CASE(dealers_are_told_of_as_themselves_and_failed_sign_ins_as_anybodys) {
  auto owner = here.add_dealer("0");
  auto login = [&](const char* password) {
    return here.post("/dealer/login",
                     R"({"email":")" + owner.email + R"(","password":")" + password + R"("})");
  };
  BOOST_TEST(login("wrong-password").status == 401);
  BOOST_TEST(login("a-password").status == 200);
  BOOST_TEST(event(owner.email, "sign_in.failed")["actor"].asString() == "anybody");
  BOOST_TEST(event(owner.email, "sign_in")["actor"].asString() == "dealer:" + owner.email);
  auto made =
    here.post("/dealer/webhooks", R"({"url":"https://hooks.example.com/","events":["*"]})",
              {owner.key_header});
  auto id = made.json()["id"].asString();
  BOOST_TEST(here.remove("/dealer/webhooks/" + id, {owner.key_header}).status == 200);
  auto removed = event(id, "webhook.removed");
  BOOST_TEST(removed["actor"].asString() == "dealer:" + owner.email);
  BOOST_TEST(removed["before"]["url"].asString() == "https://hooks.example.com/");
  BOOST_TEST(removed["after"].isNull());
  for (const auto& one : events("actor=dealer:" + owner.email))
    BOOST_TEST(one["actor"].asString() == "dealer:" + owner.email);
}

BOOST_AUTO_TEST_CASE(what_dealers_change_beside_orders_is_told_of_as_theirs) {
  auto owner = here.add_dealer("300.00");
  auto post = [&](const std::string& path, const std::string& body) {
    auto answer = here.post(path, body, {owner.key_header});
    BOOST_TEST(answer.status == 200, path << ' ' << answer.body);
    return answer.json();
  };
  post("/dealer/brand", R"({"name":"Jane's SIMs","colour":"#102030"})");
  auto brand = event(owner.email, "brand.set");
  BOOST_TEST(brand["actor"].asString() == "dealer:" + owner.email);
  BOOST_TEST(brand["before"].isNull());
  BOOST_TEST(brand["after"]["name"].asString() == "Jane's SIMs");
  BOOST_TEST(here.remove("/dealer/brand", {owner.key_header}).status == 200);
  BOOST_TEST(event(owner.email, "brand.set")["before"]["colour"].asString() == "#102030");
  auto iccid =
    post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})")["Iccid"].asString();
  post("/api/v1/esim/revoke", R"({"iccid":")" + iccid + "\"}");
  BOOST_TEST(event(iccid, "esim.revoked")["actor"].asString() == "dealer:" + owner.email);
  std::string codes;
  for (int i = 0; i < 200; ++i)
    codes += (i == 0 ? "\"" : ",\"") + std::string{"LPA:1$a.example.com$AVAILABLE-"}
             + std::to_string(i) + '"';
  auto batch = post("/dealer/esim-verify", R"({"lpas":[)" + codes + "]}")["batch_id"].asString();
  post("/dealer/esim-verify/" + batch + "/cancel", "{}");
  BOOST_TEST(event(batch, "batch.cancelled")["actor"].asString() == "dealer:" + owner.email);
}

BOOST_AUTO_TEST_CASE(what_operators_change_of_a_dealer_or_its_orders_is_found_by_its_address) {
  auto owner = here.add_dealer("10.00");
  here.admin_post("/admin/v1/dealers/" + owner.email + "/settings", R"({"credit_limit":"75.00"})");
  auto changed = event(owner.email, "dealer.changed");
  BOOST_TEST(changed["before"]["credit_limit"].isNull());
  BOOST_TEST(changed["after"]["credit_limit"].asDouble() == 75.0);
  auto order =
    here.post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})", {owner.key_header})
      .json()["OrderId"]
      .asString();
  here.admin_post("/admin/v1/orders/" + order + "/notes", R"({"reason":"has called"})");
  BOOST_TEST(event(owner.email, "order.noted")["after"]["note"].asString() == "has called");
}

BOOST_AUTO_TEST_CASE(the_list_pages_backwards_and_says_what_is_wrong_with_a_question) {
  here.add_dealer("1.00");
  auto first = events("limit=2");
  BOOST_REQUIRE_EQUAL(first.size(), 2u);
  auto next = events("limit=1&before=" + first[1]["id"].asString());
  BOOST_REQUIRE_EQUAL(next.size(), 1u);
  BOOST_TEST(next[0]["id"].asInt64() < first[1]["id"].asInt64());
  BOOST_TEST(events("since=2999-01-01").empty());
  for (const auto* query : {"since=yesterday", "before=x", "before=0", "limit=0"})
    BOOST_TEST(here.admin_get(std::string{"/admin/v1/audit?"} + query).status == 400, query);
}

BOOST_AUTO_TEST_CASE(nobody_changes_what_was_written_down) {
  here.add_dealer("1.00");
  database db{here.database_connection(), "test"};
  for (const auto* statement : {"UPDATE audit_events SET actor = 'nobody'",
                                "DELETE FROM audit_events", "TRUNCATE audit_events"}) {
    BOOST_CHECK_THROW(db.session() << statement, soci::soci_error);
    db.close();
  }
}

BOOST_AUTO_TEST_SUITE_END()
