#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

// An operator looks at a dealer's pages, and a dealer at what its own programs have asked for.

using namespace meisim::test;

namespace {

constexpr auto from_own_page = "Sec-Fetch-Site: same-origin";

struct fixture {
  service& here = shared_service({"--rate-limits", "off", "--public-url", "https://shop.example"});
  service::account owner = here.add_dealer("10.00");

  web_reply ask(const std::string& reason = "cannot find an order") const {
    return here.admin_post("/admin/v1/dealers/" + owner.email + "/view",
                           R"({"reason":")" + reason + "\"}");
  }

  static std::string pass_of(const web_reply& given) {
    auto url = given.json()["url"].asString();
    const std::string page = "https://shop.example/portal/view#";
    BOOST_REQUIRE(url.starts_with(page));
    return url.substr(page.size());
  }

  web_reply begin(const std::string& pass) const {
    return here.post("/dealer/session/view", R"({"pass":")" + pass + "\"}");
  }

  std::string look() const {
    auto begun = begin(pass_of(ask()));
    BOOST_REQUIRE_EQUAL(begun.status, 200);
    const auto& given = begun.headers.at("set-cookie");
    return "Cookie: " + given.substr(0, given.find(';'));
  }

  Json::Value requests(const std::string& query = "") const {
    return here.get("/dealer/requests" + query, {owner.key_header}).json()["data"];
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(view_api_suite, fixture)

BOOST_AUTO_TEST_CASE(an_operator_sees_what_the_dealer_sees_and_changes_nothing) {
  auto session = look();
  auto who = here.get("/dealer/session", {session}).json();
  BOOST_TEST(who["viewer"].asString() == "automation");
  BOOST_TEST(who["sandbox"].asBool());
  BOOST_TEST(who["dealer"]["email"].asString() == owner.email);
  BOOST_TEST(here.get("/dealer/wallet", {session}).json()["balance"].asDouble() == 10);
  BOOST_TEST(here.get("/api/portal/v1/wallet", {session}).status == 200);
  auto refused = here.post("/dealer/topup", R"({"amountUsd":100})", {session, from_own_page});
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(refused.json()["message"].asString().find("changes nothing") != std::string::npos);
  for (const char* path : {"/dealer/notices", "/dealer/keys", "/dealer/auth/logout"})
    BOOST_TEST(here.post(path, "{}", {session, from_own_page}).status == 403, path);
  BOOST_TEST(here.remove("/dealer/brand", {session, from_own_page}).status == 403);
  // This one only reads.
  BOOST_TEST(
    here
      .post("/api/v1/esim/details", R"({"iccid":"8944500102198304826"})", {session, from_own_page})
      .status
    != 403);
  auto ended = here.remove("/dealer/session", {session, from_own_page});
  BOOST_TEST(ended.status == 200);
  BOOST_TEST(ended.headers["set-cookie"].starts_with("page_session=; Max-Age=0"));
}

BOOST_AUTO_TEST_CASE(a_look_is_written_down_with_its_reason) {
  ask("asked by telephone");
  Json::Value told;
  for (const auto& one : here.admin_get("/admin/v1/audit?subject=" + owner.email).json())
    if (one["kind"].asString() == "dealer.viewed")
      told = one;
  BOOST_TEST(told["actor"].asString() == "automation");
  BOOST_TEST(told["after"]["reason"].asString() == "asked by telephone");
}

BOOST_AUTO_TEST_CASE(a_pass_is_good_for_a_look_alone_and_a_look_ends_with_the_password) {
  auto pass = pass_of(ask());
  BOOST_TEST(here.get("/dealer/wallet", {"Cookie: page_session=" + pass}).status == 401);
  BOOST_TEST(here.get("/dealer/wallet", {"Authorization: Bearer " + pass}).status == 401);
  auto session = look();
  auto token = session.substr(session.find("eyJ"));
  BOOST_TEST(begin(token).status == 401);
  BOOST_TEST(begin("eyJ.not.one").status == 401);
  BOOST_TEST(here.get("/dealer/wallet", {"Authorization: Bearer " + token}).status == 401);
  here.admin_post("/admin/v1/dealers/" + owner.email + "/password",
                  R"({"password":"quite-another-one"})");
  BOOST_TEST(here.get("/dealer/session", {session}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_look_needs_a_reason_and_a_dealer) {
  BOOST_TEST(ask("").status == 400);
  BOOST_TEST(
    here.admin_post("/admin/v1/dealers/nobody@example.test/view", R"({"reason":"x"})").status
    == 404);
}

BOOST_AUTO_TEST_CASE(without_an_address_of_the_pages_there_is_no_look) {
  auto& elsewhere = shared_service();
  auto other = elsewhere.add_dealer("0");
  auto refused =
    elsewhere.admin_post("/admin/v1/dealers/" + other.email + "/view", R"({"reason":"x"})");
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(refused.json()["message"].asString().find("--public-url") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_dealer_finds_what_its_programs_have_asked_for) {
  here.get("/dealer/wallet", {owner.key_header, "X-Request-Id: by-program-1"});
  here.post("/dealer/order", R"({"productId":"none"})",
            {owner.key_header, "X-Request-Id: by-program-2"});
  here.get("/dealer/wallet?nothing=1", {look(), "X-Request-Id: by-page"});
  Json::Value failed;
  BOOST_TEST_REQUIRE(comes_true([&] {
    failed = requests("?failed=true");
    return failed.size() == 1;
  }));
  BOOST_TEST(failed[0]["id"].asString() == "by-program-2");
  BOOST_TEST(failed[0]["method"].asString() == "POST");
  BOOST_TEST(failed[0]["path"].asString() == "/dealer/order");
  BOOST_TEST(failed[0]["status"].asInt() >= 400);
  BOOST_TEST(failed[0]["address"].asString() == "127.0.0.1");
  bool is_there = false;
  for (const auto& one : requests("?limit=100")) {
    is_there = is_there || one["id"].asString() == "by-program-1";
    BOOST_TEST(one["id"].asString() != "by-page");
  }
  BOOST_TEST(is_there);
  auto other = here.add_dealer("0");
  auto of_other = here.get("/dealer/requests", {other.key_header}).json();
  for (const auto& one : of_other["data"])
    BOOST_TEST(!one["id"].asString().starts_with("by-program"));
  BOOST_TEST(here.get("/dealer/requests?failed=maybe", {owner.key_header}).status == 400);
}

BOOST_AUTO_TEST_CASE(a_dealer_chooses_what_it_is_mailed_about) {
  auto choose = [&](const std::string& body) {
    return here.post("/dealer/notices", body, {owner.key_header});
  };
  auto shown = here.get("/dealer/notices", {owner.key_header}).json();
  BOOST_TEST(shown["lowBalanceUsd"].isNull());
  BOOST_TEST(shown["disabledWebhooks"].asBool());
  BOOST_TEST(choose(R"({"language":"fr","lowBalanceUsd":9.99,"failedOrders":true})").status == 200);
  shown = here.get("/dealer/notices", {owner.key_header}).json();
  BOOST_TEST(shown["language"].asString() == "fr");
  BOOST_TEST(shown["lowBalanceUsd"].asDouble() == 9.99);
  BOOST_TEST(shown["failedOrders"].asBool());
  for (const char* wrong : {R"({"language":"tlh"})", R"({"lowBalanceUsd":0})",
                            R"({"lowBalanceUsd":1000001})", R"({"failedOrders":"yes"})"})
    BOOST_TEST(choose(wrong).status == 400, wrong);
  BOOST_TEST(here
               .post("/dealer/order",
                     R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com",)"
                     R"("customerName":"Jane Doe"})",
                     {owner.key_header})
               .status
             == 200);
  BOOST_TEST_REQUIRE(comes_true(
    [&] { return here.mails_to(owner.email).find("solde MeiSIM est bas") != std::string::npos; }));
}

BOOST_AUTO_TEST_SUITE_END()
