#include "persistence/access/dealer_requests.hpp"
#include "tests/fixtures/database.hpp"

#include <algorithm>

// What dealers' programs have asked for, on its way into their log and out of it.

using namespace meisim;
using namespace meisim::test;

namespace {

struct request_fixture : database_fixture {
  dealer_id dealer = open_dealer();
  dealer_id other = open_dealer("other@example.test");

  static request_note note(dealer_id of, int32_t status, std::string id = "request") {
    return {of, now(), "POST", "/dealer/order", status, std::move(id), "192.0.2.7"};
  }

  json_page listed(bool failed = false, page_wish page = {}) {
    return browse(db, {dealer, failed, page});
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(dealer_requests, request_fixture)

BOOST_AUTO_TEST_CASE(a_dealers_requests_are_listed_newest_first_page_by_page) {
  std::vector<request_note> notes{note(dealer, 200, "a"), note(other, 200, "x"),
                                  note(dealer, 402, "b"), note(dealer, 200, "c")};
  write_requests(db, notes);
  page_wish two;
  two.limit = 2;
  auto first = listed(false, two);
  BOOST_REQUIRE_EQUAL(first.items.size(), 2u);
  BOOST_TEST(contains(first.items[0], R"("id" : "c")"));
  BOOST_TEST(contains(first.items[1], R"("status" : 402)"));
  auto cursor = parse_page_cursor(first.next_cursor);
  BOOST_REQUIRE(cursor);
  two.behind = *cursor;
  auto second = listed(false, two);
  BOOST_REQUIRE_EQUAL(second.items.size(), 1u);
  BOOST_TEST(contains(second.items[0], R"("id" : "a")"));
  BOOST_TEST(second.next_cursor.empty());
  auto failed = listed(true);
  BOOST_REQUIRE_EQUAL(failed.items.size(), 1u);
  BOOST_TEST(contains(failed.items[0], R"("id" : "b")"));
}

BOOST_AUTO_TEST_CASE(what_is_older_than_three_days_is_forgotten) {
  write_requests(db, std::vector{note(dealer, 200, "old"), note(dealer, 200, "new")});
  run("UPDATE dealer_requests SET at = now() - interval '73 hours' WHERE request_id = 'old'");
  forget_old_requests(db);
  auto left = listed();
  BOOST_REQUIRE_EQUAL(left.items.size(), 1u);
  BOOST_TEST(contains(left.items[0], R"("id" : "new")"));
}

BOOST_AUTO_TEST_CASE(one_dealers_flood_leaves_room_for_others_and_for_failures) {
  request_notes notes;
  auto add = [&](dealer_id of, int32_t status) {
    notes.add(of, status >= 400, [&] { return note(of, status); });
  };
  for (int i = 0; i < 1'000; ++i)
    add(dealer, 200);
  for (int i = 0; i < 1'000; ++i)
    add(dealer, 429);
  add(other, 200);
  auto kept = notes.take();
  auto count = [&](dealer_id of) {
    return std::ranges::count_if(kept, [&](const auto& one) { return one.dealer == of; });
  };
  BOOST_TEST(count(dealer) == 2 * request_notes::most_of_one);
  BOOST_TEST(count(other) == 1);
  BOOST_TEST(notes.take().empty());
  add(dealer, 200);
  BOOST_TEST(notes.take().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
