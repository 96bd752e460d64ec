#include "persistence/base/jobs.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/orders/deliveries.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/durability_seen.hpp"
#include "tests/fixtures/postings.hpp"

#include <set>

// Jobs: who holds their leases, and how they end.

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
    return take_due_jobs(db, {"fulfil", count, 60, "p3"});
  }

  note_delivery delivery(order_id order, int32_t unit, int32_t attempt = 0) {
    auto number = std::to_string(unit);
    return {{order, unit, "890141000000000000" + number, "LPA:1$a$" + number}, {}, attempt};
  }

  posting refund_of(order_id order, int32_t units = 1, int32_t attempt = any_attempt) {
    auto what = plain_posting(dealer, entry_type::refund, dollars(units));
    what.what = order_refunded{order, units, true, "sold out", attempt};
    return what;
  }

  commit_result try_to_commit(posting what) {
    return commit_postings(db, std::vector{hand.decide(std::move(what))}).front();
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

BOOST_AUTO_TEST_CASE(each_try_of_an_order_is_kept_with_the_last_words) {
  auto order = place();
  auto tries = [&] {
    return value_of<std::string>(
      "SELECT coalesce(string_agg(attempt || ' ' || words, ', ' ORDER BY attempt), '') FROM order_tries");
  };
  auto first = take().front();
  postpone_due_job(db, {"fulfil", first, 0, "status 503"});
  auto second = take().front();
  postpone_due_job(db, {"fulfil", first, 0, "whoever lost the job says nothing"});
  postpone_due_job(db, {"fulfil", second, 0, {}});
  BOOST_TEST(tries() == "1 status 503");
  postpone_due_job(db, {"fulfil", take().front(), 0, "no answer"});
  BOOST_TEST(tries() == "1 status 503, 3 no answer");
  BOOST_TEST(value_of<std::string>("SELECT order_id::text FROM order_tries LIMIT 1")
             == to_string(order));
}

BOOST_AUTO_TEST_CASE(a_lease_that_ran_out_is_free_again) {
  place();
  take();
  run("UPDATE jobs SET run_at = now() - interval '1 second'");
  auto again = take();
  BOOST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again.front().attempts == 2);
}

// A promoted server that does not know of it would give the order away again under the same
// attempt.
BOOST_AUTO_TEST_CASE(that_an_order_is_taken_is_on_disk_before_a_provider_can_be_asked) {
  auto order = place();
  durability_seen seen{*this, "jobs"};
  database lazy{here.connection(), "test", durability::soon};
  auto taken = take_due_jobs(lazy, {"fulfil", 10, 60, "p3"});
  BOOST_REQUIRE(taken.size() == 1u);
  BOOST_TEST((taken.front().subject == order.value));
  keep_leased_job(lazy, {"fulfil", taken.front(), 60});
  BOOST_TEST(seen.words() == "on off");
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
  for (const auto& job : take_due_jobs(other, {"fulfil", 10, 60, "p3"}))
    seen.insert(job.subject);
  second.commit();
  first.commit();
  BOOST_TEST(seen.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_postponed_job_comes_back_with_its_reason_kept) {
  place();
  auto taken = take().front();
  postpone_due_job(db, {"fulfil", taken, 300, "the provider said 'no': later"});
  BOOST_TEST(take().empty());
  postpone_due_job(db, {"fulfil", taken, 0, ""});
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

BOOST_AUTO_TEST_CASE(jobs_of_one_lane_are_not_taken_with_those_of_another) {
  place();
  BOOST_TEST(take_due_jobs(db, {"fulfil", 10, 60, "p4"}).empty());
  BOOST_TEST(take_due_jobs(db, {"fulfil", 10, 60, "", {"", "p3"}}).empty());
  // The provider is not configured any more.
  BOOST_TEST(take_due_jobs(db, {"fulfil", 10, 60, "", {"", "p4"}}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_has_lost_a_job_can_neither_keep_nor_postpone_it) {
  place();
  auto lost = take().front();
  run("UPDATE jobs SET run_at = now() - interval '1 second'");
  auto now_of = [this] { return value_of<std::string>("SELECT run_at::text FROM jobs"); };
  take();
  auto due = now_of();
  postpone_due_job(db, {"fulfil", lost, 300, "late"});
  keep_leased_job(db, {"fulfil", lost, 300});
  BOOST_TEST(now_of() == due);
  BOOST_TEST(value_of<int>("SELECT count(last_error) FROM jobs") == 0);
}

BOOST_AUTO_TEST_CASE(a_lease_is_renewed_and_never_shortens_a_pause) {
  place();
  auto taken = take().front();
  auto seconds_left = [this] {
    return value_of<int>("SELECT extract(epoch FROM run_at - now())::int FROM jobs");
  };
  keep_leased_job(db, {"fulfil", taken, 600});
  BOOST_TEST(seconds_left() > 500);
  keep_leased_job(db, {"fulfil", taken, 60});
  BOOST_TEST(seconds_left() > 500);
}

BOOST_AUTO_TEST_CASE(a_job_whose_worker_dies_on_it_is_failing) {
  place();
  auto failing = [this] { return value_of<int>("SELECT count(failing_since) FROM jobs"); };
  take();
  BOOST_TEST(failing() == 0);
  run("UPDATE jobs SET run_at = now() - interval '1 hour'");
  take();
  BOOST_TEST(failing() == 1);
  BOOST_TEST(counts_of_jobs(db, {60}).stuck_orders == 1);
}

BOOST_AUTO_TEST_CASE(a_job_is_failing_since_its_first_failure_until_it_gets_further) {
  auto order = place(2);
  auto taken = take().front();
  auto failing = [this] {
    return value_of<int>("SELECT count(*) FROM jobs WHERE failing_since < now()");
  };
  postpone_due_job(db, {"fulfil", taken, 0, ""});
  BOOST_TEST(failing() == 0);
  postpone_due_job(db, {"fulfil", taken, 0, "away"});
  run("UPDATE jobs SET failing_since = now() - interval '1 hour'");
  postpone_due_job(db, {"fulfil", taken, 0, "still away"});
  BOOST_TEST(failing() == 1);
  BOOST_TEST(add_delivery_to_order(db, delivery(order, 1, taken.attempts)));
  BOOST_TEST(failing() == 0);
}

BOOST_AUTO_TEST_CASE(a_delivery_is_noted_with_its_mail_or_not_at_all) {
  auto id = place(2);
  auto what = delivery(id, 1);
  what.unit.provider_order_id = "po-1";
  what.unit.cost = money::from_cents(42);
  what.mail = queued_mail{mail_id::make(), "jane@example.test", "esim-activation", "de", "{}"};
  BOOST_TEST(add_delivery_to_order(db, what));
  auto order = find_order(db, id);
  BOOST_REQUIRE(order->delivered.size() == 1u);
  BOOST_TEST(order->delivered[0].iccid == "8901410000000000001");
  BOOST_TEST(value_of<std::string>("SELECT provider_order_id || ' ' || cost_cents FROM order_esims")
             == "po-1 42");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails m JOIN jobs j ON j.subject = m.id"
                           " JOIN order_esims e ON e.mail_id = m.id")
             == 1);
  auto again = delivery(id, 1);
  again.mail = queued_mail{mail_id::make(), "jane@example.test", "esim-activation", "de", "{}"};
  BOOST_TEST(!guarded(db, "noting", [&] { return add_delivery_to_order(db, again); }));
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails") == 1);
}

BOOST_AUTO_TEST_CASE(who_has_lost_an_order_writes_nothing_of_it) {
  auto id = place(2);
  take();
  run("UPDATE jobs SET run_at = now() - interval '1 second'");
  take();
  BOOST_TEST(!add_delivery_to_order(db, delivery(id, 1, 1)));
  BOOST_TEST(!mark_completed(db, {id, 1}));
  BOOST_TEST((try_to_commit(refund_of(id, 2, 1)) == commit_result::stock_conflict));
  BOOST_TEST(find_order(db, id)->status == "processing");
  BOOST_TEST(find_order(db, id)->delivered.empty());
  hand.reload(db);
  BOOST_TEST((try_to_commit(refund_of(id, 2, 2)) == commit_result::committed));
}

BOOST_AUTO_TEST_CASE(an_esim_is_delivered_to_one_order) {
  auto first = place();
  add_delivery_to_order(db, {{first, 1, "8901410321111851072", "LPA:1$smdp.test$A"}, {}, 0});
  auto second = place();
  auto deliver = [&](const std::string& iccid, const std::string& lpa) {
    delivered_esim unit{second, 1, iccid, lpa};
    auto holder = holder_of(db, unit);
    try {
      add_delivery_to_order(db, {unit, {}, 0});
      BOOST_TEST(!holder);
      return std::string{};
    } catch (const soci::soci_error& error) {
      db.forget_statements();
      BOOST_TEST(holder.value_or("nobody") == "order " + find_order(db, first)->short_id);
      return read_failure(error).constraint;
    }
  };
  BOOST_TEST(deliver("8901410000000000002", "lpa:1$SMDP.test$A$") == "order_esims_one_code");
  BOOST_TEST(deliver("8901410321111851072", "LPA:1$smdp.test$B") == "order_esims_iccid_key");
  BOOST_TEST(deliver("89014103211118510720", "LPA:1$smdp.test$B") == "order_esims_one_iccid");
  BOOST_TEST(deliver("8901410000000000002", "LPA:1$smdp.test$B") == "");
  // An eSIM of the order itself does not count as another's.
  BOOST_TEST(!holder_of(db, {second, 1, "8901410000000000002", "LPA:1$smdp.test$B"}));
  insert_stock(db, {{"att", "qr"}, {{1, "8901410000000000003", "LPA:1$smdp.test$C"}}});
  BOOST_TEST(holder_of(db, {second, 1, "8901410000000000004", "LPA:1$smdp.test$C"}).value()
             == "the stock, as iccid 8901410000000000003,");
}

BOOST_AUTO_TEST_CASE(an_order_ends_well_once_and_its_job_with_it) {
  auto id = place();
  add_delivery_to_order(db, delivery(id, 1));
  BOOST_TEST(mark_completed(db, {id, 0}));
  auto ended = value_of<std::string>("SELECT completed_at::text FROM orders");
  BOOST_TEST(!mark_completed(db, {id, 0}));
  BOOST_TEST(value_of<std::string>("SELECT completed_at::text FROM orders") == ended);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
  auto listed = orders_of(db, {dealer, 10}).orders;
  BOOST_REQUIRE(listed.size() == 1u);
  BOOST_TEST(listed.front().status == "completed");
  BOOST_TEST(listed.front().iccid == "8901410000000000001");
  BOOST_TEST(listed.front().amount.cents() == 100);
}

// A server that was promoted after the node had noted a delivery need not have it.
BOOST_AUTO_TEST_CASE(an_order_ends_well_where_all_of_it_is) {
  auto id = place(2);
  add_delivery_to_order(db, delivery(id, 2));
  BOOST_TEST(!mark_completed(db, {id, 0}));
  BOOST_TEST(find_order(db, id)->status == "processing");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs WHERE kind = 'fulfil'") == 1);
  add_delivery_to_order(db, delivery(id, 1));
  BOOST_TEST(mark_completed(db, {id, 0}));
  BOOST_TEST(find_order(db, id)->status == "completed");
}

BOOST_AUTO_TEST_CASE(an_order_that_ended_is_not_given_back) {
  auto failed = place();
  commit({refund_of(failed)});
  BOOST_TEST(find_order(db, failed)->status == "failed");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
  BOOST_TEST(!mark_completed(db, {failed, 0}));
  BOOST_TEST(find_order(db, failed)->status == "failed");
  BOOST_TEST((try_to_commit(refund_of(failed)) == commit_result::stock_conflict));
}

BOOST_AUTO_TEST_CASE(only_what_was_not_delivered_is_given_back) {
  auto id = place(3);
  auto taken = take().front();
  BOOST_TEST(add_delivery_to_order(db, delivery(id, 1, taken.attempts)));
  // An operator has looked before the delivery, and refunds the order whoever has its job.
  BOOST_TEST((try_to_commit(refund_of(id, 3)) == commit_result::stock_conflict));
  hand.reload(db);
  BOOST_TEST((try_to_commit(refund_of(id, 2)) == commit_result::committed));
  // What the worker brings afterwards comes too late.
  BOOST_TEST(!add_delivery_to_order(db, delivery(id, 2, taken.attempts)));
  BOOST_TEST(find_order(db, id)->delivered.size() == 1u);
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
