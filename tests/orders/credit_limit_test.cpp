#include "persistence/access/credit.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/orders/account_orders.hpp"
#include "protocols/base/crypto.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <atomic>
#include <thread>
#include <vector>

// Orders on account against the dealer's credit limit, as the database keeps them.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  account_order order_at(money price) const {
    account_order order;
    order.id = order_id::make();
    order.dealer = dealer;
    order.product = "esim_5gb_30days_jp";
    order.country = "JP";
    order.price = price;
    order.request_hash = to_hex(sha256("an order"));
    return order;
  }

  account_placement place(const account_order& order) {
    return place_order_on_account(db, order, 60);
  }

  int64_t used() {
    return credit_of(db, dealer).used.cents();
  }

  settle_credit payment(money amount, const std::string& key = {}) const {
    settle_credit wish;
    wish.email = "dealer@example.test";
    wish.amount = amount;
    wish.reason = "a bank transfer";
    wish.idempotency_key = key;
    wish.request_hash = key.empty() ? "" : to_hex(sha256(to_string(amount)));
    wish.by.kind = audit_kind::credit_settled;
    return wish;
  }

  int settlements() {
    return value_of<int>("SELECT count(*) FROM settlements");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(credit_limit_suite, fixture)

BOOST_AUTO_TEST_CASE(a_dealer_without_a_limit_orders_on_and_the_use_is_counted_all_the_same) {
  BOOST_TEST(!credit_of(db, dealer).limit.has_value());
  BOOST_TEST(used() == 0);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(place(order_at(dollars(1'000))).is_new);
  BOOST_TEST(used() == 3'000'00);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(an_order_up_to_the_limit_is_placed_and_the_one_above_it_is_not) {
  open_credit(db, dealer, dollars(10));
  BOOST_TEST(place(order_at(dollars(6))).is_new);
  auto order = order_at(money::from_cents(4'01));
  auto above = place(order);
  BOOST_TEST(!above.is_new);
  BOOST_REQUIRE(above.exhausted.has_value());
  BOOST_TEST(above.exhausted->limit->cents() == 10'00);
  BOOST_TEST(above.exhausted->used.cents() == 6'00);
  BOOST_TEST(!account_order_under(db, order.id));
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 1);
  BOOST_TEST(place(order_at(dollars(4))).is_new);
  BOOST_TEST(used() == 10'00);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(of_64_orders_at_once_from_several_nodes_those_are_placed_that_fit) {
  open_credit(db, dealer, dollars(100));
  std::atomic<int> placed{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> nodes;
    for (int node = 0; node < 4; ++node)
      nodes.emplace_back([&] {
        database session{here.connection(), "node"};
        for (int i = 0; i < 16; ++i) {
          auto outcome = place_order_on_account(session, order_at(money::from_cents(6'50)), 60);
          placed += outcome.is_new ? 1 : 0;
          refused += outcome.exhausted ? 1 : 0;
        }
      });
  }
  BOOST_TEST(placed.load() == 15);
  BOOST_TEST(refused.load() == 49);
  BOOST_TEST(used() == 97'50);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders") == 15);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_finds_its_order_though_nothing_is_left) {
  open_credit(db, dealer, dollars(6));
  auto order = order_at(dollars(6));
  order.idempotency_key = "key";
  BOOST_TEST(place(order).is_new);
  auto again = place(order);
  BOOST_TEST(!again.is_new);
  BOOST_TEST(!again.exhausted.has_value());
  BOOST_TEST(again.status == "pending");
  BOOST_TEST(used() == 6'00);
}

BOOST_AUTO_TEST_CASE(an_order_that_fails_gives_its_price_back_once) {
  open_credit(db, dealer, dollars(10));
  auto order = order_at(dollars(6));
  place(order);
  BOOST_TEST(mark_account_order_failed(db, {order.id, "refused"}));
  BOOST_TEST(!mark_account_order_failed(db, {order.id, "refused"}));
  BOOST_TEST(used() == 0);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(an_order_that_is_placed_once_more_counts_once_more_at_its_new_price) {
  open_credit(db, dealer, dollars(10));
  auto order = order_at(dollars(6));
  place(order);
  mark_account_order_failed(db, {order.id, "away", true});
  order.price = dollars(7);
  BOOST_TEST(place(order).is_new);
  BOOST_TEST(used() == 7'00);
  mark_account_order_failed(db, {order.id, "away", true});
  order.price = dollars(11);
  BOOST_TEST(place(order).exhausted.has_value());
  BOOST_TEST(used() == 0);
  BOOST_TEST(value_of<std::string>("SELECT status FROM orders") == "failed");
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(what_was_paid_outside_makes_room_and_is_booked_once_under_a_key) {
  open_credit(db, dealer, dollars(10));
  place(order_at(dollars(10)));
  auto first = settle(db, dealer, payment(dollars(8), "operator key"));
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->used.cents() == 2'00);
  BOOST_TEST(!first->is_replayed);
  BOOST_TEST(place(order_at(dollars(5))).is_new);
  auto again = settle(db, dealer, payment(dollars(8), "operator key"));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((again->id == first->id));
  BOOST_TEST(again->used.cents() == 2'00);
  BOOST_TEST(again->is_replayed);
  BOOST_TEST(!settle(db, dealer, payment(dollars(9), "operator key")));
  BOOST_TEST(settlements() == 1);
  BOOST_TEST(used() == 7'00);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM audit_events WHERE kind = 'credit.settled'") == 1);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_for_an_order_books_nothing) {
  auto order = order_at(dollars(6));
  order.idempotency_key = "key";
  place(order);
  BOOST_TEST(!settle(db, dealer, payment(dollars(6), "key")));
  BOOST_TEST(settlements() == 0);
  BOOST_TEST(used() == 6'00);
}

BOOST_AUTO_TEST_CASE(a_wrong_booking_is_taken_back_by_its_opposite_and_never_changed) {
  settle(db, dealer, payment(dollars(100)));
  BOOST_TEST(used() == -100'00);
  settle(db, dealer, payment(-dollars(100)));
  BOOST_TEST(used() == 0);
  BOOST_TEST(settlements() == 2);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  for (const auto* statement : {"UPDATE settlements SET amount_cents = 1",
                                "DELETE FROM settlements", "TRUNCATE settlements"}) {
    BOOST_CHECK_THROW(run(statement), soci::soci_error);
    db.close();
  }
}

BOOST_AUTO_TEST_CASE(the_ledger_check_finds_a_use_that_is_not_that_of_the_orders) {
  place(order_at(dollars(6)));
  run("UPDATE credit_accounts SET used_cents = used_cents - 1");
  auto found = prove_ledger(db).mismatches;
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_TEST(found.front()
             == "1 credit accounts are used otherwise than by orders on account less settlements");
  run("DELETE FROM credit_accounts");
  BOOST_TEST(prove_ledger(db).mismatches.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
