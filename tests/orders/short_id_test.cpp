#include "actors/money/commit_batch.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/order_views.hpp"
#include "persistence/orders/orders.hpp"
#include "protocols/base/strict_json.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <set>

// A short id is one order's, however the order is paid.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  fixture() {
    BOOST_REQUIRE((commit(topup(dealer, dollars(100))) == commit_result::committed));
  }

  commit_result commit(posting what) {
    return commit_batch(db, {hand.decide(std::move(what))}).outcomes.front().result;
  }

  order_id place_from_wallet(int64_t number) {
    auto id = order_id::make();
    BOOST_REQUIRE((commit(order_of(dealer, id, 1, number)) == commit_result::committed));
    return id;
  }

  order_id place_on_account() {
    account_order order;
    order.id = order_id::make();
    order.dealer = dealer;
    order.product = "esim_5gb_30days_jp";
    order.price = dollars(1);
    auto placed = place_order_on_account(db, order, 60);
    BOOST_TEST(placed.short_id == find_order(db, order.id)->short_id);
    return order.id;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(short_id_suite, fixture)

BOOST_AUTO_TEST_CASE(no_two_orders_have_one) {
  std::set<std::string> seen;
  auto look = [&](order_id id) {
    auto order = find_order(db, id);
    BOOST_TEST(seen.insert(order->short_id).second, order->short_id << " is new");
    auto name = parse_order_name(order->short_id);
    BOOST_REQUIRE(name);
    BOOST_TEST((order_with(db, {name->number})->id == id));
    BOOST_TEST((own_order_named(db, dealer, *name) == id));
    BOOST_TEST(!own_order_named(db, dealer_id::make(), *name));
    auto shown = parse_json_object(order_document(db, id)->text);
    BOOST_TEST((*shown)["shortId"].asString() == order->short_id);
  };
  auto first = next_order_numbers(db);
  auto second = next_order_numbers(db);
  BOOST_TEST(second.first == first.first + first.count);
  for (auto number : {first.first, first.first + 1, second.first}) {
    look(place_from_wallet(wallet_order_number(number)));
    BOOST_TEST(seen.contains(short_id(wallet_order_number(number))));
    look(place_on_account());
  }
  BOOST_TEST(!order_with(db, {-1}));
}

BOOST_AUTO_TEST_CASE(the_program_and_the_database_write_the_same) {
  for (int64_t number : {int64_t{0}, int64_t{1}, int64_t{12'345}, int64_t{1} << 28,
                         (int64_t{1} << 29) - 1, int64_t{1} << 29, (int64_t{1} << 34) - 1}) {
    auto in_database = value_of<std::string>("SELECT short_id(2 * " + std::to_string(number) + ")");
    BOOST_TEST(short_id(wallet_order_number(number)) == in_database);
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_was_given_out_twice_is_refused) {
  auto number = wallet_order_number(5);
  auto first = place_from_wallet(number);
  BOOST_TEST((commit(order_of(dealer, order_id::make(), 1, number)) == commit_result::poisoned));
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders") == 1);
  BOOST_TEST((order_with(db, {number})->id == first));
}

BOOST_AUTO_TEST_SUITE_END()
