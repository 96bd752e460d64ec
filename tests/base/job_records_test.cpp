#include "persistence/base/jobs.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/orders/deliveries.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <set>

// Work that outlives a request: who has it, and how it ends.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  fixture() {
    commit({topup(dealer, dollars(100))});
  }

  void commit(std::vector<posting> postings) {
    std::vector<std::shared_ptr<const decided_posting>> batch;
    for (auto& what : postings)
      batch.push_back(hand.decide(std::move(what)));
    for (auto result : commit_postings(db, batch))
      BOOST_REQUIRE((result == commit_result::committed));
  }

  order_id place(int32_t quantity = 1) {
    auto id = order_id::make();
    commit({order_of(dealer, id, quantity)});
    return id;
  }

  std::vector<job> take(int32_t count = 10) {
    return take_due_jobs(db, {"fulfil", count, 60});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(job_records_suite, fixture)

BOOST_AUTO_TEST_CASE(a_job_is_leased_to_one_at_a_time) {
  auto order = place();
  auto taken = take();
  BOOST_REQUIRE(taken.size() == 1u);
  BOOST_TEST((taken.front().subject == order.value));
  BOOST_TEST(taken.front().attempts == 1);
  BOOST_TEST(take().empty());
  BOOST_TEST(take_due_jobs(db, {"mail", 10, 60}).empty());
}

BOOST_AUTO_TEST_CASE(a_lease_that_ran_out_is_free_again) {
  place();
  take();
  run("UPDATE jobs SET run_at = now() - interval '1 second'");
  auto again = take();
  BOOST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again.front().attempts == 2);
}

BOOST_AUTO_TEST_CASE(workers_do_not_wait_for_one_another) {
  for (int i = 0; i < 5; ++i)
    place();
  database other{here.connection(), "test"};
  std::set<uuid> seen;
  transaction first{db};
  for (const auto& job : take(3))
    seen.insert(job.subject);
  transaction second{other};
  for (const auto& job : take_due_jobs(other, {"fulfil", 10, 60}))
    seen.insert(job.subject);
  second.commit();
  first.commit();
  BOOST_TEST(seen.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_postponed_job_comes_back_with_its_reason_kept) {
  auto order = place();
  take();
  postpone_due_job(db, {"fulfil", order.value, 300, "the provider said 'no': later"});
  BOOST_TEST(take().empty());
  postpone_due_job(db, {"fulfil", order.value, 0, ""});
  BOOST_TEST(value_of<std::string>("SELECT last_error FROM jobs")
             == "the provider said 'no': later");
  BOOST_TEST(take().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_order_is_read_as_it_was_placed) {
  auto id = place(2);
  auto order = find_order(db, id);
  BOOST_REQUIRE(order);
  BOOST_TEST((order->dealer == dealer));
  BOOST_TEST(order->product == "p3:att-prepaid-30");
  BOOST_TEST(order->status == "processing");
  BOOST_TEST(order->quantity == 2);
  BOOST_TEST(order->unit_price.cents() == 100);
  BOOST_TEST(order->buyer.name == "Jane \"J\" O'Hara");
  BOOST_TEST(order->buyer.language == "de");
  BOOST_TEST(order->buyer.imei == "353456789012345");
  BOOST_TEST(order->buyer.eid.empty());
  BOOST_TEST(order->buyer.address.last_name == "O'Hara");
  BOOST_TEST(order->buyer.address.zip_code == "62701");
  BOOST_TEST(order->delivered.empty());
  BOOST_TEST(!find_order(db, order_id::make()));
}

BOOST_AUTO_TEST_CASE(a_delivery_is_noted_once_and_mailed_once) {
  auto id = place(2);
  insert_delivery(db, {id, 1, "8901410000000000001", "LPA:1$a$1", false});
  insert_delivery(db, {id, 1, "8901410000000000009", "LPA:1$a$9", false});
  insert_delivery(db, {id, 2, "8901410000000000002", "LPA:1$a$2", false});
  mark_mailed(db, {id, 1});
  auto order = find_order(db, id);
  BOOST_REQUIRE(order->delivered.size() == 2u);
  BOOST_TEST(order->delivered[0].iccid == "8901410000000000001");
  BOOST_TEST(order->delivered[0].mailed);
  BOOST_TEST(order->delivered[1].unit == 2);
  BOOST_TEST(!order->delivered[1].mailed);
}

BOOST_AUTO_TEST_CASE(an_esim_is_delivered_to_one_order) {
  auto first = place();
  insert_delivery(db, {first, 1, "8901410321111851072", "LPA:1$smdp.test$A", false});
  auto second = place();
  auto deliver = [&](const std::string& iccid, const std::string& lpa) {
    delivered_esim unit{second, 1, iccid, lpa, false};
    auto holder = holder_of(db, unit);
    try {
      insert_delivery(db, unit);
      BOOST_TEST(!holder);
      return std::string{};
    } catch (const soci::soci_error& error) {
      db.forget_statements();
      BOOST_TEST(holder.value_or("nobody") == "order " + short_id(first));
      return read_failure(error).constraint;
    }
  };
  BOOST_TEST(deliver("8901410000000000002", "lpa:1$SMDP.test$A$") == "order_esims_one_code");
  BOOST_TEST(deliver("8901410321111851072", "LPA:1$smdp.test$B") == "order_esims_iccid_key");
  BOOST_TEST(deliver("89014103211118510720", "LPA:1$smdp.test$B") == "order_esims_one_iccid");
  BOOST_TEST(deliver("8901410000000000002", "LPA:1$smdp.test$B") == "");
  // What the order has itself is not somebody else's.
  BOOST_TEST(!holder_of(db, {second, 1, "8901410000000000002", "LPA:1$smdp.test$B", false}));
  insert_stock(db, {{"att", "qr"}, {{1, "8901410000000000003", "LPA:1$smdp.test$C"}}});
  BOOST_TEST(holder_of(db, {second, 1, "8901410000000000004", "LPA:1$smdp.test$C", false}).value()
             == "the stock, as iccid 8901410000000000003,");
}

BOOST_AUTO_TEST_CASE(an_order_ends_well_once_and_its_job_with_it) {
  auto id = place();
  insert_delivery(db, {id, 1, "8901410000000000001", "LPA:1$a$1", false});
  mark_completed(db, id);
  auto ended = value_of<std::string>("SELECT completed_at::text FROM orders");
  mark_completed(db, id);
  BOOST_TEST(value_of<std::string>("SELECT completed_at::text FROM orders") == ended);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
  auto listed = orders_of(db, {dealer, 10}).orders;
  BOOST_REQUIRE(listed.size() == 1u);
  BOOST_TEST(listed.front().status == "completed");
  BOOST_TEST(listed.front().iccid == "8901410000000000001");
  BOOST_TEST(listed.front().amount.cents() == 100);
}

BOOST_AUTO_TEST_CASE(an_order_that_ended_is_not_given_back) {
  auto refund = [&](order_id id) {
    auto what = plain_posting(dealer, entry_type::refund, dollars(1));
    what.what = order_refunded{id, 1, true, "sold out"};
    return what;
  };
  auto failed = place();
  commit({refund(failed)});
  BOOST_TEST(find_order(db, failed)->status == "failed");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
  mark_completed(db, failed);
  BOOST_TEST(find_order(db, failed)->status == "failed");
  auto again = hand.decide(refund(failed));
  BOOST_TEST((commit_postings(db, std::vector{again}).front() == commit_result::stock_conflict));
}

BOOST_AUTO_TEST_CASE(orders_are_listed_newest_first_and_only_their_dealers) {
  std::vector<order_id> placed;
  for (int i = 0; i < 3; ++i)
    placed.push_back(place());
  auto listed = orders_of(db, {dealer, 2}).orders;
  BOOST_REQUIRE(listed.size() == 2u);
  BOOST_TEST((listed[0].id == placed[2]));
  BOOST_TEST((listed[1].id == placed[1]));
  BOOST_TEST(listed[0].email_address == "jane@example.test");
  BOOST_TEST(orders_of(db, {open_dealer("other@example.test"), 10}).orders.empty());
}

BOOST_AUTO_TEST_SUITE_END()
