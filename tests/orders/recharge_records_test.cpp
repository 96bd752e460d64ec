#include "actors/money/commit_batch.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/durability_seen.hpp"
#include "tests/fixtures/postings.hpp"

// Top-ups of SIMs as the database keeps them.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  account_order wish() const {
    account_order order;
    order.id = order_id::make();
    order.dealer = dealer;
    order.product = "Vodafone-UK";
    order.customer_reference = "T-1";
    order.price = money::from_cents(3'810);
    order.request_hash = "hash";
    order.top_up = recharge{"Vodafone-UK", {"+447700900000", {}}, "GBP", 2'000, "DATA-5GB", 1'000};
    return order;
  }

  std::string status_of(order_id id) {
    return find_order(db, id)->status;
  }

  int jobs() {
    return value_of<int>("SELECT count(*) FROM jobs");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recharge_records_suite, fixture)

BOOST_AUTO_TEST_CASE(a_top_up_stands_as_pending_with_its_job_before_the_provider_is_asked) {
  auto order = wish();
  BOOST_TEST(place_order_on_account(db, order, 0).is_new);
  auto known = find_order(db, order.id);
  BOOST_REQUIRE(known);
  BOOST_TEST(known->is_on_account);
  BOOST_TEST(known->status == "pending");
  BOOST_REQUIRE(known->top_up.has_value());
  BOOST_TEST(known->top_up->network == "Vodafone-UK");
  BOOST_TEST(known->top_up->sim.contact_number == "+447700900000");
  BOOST_TEST(known->top_up->sim.sim_serial.empty());
  BOOST_TEST(known->top_up->currency == "GBP");
  BOOST_TEST(known->top_up->value == 2'000);
  BOOST_TEST(known->top_up->bundle_code == "DATA-5GB");
  BOOST_TEST(known->top_up->bundle_value == 1'000);
  BOOST_TEST(take_due_jobs(db, {"fulfil", 10, 60}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(placing_it_again_finds_it_and_how_it_ended) {
  auto order = wish();
  place_order_on_account(db, order, 60);
  auto again = place_order_on_account(db, order, 60);
  BOOST_TEST(!again.is_new);
  BOOST_TEST(again.status == "pending");
  BOOST_TEST(again.request_hash == "hash");
  mark_recharge_finished(db, {order.id, "p-1", {}, 0});
  mark_recharge_finished(db, {order.id, "p-2", {}, 0});
  again = place_order_on_account(db, order, 60);
  BOOST_TEST(!again.is_new);
  BOOST_TEST(again.status == "completed");
  BOOST_TEST(again.provider_reference == "p-1");
  BOOST_TEST(jobs() == 0);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM recharges") == 1);
}

BOOST_AUTO_TEST_CASE(what_the_provider_was_away_for_may_be_placed_again) {
  auto order = wish();
  place_order_on_account(db, order, 60);
  mark_account_order_failed(db, {order.id, "away", true});
  BOOST_TEST(status_of(order.id) == "failed");
  BOOST_TEST(!account_order_under(db, order.id));
  auto other = order;
  other.request_hash = "other";
  BOOST_TEST(!place_order_on_account(db, other, 60).is_new);
  order.price = money::from_cents(4'000);
  BOOST_TEST(place_order_on_account(db, order, 60).is_new);
  BOOST_TEST(jobs() == 1);
  mark_recharge_finished(db, {order.id, "p-1", {}, 0});
  auto known = account_order_under(db, order.id);
  BOOST_REQUIRE(known);
  BOOST_TEST(known->status == "completed");
  BOOST_TEST(known->terms.price.cents() == 4'000);
}

// Otherwise a crash of the server, or a promotion of another, would cause the order to be bought
// again.
BOOST_AUTO_TEST_CASE(that_nothing_was_bought_is_on_disk_before_the_caller_hears_so) {
  durability_seen seen{*this, "orders"};
  database lazy{here.connection(), "test", durability::soon};
  auto order = wish();
  place_order_on_account(lazy, order, 60);
  BOOST_TEST(mark_account_order_failed(lazy, {order.id, "away", true}));
  BOOST_TEST(seen.words() == "on");
}

BOOST_AUTO_TEST_CASE(what_somebody_else_is_asking_after_is_not_said_to_be_unbought) {
  auto order = wish();
  place_order_on_account(db, order, 0);
  BOOST_TEST(take_due_jobs(db, {"fulfil", 10, 60}).size() == 1u);
  BOOST_TEST(!mark_account_order_failed(db, {order.id, "away", true}));
  BOOST_TEST(status_of(order.id) == "pending");
  BOOST_TEST(jobs() == 1);
  BOOST_TEST(!mark_account_order_failed(db, {order.id, "refused"}));
  BOOST_TEST(mark_account_order_failed(db, {order.id, "refused", false, 1}));
  BOOST_TEST(status_of(order.id) == "failed");
}

BOOST_AUTO_TEST_CASE(a_key_is_one_for_orders_on_account_and_postings) {
  auto order = wish();
  order.idempotency_key = "key-1";
  order.request_hash = to_hex(sha256("a recharge"));
  BOOST_TEST(place_order_on_account(db, order, 60).is_new);
  BOOST_TEST(!place_order_on_account(db, order, 60).is_new);
  deciding_hand hand{db, dealer};
  auto paid = hand.decide(topup(dealer, dollars(5), "key-1"));
  BOOST_TEST((commit_batch(db, {paid}).outcomes.front().result == commit_result::key_conflict));
  BOOST_TEST(receipt_under_key(db, dealer, "key-1").request_hash == order.request_hash);
  hand.reload(db);
  auto other = hand.decide(topup(dealer, dollars(5), "key-2"));
  BOOST_TEST((commit_batch(db, {other}).outcomes.front().result == commit_result::committed));
  auto late = wish();
  late.idempotency_key = "key-2";
  late.request_hash = to_hex(sha256("a recharge"));
  auto placed = place_order_on_account(db, late, 60);
  BOOST_TEST(!placed.is_new);
  BOOST_TEST(placed.request_hash != late.request_hash);
  BOOST_TEST(!find_order(db, late.id));
}

BOOST_AUTO_TEST_CASE(without_a_key_nothing_may_be_placed_again) {
  auto order = wish();
  order.request_hash.clear();
  place_order_on_account(db, order, 60);
  BOOST_TEST(mark_account_order_failed(db, {order.id, "away", true}));
  BOOST_TEST(account_order_under(db, order.id)->status == "failed");
}

BOOST_AUTO_TEST_CASE(it_ends_once) {
  auto failed = wish();
  place_order_on_account(db, failed, 60);
  mark_account_order_failed(db, {failed.id, "no such SIM"});
  mark_recharge_finished(db, {failed.id, "p-1", {}, 0});
  BOOST_TEST(status_of(failed.id) == "failed");
  auto done = wish();
  place_order_on_account(db, done, 60);
  mark_recharge_finished(db, {done.id, "p-1", {}, 0});
  mark_account_order_failed(db, {done.id, "late"});
  BOOST_TEST(status_of(done.id) == "completed");
  BOOST_TEST(jobs() == 0);
}

BOOST_AUTO_TEST_CASE(the_history_shows_it_with_its_sim) {
  auto order = wish();
  order.top_up->sim = {{}, "8944000000000000000"};
  place_order_on_account(db, order, 60);
  auto listed = orders_of(db, {dealer, 10}).orders;
  BOOST_REQUIRE(listed.size() == 1u);
  BOOST_TEST(listed.front().type == "topup");
  BOOST_TEST(listed.front().bundle_name == "Vodafone-UK");
  BOOST_TEST(listed.front().customer_reference == "T-1");
  BOOST_TEST(listed.front().iccid == "8944000000000000000");
  BOOST_TEST(listed.front().amount.cents() == 3'810);
  BOOST_TEST(listed.front().status == "pending");
}

BOOST_AUTO_TEST_CASE(two_identifiers_or_none_are_refused) {
  for (const auto& sim : {sim_target{}, sim_target{"+447700900000", "8944000000000000000"}}) {
    auto order = wish();
    order.top_up->sim = sim;
    auto placed = guarded(db, "placing", [&] { return place_order_on_account(db, order, 60); });
    BOOST_TEST(!placed);
    BOOST_TEST(!find_order(db, order.id));
  }
}

BOOST_AUTO_TEST_SUITE_END()
