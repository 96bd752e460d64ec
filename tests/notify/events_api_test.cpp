#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/raw_client.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

// What a page sees of what happens, as it happens.

using namespace meisim::test;

namespace {

struct fixture : service {
  fixture() : service({"--rate-limits", "off"}) {
    // nop
  }

  account dealer = add_dealer("20");

  /// What a stream of a second tells.
  std::string listen(const std::string& last_id = "") const {
    std::vector<std::string> headers{dealer.key_header};
    if (!last_id.empty())
      headers.push_back("Last-Event-ID: " + last_id);
    auto answer = get("/dealer/events?seconds=1", headers);
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    BOOST_TEST(answer.headers["content-type"] == "text/event-stream");
    return answer.body;
  }

  /// What is told after `last_id`, once this is in it: a transaction that began before the order's
  /// may still be under way, if only another test's.
  std::string told_of(const std::string& part, const std::string& last_id) const {
    std::string told;
    BOOST_TEST(comes_true([&] {
      told = listen(last_id);
      return told.find(part) != std::string::npos;
    }));
    return told;
  }

  /// The node's threads.
  long threads() const {
    auto tasks =
      std::filesystem::directory_iterator{"/proc/" + std::to_string(node_id()) + "/task"};
    return std::distance(begin(tasks), end(tasks));
  }

  void order(const std::string& reference) const {
    auto placed = post("/dealer/order",
                       R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com",)"
                       R"("customerName":"Jane","customerReference":")"
                         + reference + "\"}",
                       {dealer.key_header});
    BOOST_TEST_REQUIRE(placed.status == 200, placed.body);
    BOOST_TEST(final_status(dealer, placed.json()["orderId"].asString()) == "completed");
  }
};

std::string last_id_in(const std::string& stream) {
  auto begin = stream.rfind("id: ") + 4;
  return stream.substr(begin, stream.find('\n', begin) - begin);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(events_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_page_that_comes_back_is_told_what_it_has_missed) {
  auto first = listen();
  BOOST_TEST(has(first, "event: wallet.changed\ndata: {\"balance_usd\":20.00}\n"), first);
  BOOST_TEST(has(first, "event: batch.progress\n"));
  BOOST_TEST(!has(first, "event: missed"));
  order("A-1");
  auto second = told_of("A-1", last_id_in(first));
  BOOST_TEST(has(second, "event: order.completed\ndata: {"), second);
  BOOST_TEST(!has(second, "event: missed"));
  order("A-2");
  BOOST_TEST(!has(told_of("A-2", last_id_in(second)), "A-1"));
}

BOOST_AUTO_TEST_CASE(who_comes_back_too_late_hears_that_something_is_missing) {
  BOOST_TEST(has(listen("1-1"), "event: missed\ndata: {}\n\n"));
  BOOST_TEST(get("/dealer/events?seconds=0", {dealer.key_header}).status == 400);
  auto wrong = get("/dealer/events", {dealer.key_header, "Last-Event-ID: yesterday"});
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(wrong.json()["field"].asString() == "Last-Event-ID");
  BOOST_TEST(get("/dealer/events").status == 401);
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_anybody_else) {
  auto other = add_dealer("20");
  auto before = get("/dealer/events?seconds=1", {other.key_header}).body;
  order("A-3");
  auto later =
    get("/dealer/events?seconds=1", {other.key_header, "Last-Event-ID: " + last_id_in(before)})
      .body;
  BOOST_TEST(!has(later, "A-3"));
  BOOST_TEST(!has(later, "order.completed"));
}

BOOST_AUTO_TEST_CASE(whose_key_is_taken_back_is_told_nothing_more) {
  raw_client page{port()};
  BOOST_REQUIRE(page.send("GET /dealer/events?seconds=60 HTTP/1.1\r\nHost: a\r\n"
                          + dealer.key_header + "\r\n\r\n"));
  BOOST_REQUIRE(comes_true([&] { return page.has_input(); }));
  auto prefix = get("/dealer/keys", {dealer.key_header}).json()["keys"][0]["prefix"].asString();
  BOOST_TEST(remove("/dealer/keys/" + prefix, {dealer.key_header}).status == 200);
  BOOST_TEST(admin_post("/admin/v1/dealers/" + dealer.email + "/adjustments",
                        R"({"amount":"+7.00","reason":"test"})")
               .status
             == 200);
  // It ends long before its minute is over.
  auto told = page.read();
  BOOST_REQUIRE(told);
  BOOST_TEST(told->status == 200);
  BOOST_TEST(!has(told->body, "27.00"), told->body);
}

BOOST_AUTO_TEST_CASE(thousands_of_pages_follow_one_node_without_a_thread_each) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  auto before = threads();
  // A dealer may have 32.
  constexpr size_t pages_of_dealer = 30;
  auto dealers = std::min<size_t>(70, (files.rlim_cur - 200) / pages_of_dealer);
  std::vector<raw_client> pages;
  for (size_t each = 0; each < dealers; ++each) {
    auto follower = add_dealer("1");
    for (size_t page = 0; page < pages_of_dealer; ++page) {
      pages.emplace_back(port());
      BOOST_TEST_REQUIRE(pages.back().send("GET /dealer/events?seconds=60 HTTP/1.1\r\nHost: a\r\n"
                                           + follower.key_header + "\r\n\r\n"));
    }
  }
  BOOST_TEST(comes_true([&] { return std::ranges::all_of(pages, &raw_client::has_input); }));
  BOOST_TEST(threads() < before + 10);
  // Nobody else waits for them.
  order("A-9");
}

BOOST_AUTO_TEST_SUITE_END()
