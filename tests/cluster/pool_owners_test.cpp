#include "tests/fixtures/memory_node.hpp"

// Two nodes both believe that they own a pool. An eSIM that both choose is sold once.

using namespace meisim;
using namespace meisim::test;

namespace {

const pool_name att{"att", "qr"};
constexpr auto price = money::from_cents(100);

struct fixture : memory_fixture {
  region_actor first = node();
  region_actor second = node();

  pending_answer<receipt> buy(const region_actor& where, dealer_id dealer, int32_t quantity) {
    purchase wish;
    wish.id = posting_id::make();
    wish.dealer = dealer;
    wish.sku = sku_id::make();
    wish.pool = att;
    wish.quantity = quantity;
    wish.unit_price = price;
    wish.ceiling = money::from_cents(1'000'000);
    auto answer = ask<receipt>(system, entity<pool_actor>(where, pool_atom_v, att), wish);
    settle();
    return answer;
  }

  static bool is_filled(const pending_answer<receipt>& answer, int32_t quantity) {
    return std::cmp_equal(std::get<supply_sold>(answer.get().told).rows.size(), quantity);
  }

  /// The rows of the commits that are under way.
  std::vector<std::vector<inventory_id>> rows_under_way() const {
    std::vector<std::vector<inventory_id>> result;
    for (const auto& commit : db->commits) {
      auto& rows = result.emplace_back();
      for (const auto& row : std::get<supply_sold>(commit.what->what.what).rows)
        rows.push_back(row.id);
    }
    return result;
  }

  int64_t rows_of(dealer_id dealer) const {
    return std::count_if(db->sold.begin(), db->sold.end(),
                         [&](const auto& entry) { return entry.second == dealer; });
  }

  int64_t balance_of(dealer_id dealer) const {
    return db->wallets[dealer].balance.cents();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pool_owners_suite, fixture)

BOOST_AUTO_TEST_CASE(rows_that_both_owners_choose_are_sold_once_and_the_other_looks_again) {
  add_stock(6);
  auto one = add_dealer(money::from_cents(1'000));
  auto other = add_dealer(money::from_cents(1'000));
  auto first_sale = buy(first, one, 3);
  auto second_sale = buy(second, other, 3);
  auto chosen = rows_under_way();
  BOOST_REQUIRE_EQUAL(chosen.size(), 2u);
  BOOST_TEST((chosen[0] == chosen[1]));
  auto looks = db->stock_looks;
  BOOST_TEST((end_commit() == commit_result::committed));
  BOOST_TEST((end_commit() == commit_result::stock_conflict));
  BOOST_TEST(db->stock_looks == looks + 1);
  BOOST_TEST(!second_sale.has_ended());
  end_all_commits();
  BOOST_TEST(is_filled(first_sale, 3));
  BOOST_TEST(is_filled(second_sale, 3));
  BOOST_TEST(rows_of(one) == 3);
  BOOST_TEST(rows_of(other) == 3);
  BOOST_TEST(balance_of(one) == 700);
  BOOST_TEST(balance_of(other) == 700);
}

BOOST_AUTO_TEST_CASE(a_sale_is_short_only_when_another_look_finds_no_more) {
  add_stock(4);
  auto one = add_dealer(money::from_cents(1'000));
  auto other = add_dealer(money::from_cents(1'000));
  auto first_sale = buy(first, one, 3);
  auto second_sale = buy(second, other, 3);
  end_commit();
  auto looks = db->stock_looks;
  end_commit();
  BOOST_TEST(db->stock_looks == looks + 1);
  end_all_commits();
  BOOST_TEST(is_filled(first_sale, 3));
  BOOST_TEST(is_filled(second_sale, 1));
  // Both lines stand in the ledger: the full debit, and the credit for what was missing.
  BOOST_TEST(balance_of(other) == 900);
  BOOST_TEST(db->wallets[other].version == 2);
}

BOOST_AUTO_TEST_CASE(an_owner_that_believes_it_is_sold_out_looks_before_it_says_so) {
  add_stock(2);
  auto one = add_dealer(money::from_cents(1'000));
  auto sale = buy(first, one, 2);
  end_all_commits();
  // Somebody else imports, and nobody tells this owner.
  add_stock(5);
  auto next = buy(first, one, 5);
  end_all_commits();
  BOOST_TEST(is_filled(next, 5));
  auto last = buy(first, one, 1);
  end_all_commits();
  BOOST_TEST((last.get().code == ec::vendor_error));
  // Debit and refund both stand in the ledger.
  BOOST_TEST(balance_of(one) == 300);
  BOOST_TEST(db->wallets[one].version == 4);
}

BOOST_AUTO_TEST_CASE(buyers_who_wait_together_are_sold_out_by_one_look) {
  add_stock(3);
  auto dealer = add_dealer(money::from_cents(10'000));
  db->is_holding_looks = true;
  std::vector<pending_answer<receipt>> sales{buy(first, dealer, 2)};
  // They come while a look is under way, which may have missed what is there for them.
  for (int i = 0; i < 10; ++i)
    sales.push_back(buy(first, dealer, 2));
  BOOST_TEST(db->held_looks == 1);
  release_looks();
  end_all_commits();
  BOOST_TEST(db->stock_looks == 2);
  BOOST_TEST(is_filled(sales[0], 2));
  BOOST_TEST(is_filled(sales[1], 1));
  for (size_t i = 2; i < sales.size(); ++i)
    BOOST_TEST((sales[i].get().code == ec::vendor_error));
  BOOST_TEST(balance_of(dealer) == 9'700);
}

BOOST_AUTO_TEST_CASE(buyers_on_both_nodes_get_every_row_once_and_pay_for_what_they_got) {
  constexpr int buyers = 20;
  add_stock(50);
  std::vector<dealer_id> dealers;
  std::vector<pending_answer<receipt>> sales;
  for (int i = 0; i < buyers; ++i) {
    dealers.push_back(add_dealer(money::from_cents(1'000)));
    sales.push_back(buy(i % 2 == 0 ? first : second, dealers.back(), 4));
  }
  end_all_commits();
  BOOST_TEST(db->sold.size() == 50u);
  int64_t paid = 0;
  for (int i = 0; i < buyers; ++i) {
    BOOST_REQUIRE(sales[static_cast<size_t>(i)].has_ended());
    auto dealer = dealers[static_cast<size_t>(i)];
    BOOST_TEST(1'000 - balance_of(dealer) == rows_of(dealer) * 100);
    paid += 1'000 - balance_of(dealer);
  }
  BOOST_TEST(paid == 5'000);
}

BOOST_AUTO_TEST_CASE(a_wallet_that_two_nodes_own_pays_once_for_each_sale) {
  add_stock(10);
  auto one = add_dealer(money::from_cents(500));
  auto first_sale = buy(first, one, 3);
  auto second_sale = buy(second, one, 3);
  end_all_commits();
  // The second decides anew on what the first has left: not enough for three more.
  BOOST_TEST(is_filled(first_sale, 3));
  BOOST_TEST((second_sale.code() == ec::insufficient_funds));
  BOOST_TEST(balance_of(one) == 200);
  // The rows of the sale that came to nothing can be sold.
  auto third_sale = buy(second, one, 2);
  end_all_commits();
  BOOST_TEST(is_filled(third_sale, 2));
  BOOST_TEST(balance_of(one) == 0);
}

BOOST_AUTO_TEST_CASE(a_sale_that_must_choose_again_while_rows_are_read_ahead_goes_on) {
  add_stock(12'000);
  auto one = add_dealer(money::from_cents(10'000'000));
  auto other = add_dealer(money::from_cents(10'000'000));
  auto first_sale = buy(first, one, 500);
  // By now half of what the second owner knows is spoken for: it reads on.
  std::vector<pending_answer<receipt>> sales{buy(second, other, 900), buy(second, other, 900)};
  db->is_holding_looks = true;
  sales.push_back(buy(second, other, 900));
  BOOST_TEST(db->held_looks == 1);
  end_commit();
  BOOST_TEST((end_commit() == commit_result::stock_conflict));
  release_looks();
  end_all_commits();
  BOOST_TEST(is_filled(first_sale, 500));
  for (const auto& sale : sales)
    BOOST_TEST(is_filled(sale, 900));
  BOOST_TEST(rows_of(other) == 2'700);
}

BOOST_AUTO_TEST_CASE(rows_that_are_found_twice_are_sold_once) {
  add_stock(9'000);
  auto one = add_dealer(money::from_cents(10'000'000));
  std::vector<pending_answer<receipt>> sales;
  for (int i = 0; i < 3; ++i)
    sales.push_back(buy(first, one, 1'000));
  db->is_holding_looks = true;
  for (int i = 0; i < 6; ++i)
    sales.push_back(buy(first, one, 1'000));
  release_looks();
  while (!db->commits.empty())
    BOOST_TEST((end_commit() == commit_result::committed));
  for (const auto& sale : sales)
    BOOST_TEST(is_filled(sale, 1'000));
  BOOST_TEST(rows_of(one) == 9'000);
}

BOOST_AUTO_TEST_SUITE_END()
