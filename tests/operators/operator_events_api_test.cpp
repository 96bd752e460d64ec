#include "tests/fixtures/certificates.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// What an operator's page hears of what changes, as it changes.

using namespace meisim::test;

namespace {

struct with_certificates {
  certificates keys;
};

struct fixture : with_certificates, service {
  fixture() : service(keys.added_to({"--rate-limits", "off"})) {
    // nop
  }

  std::string token() const {
    admin_post("/admin/v1/operators",
               R"({"email":"jo@example.com","role":"viewer","password":"a long password"})");
    return call({"POST",
                 admin_url() + "/admin/v1/session",
                 {"Content-Type: application/json"},
                 R"({"email":"jo@example.com","password":"a long password"})"})
      .json()["token"]
      .asString();
  }

  const std::string viewer = "Authorization: Bearer " + token();

  web_reply follow(const std::string& last_id = "", std::string node = "",
                   const std::string& seconds = "1") const {
    std::vector<std::string> headers{viewer};
    if (!last_id.empty())
      headers.push_back("Last-Event-ID: " + last_id);
    if (node.empty())
      node = admin_url();
    return call({"GET", node + "/admin/v1/events?seconds=" + seconds, headers, {}});
  }

  std::string listen(const std::string& last_id = "", const std::string& node = "") const {
    auto answer = follow(last_id, node);
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    BOOST_TEST(answer.headers["content-type"] == "text/event-stream");
    BOOST_TEST(answer.headers["x-accel-buffering"] == "no");
    return answer.body;
  }

  void note_something() const {
    auto noted = admin_post("/admin/v1/providers/p3/hold", R"({"reason":"a test"})");
    BOOST_TEST_REQUIRE(noted.status == 200, noted.body);
  }
};

std::string last_id_of(const std::string& stream) {
  auto begin = stream.rfind("id: ") + 4;
  return stream.substr(begin, stream.find('\n', begin) - begin);
}

bool tells(const std::string& stream, const std::string& event) {
  return stream.find("event: " + event + "\ndata: {}\n\n") != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(operator_events_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_page_that_comes_back_hears_what_has_changed_and_that_once) {
  auto first = listen();
  BOOST_TEST(first.starts_with("id: "), first);
  BOOST_TEST(!tells(first, "audit.added"), first);
  note_something();
  auto second = listen(last_id_of(first));
  BOOST_TEST(tells(second, "audit.added"), second);
  BOOST_TEST(tells(second, "jobs.changed"), second);
  BOOST_TEST(!tells(second, "missed"));
  BOOST_TEST(!tells(listen(last_id_of(second)), "audit.added"));
}

BOOST_AUTO_TEST_CASE(an_order_is_told_of_and_its_end) {
  auto dealer = add_dealer("20");
  auto before = last_id_of(listen());
  auto placed = post("/dealer/order",
                     R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com",)"
                     R"("customerName":"Jane"})",
                     {dealer.key_header});
  BOOST_TEST_REQUIRE(placed.status == 200, placed.body);
  auto told = listen(before);
  BOOST_TEST(tells(told, "orders.changed"), told);
  BOOST_TEST(final_status(dealer, placed.json()["orderId"].asString()) == "completed");
  BOOST_TEST(tells(listen(before), "orders.changed"));
}

BOOST_AUTO_TEST_CASE(who_follows_one_node_hears_what_happens_at_another) {
  auto other = start_peer("node-2");
  auto first = listen("", other.admin_url);
  note_something();
  auto there = listen(last_id_of(first), other.admin_url);
  BOOST_TEST(tells(there, "audit.added"), there);
  // And may go on here.
  BOOST_TEST(!tells(listen(last_id_of(there)), "audit.added"));
  for (const auto& node : admin_get("/admin/v1/nodes").json())
    BOOST_TEST(node["version"].asString().find(" (") != std::string::npos, node["name"].asString());
}

BOOST_AUTO_TEST_CASE(an_id_of_another_release_is_told_that_something_may_be_missing) {
  BOOST_TEST(listen("1f-2").find("event: missed\ndata: {}\n\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whoever_may_not_look_follows_nothing) {
  auto unknown = call({"GET", admin_url() + "/admin/v1/events", {}, {}});
  BOOST_TEST(unknown.status == 401);
  BOOST_TEST(get("/admin/v1/events").status == 404);
  auto wrong = follow("yesterday");
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(wrong.json()["field"].asString() == "Last-Event-ID");
  BOOST_TEST(follow("", "", "61").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
