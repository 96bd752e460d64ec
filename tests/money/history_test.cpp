#include "persistence/money/history.hpp"
#include "tests/money/ledger_fixture.hpp"

// What a dealer sees of its wallet's past.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(history_suite, ledger_fixture)

BOOST_AUTO_TEST_CASE(a_wallet_shows_its_balance_and_newest_entries) {
  auto order = order_id::make();
  commit({hand.decide(debit(dealer, dollars(5))), hand.decide(order_of(dealer, order))});
  auto shown = wallet_of(db, {dealer, 2});
  BOOST_TEST(shown.balance.cents() == 9'400);
  BOOST_REQUIRE(shown.entries.size() == 2u);
  BOOST_TEST(shown.entries[0].seq == 3);
  BOOST_TEST(shown.entries[0].order == to_string(order));
  BOOST_TEST(shown.entries[0].type == "debit");
  BOOST_TEST(shown.entries[0].amount.cents() == -100);
  BOOST_TEST(shown.entries[0].balance_after.cents() == 9'400);
  BOOST_TEST(shown.entries[0].description == "a \"quoted\" \\ line");
  BOOST_TEST(shown.entries[1].order.empty());
}

BOOST_AUTO_TEST_CASE(pages_join_without_gap_or_repetition) {
  // More than fits into one fetch, several times over, and not a multiple of it.
  batch_type batch;
  for (int i = 0; i < 4'321; ++i)
    batch.push_back(hand.decide(debit(dealer, money::from_cents(1))));
  commit(batch);
  auto from = from_micros(0);
  auto to = meisim::now() + std::chrono::hours{1};
  std::string all;
  csv_page page;
  do {
    page = entries_of(db, {dealer, from, to, page.last, 1'500});
    all += page.lines;
  } while (page.has_more);
  BOOST_TEST(page.last == 4'322);
  BOOST_TEST(lines_in(all) == 4'322);
  // The first is the money that came in; each one after it takes a cent.
  BOOST_TEST(all.find(",topup,100.00,100.00,") < all.find("\r\n"));
  for (const auto* balance : {"99.99", "85.01", "85.00", "84.99", "56.79"})
    BOOST_TEST(all.find(std::string{",debit,-0.01,"} + balance + ',') != std::string::npos,
               balance);
  BOOST_TEST(entries_of(db, {dealer, from, to, page.last, 1'500}).lines.empty());
  BOOST_TEST(lines_in(entries_of(db, {dealer, from, to, page.last - 1'000, 1'000}).lines) == 1'000);
}

BOOST_AUTO_TEST_CASE(a_range_of_time_has_its_start_and_not_its_end) {
  auto entry = wallet_of(db, {dealer, 1}).entries.front();
  auto later = entry.created_at + std::chrono::microseconds{1};
  BOOST_TEST(lines_in(entries_of(db, {dealer, entry.created_at, later, 0, 10}).lines) == 1);
  BOOST_TEST(entries_of(db, {dealer, from_micros(0), entry.created_at, 0, 10}).lines.empty());
  BOOST_TEST(entries_of(db, {dealer, later, later + std::chrono::hours{1}, 0, 10}).lines.empty());
}

BOOST_AUTO_TEST_CASE(pages_before_the_first_time_are_empty_and_lead_on) {
  for (int i = 0; i < 4; ++i)
    commit({hand.decide(debit(dealer, money::from_cents(1)))});
  auto entry = wallet_of(db, {dealer, 1}).entries.front();
  std::vector<int64_t> lines;
  csv_page page;
  do {
    page = entries_of(
      db, {dealer, entry.created_at, entry.created_at + std::chrono::hours{1}, page.last, 2});
    lines.push_back(lines_in(page.lines));
  } while (page.has_more);
  BOOST_TEST(lines == std::vector<int64_t>({0, 0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_month_adds_up_and_each_entry_is_in_one) {
  commit({hand.decide(debit(dealer, dollars(5))), hand.decide(debit(dealer, dollars(2)))});
  auto last = wallet_of(db, {dealer, 1}).entries.front().created_at;
  auto all = month_of(db, {dealer, from_micros(0), last + std::chrono::hours{1}});
  BOOST_TEST(all.opening.cents() == 0);
  BOOST_TEST(all.closing.cents() == 9'300);
  BOOST_TEST(all.count == 3);
  BOOST_REQUIRE(all.sums.size() == 2u);
  BOOST_TEST(all.sums[0].type == "debit");
  BOOST_TEST(all.sums[0].count == 2);
  BOOST_TEST(all.sums[0].amount.cents() == -700);
  BOOST_TEST(all.sums[1].amount.cents() == 10'000);
  BOOST_REQUIRE(all.entries.size() == 3u);
  BOOST_TEST(all.entries[0].type == "topup");
  BOOST_TEST(all.entries[1].amount.cents() == -500);
  BOOST_TEST(all.entries[2].balance_after.cents() == 9'300);
  // Where one month ends, the next one begins.
  auto before = month_of(db, {dealer, from_micros(0), last});
  auto after = month_of(db, {dealer, last, last + std::chrono::hours{1}, 1});
  BOOST_TEST(before.count + after.count == 3);
  BOOST_TEST(before.closing.cents() == after.opening.cents());
  BOOST_TEST(after.closing.cents() == 9'300);
  BOOST_TEST(after.entries.size() == 1u);
  auto later = month_of(db, {dealer, last + std::chrono::hours{1}, last + std::chrono::hours{2}});
  BOOST_TEST(later.count == 0);
  BOOST_TEST(later.opening.cents() == 9'300);
  BOOST_TEST(later.closing.cents() == 9'300);
  BOOST_TEST(month_of(db, {dealer_id::make(), from_micros(0), last}).count == 0);
}

BOOST_AUTO_TEST_SUITE_END()
