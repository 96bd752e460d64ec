#include "persistence/money/ledger_check.hpp"
#include "persistence/verification/devices.hpp"
#include "persistence/verification/row_leases.hpp"
#include "persistence/verification/verification.hpp"
#include "persistence/verification/verification_results.hpp"
#include "protocols/notify/mail_content.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <set>

// Batches as the database keeps them: leases, verdicts, counters and refunds, each once.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = funded_dealer();

  dealer_id funded_dealer(const std::string& email = "dealer@example.test") {
    auto id = open_dealer(email);
    deciding_hand hand{db, id};
    commit(hand.decide(topup(id, dollars(1'000))));
    return id;
  }

  void commit(const std::shared_ptr<const decided_posting>& posting) {
    auto results = commit_postings(db, {&posting, 1});
    BOOST_REQUIRE(results.front() == commit_result::committed);
  }

  /// A batch of this many good codes at a dollar.
  batch_id submit(dealer_id owner, int32_t rows, const std::string& notify = {}) {
    batch_submitted what;
    what.id = batch_id::make();
    what.label = "a batch";
    what.notify_email = notify;
    what.unit_price = dollars(1);
    std::vector<batch_row> lines;
    for (int32_t i = 1; i <= rows; ++i)
      lines.push_back(
        {i == 1 ? "8901410000000000009" : "", "LPA:1$smdp.example.com$CODE-" + std::to_string(i)});
    what.rows = std::move(lines);
    auto paid = debit(owner, dollars(rows));
    paid.what = what;
    deciding_hand hand{db, owner};
    commit(hand.decide(std::move(paid)));
    return what.id;
  }

  lease_grant lease(int32_t count, const std::string& owner = "one") {
    return lease_open_rows(db, {owner, count, 30});
  }

  static std::vector<checked_row> all_as(const lease_grant& grant, verdict what) {
    std::vector<checked_row> rows;
    for (const auto& chunk : grant.chunks)
      for (const auto& row : chunk.rows) {
        finding found;
        found.what = what;
        found.seen = {"stage", "8.2.6/3.8", 200, "smdp.example.com"};
        rows.push_back({chunk.lease, chunk.batch, row.number, found, "reader", now(), now()});
      }
    return rows;
  }

  batch_view view(batch_id batch) {
    return find_batch_of(db, {dealer, batch}).value();
  }

  static int32_t of(const batch_view& batch, verdict what) {
    return batch.verdicts.at(static_cast<size_t>(what));
  }

  void let_leases_run_out() {
    db.session() << "UPDATE row_leases SET lease_until = now() - interval '1 second'";
  }

  int count(const std::string& query) {
    int result = 0;
    db.session() << query, soci::into(result);
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verification_records_suite, fixture)

BOOST_AUTO_TEST_CASE(counters_follow_leases_and_verdicts) {
  auto batch = submit(dealer, 10);
  BOOST_TEST(view(batch).pending() == 10);
  auto grant = lease(4);
  BOOST_TEST(view(batch).in_progress == 4);
  BOOST_TEST(view(batch).pending() == 6);
  auto rows = all_as(grant, verdict::used);
  rows.resize(3);
  write_findings(db, {rows, {}, 30, false});
  BOOST_TEST(view(batch).in_progress == 1);
  BOOST_TEST(of(view(batch), verdict::used) == 3);
  BOOST_CHECK(view(batch).completed_at == instant{});
}

BOOST_AUTO_TEST_CASE(rows_that_are_no_code_have_their_verdict_at_once) {
  batch_submitted what;
  what.id = batch_id::make();
  what.unit_price = dollars(1);
  what.notify_email = "ops@example.com";
  what.rows = std::vector<batch_row>{{"", "nonsense"}, {"", ""}};
  auto paid = debit(dealer, dollars(2));
  paid.what = what;
  deciding_hand hand{db, dealer};
  commit(hand.decide(std::move(paid)));
  BOOST_TEST(of(view(what.id), verdict::invalid) == 2);
  BOOST_CHECK(view(what.id).completed_at != instant{});
  BOOST_TEST(lease(10).chunks.empty());
  BOOST_TEST(count("SELECT count(*) FROM jobs WHERE kind = 'mail'") == 1);
}

BOOST_AUTO_TEST_CASE(leases_are_fair_over_dealers_then_batches) {
  auto other = funded_dealer("other@example.test");
  submit(dealer, 100);
  submit(dealer, 100);
  auto lone = submit(other, 100);
  auto first = lease(10);
  BOOST_REQUIRE_EQUAL(first.chunks.size(), 2U);
  BOOST_TEST(first.chunks[0].rows.size() == 5U);
  std::set<batch_id> served;
  for (int i = 0; i < 2; ++i)
    for (const auto& chunk : lease(10).chunks)
      served.insert(chunk.batch);
  BOOST_TEST(served.size() == 3U);
  BOOST_TEST(served.contains(lone));
}

BOOST_AUTO_TEST_CASE(no_row_is_leased_twice_while_its_lease_lasts) {
  auto batch = submit(dealer, 20);
  std::set<int32_t> numbers;
  for (int i = 0; i < 5; ++i)
    for (const auto& chunk : lease(7, i % 2 == 0 ? "one" : "two").chunks)
      for (const auto& row : chunk.rows)
        BOOST_TEST(numbers.insert(row.number).second);
  BOOST_TEST(numbers.size() == 20U);
  BOOST_TEST(view(batch).in_progress == 20);
}

BOOST_AUTO_TEST_CASE(what_a_dead_owner_had_goes_to_another_who_counts_the_interruption) {
  auto batch = submit(dealer, 5);
  auto old = lease(5, "one");
  auto rows = all_as(old, verdict::available);
  rows.resize(2);
  write_findings(db, {rows, {}, 30, false});
  let_leases_run_out();
  auto taken = lease(5, "two");
  BOOST_REQUIRE_EQUAL(taken.chunks.size(), 1U);
  BOOST_TEST(taken.chunks[0].rows.size() == 3U);
  BOOST_TEST(taken.chunks[0].rows[0].attempts == 1);
  // The old owner wakes: what it found is not counted.
  auto late = write_findings(db, {all_as(old, verdict::used), {}, 30, false});
  BOOST_TEST(late.lost.size() == 1U);
  BOOST_TEST(of(view(batch), verdict::used) == 0);
  auto end = write_findings(db, {all_as(taken, verdict::available), {}, 30, false});
  BOOST_TEST(end.has_completed);
  BOOST_TEST(of(view(batch), verdict::available) == 5);
  BOOST_TEST(view(batch).in_progress == 0);
}

BOOST_AUTO_TEST_CASE(a_lease_given_back_in_order_is_no_interruption) {
  submit(dealer, 1);
  auto grant = lease(1);
  renew_row_leases(db, {{grant.chunks[0].lease}, 0});
  auto again = lease(1, "two");
  BOOST_REQUIRE_EQUAL(again.chunks.size(), 1U);
  BOOST_TEST(again.chunks[0].rows[0].attempts == 0);
}

BOOST_AUTO_TEST_CASE(a_write_whose_answer_was_lost_can_be_repeated) {
  auto batch = submit(dealer, 3);
  auto rows = all_as(lease(3), verdict::error);
  auto some = std::vector<checked_row>{rows[0], rows[1]};
  failed_attempt attempt{batch, 3, 1, "reader", "no answer"};
  write_findings(db, {some, {attempt}, 30, false});
  write_findings(db, {some, {attempt}, 30, true});
  BOOST_TEST(of(view(batch), verdict::error) == 2);
  BOOST_TEST(view(batch).in_progress == 1);
  BOOST_TEST(count("SELECT count(*) FROM check_attempts") == 1);
}

BOOST_AUTO_TEST_CASE(error_rows_are_owed_once_and_the_mail_goes_out_once) {
  auto batch = submit(dealer, 3, "ops@example.com");
  auto rows = all_as(lease(3), verdict::error);
  rows[0].found.what = verdict::available;
  auto end = write_findings(db, {rows, {}, 30, false});
  BOOST_TEST(end.has_completed);
  BOOST_TEST(count("SELECT count(*) FROM jobs WHERE kind = 'refund'") == 1);
  BOOST_TEST(count("SELECT count(*) FROM jobs WHERE kind = 'mail'") == 1);
  auto due = find_refund_due(db, batch).value();
  BOOST_TEST(due.rows.size() == 2U);
  auto repaid = plain_posting(dealer, entry_type::refund, dollars(2));
  repaid.what = rows_refunded{batch, due.rows};
  deciding_hand hand{db, dealer};
  commit(hand.decide(repaid));
  BOOST_TEST(find_refund_due(db, batch)->rows.empty());
  end_refund_job(db, batch);
  BOOST_TEST(count("SELECT count(*) FROM jobs WHERE kind = 'refund'") == 0);
  // A second refund of a row cannot be committed, under whatever id.
  repaid.id = posting_id::make();
  hand.reload(db);
  auto twice = hand.decide(repaid);
  BOOST_CHECK_THROW(commit_postings(db, {&twice, 1}), std::exception);
  db.forget_statements();
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(results_stand_in_the_order_of_submission) {
  auto batch = submit(dealer, 3);
  auto rows = all_as(lease(2), verdict::unknown);
  rows[1].found.reason = "a \"reason\", with marks";
  rows[0].found.reason = "=1+1";
  write_findings(db, {rows, {}, 30, false});
  auto page = results_of(db, {batch, 0, 2});
  BOOST_TEST(page.has_more);
  BOOST_TEST(page.lines.starts_with("8901410000000000009,LPA:1$smdp.example.com$CODE-1,unknown,"
                                    "'=1+1,20"));
  BOOST_TEST(page.lines.find(",unknown,\"a \"\"reason\"\", with marks\",20") != std::string::npos);
  auto rest = results_of(db, {batch, 2, 2});
  BOOST_TEST(!rest.has_more);
  BOOST_TEST(rest.lines == ",LPA:1$smdp.example.com$CODE-3,pending,,\r\n");
}

BOOST_AUTO_TEST_CASE(a_verdict_keeps_what_it_rests_on) {
  auto batch = submit(dealer, 1);
  write_findings(db,
                 {all_as(lease(1), verdict::used), {{batch, 1, 1, "other", "hung"}}, 30, false});
  auto row = verdict_of(db, {batch, 1}).value();
  BOOST_TEST(row.status == "used");
  BOOST_TEST(row.seen.codes == "8.2.6/3.8");
  BOOST_TEST(row.device == "reader");
  BOOST_REQUIRE_EQUAL(row.attempts.size(), 1U);
  BOOST_TEST(row.attempts[0].device == "other");
  BOOST_TEST(!verdict_of(db, {batch, 2}));
  auto report = report_of(db, {7});
  BOOST_REQUIRE_EQUAL(report.days.size(), 1U);
  BOOST_TEST(report.days[0].host == "smdp.example.com");
  BOOST_TEST(report.days[0].verdicts.at(static_cast<size_t>(verdict::used)) == 1);
}

BOOST_AUTO_TEST_CASE(a_recent_verdict_is_brought_for_a_batch_whose_dealer_takes_it) {
  submit(dealer, 1);
  auto rows = all_as(lease(1), verdict::used);
  rows.front().code = "smdp.example.com$CODE-1";
  write_findings(db, {rows, {}, 30, false});
  submit(dealer, 1);
  BOOST_TEST(!lease(1).chunks.at(0).rows.at(0).known);
  submit(funded_dealer("other@example.test"), 1);
  run("UPDATE batches SET max_age_seconds = 60 WHERE next_row = 1");
  auto known = lease(1).chunks.at(0).rows.at(0).known;
  BOOST_REQUIRE(known);
  BOOST_TEST(to_string(known->found.what) == "used");
  BOOST_TEST(known->device == "reader");
  BOOST_TEST(known->found.seen.codes == "8.2.6/3.8");
  BOOST_TEST((known->ended == rows.front().ended));
  run("UPDATE checked_codes SET checked_at = now() - interval '61 seconds'");
  submit(dealer, 1);
  run("UPDATE batches SET max_age_seconds = 60 WHERE next_row = 1");
  BOOST_TEST(!lease(1).chunks.at(0).rows.at(0).known);
}

BOOST_AUTO_TEST_CASE(a_code_twice_in_one_write_leaves_its_last_verdict) {
  submit(dealer, 2);
  auto rows = all_as(lease(2), verdict::used);
  rows.back().ended = rows.front().ended + std::chrono::seconds{1};
  for (auto& row : rows)
    row.code = "smdp.example.com$CODE";
  write_findings(db, {rows, {}, 30, false});
  BOOST_TEST(value_of<int>("SELECT row_number FROM checked_codes") == rows.back().number);
}

BOOST_AUTO_TEST_CASE(questions_about_a_code_are_counted_over_a_day_whoever_puts_them) {
  const std::string code = "smdp.example.com$CODE-1";
  auto first = take_leave(db, {code});
  BOOST_TEST(first.is_given);
  BOOST_TEST(take_leave(db, {code}).is_given);
  BOOST_TEST(take_leave(db, {code}).is_given);
  BOOST_TEST(!take_leave(db, {code}).is_given);
  BOOST_TEST(take_leave(db, {"smdp.example.com$OTHER"}).is_given);
  // One was not put after all.
  give_leave_back(db, {code, first.counted_at});
  BOOST_TEST(take_leave(db, {code}).is_given);
  BOOST_TEST(!take_leave(db, {code}).is_given);
  run("UPDATE checked_codes SET asked_at = ARRAY[now() - interval '25 hours', now(), now()]");
  BOOST_TEST(take_leave(db, {code}).is_given);
  BOOST_TEST(!take_leave(db, {code}).is_given);
}

BOOST_AUTO_TEST_CASE(hosts_are_known_that_have_done_well_on_other_devices_since) {
  submit(dealer, 2);
  auto rows = all_as(lease(2), verdict::used);
  rows.back().found.what = verdict::error;
  rows.back().found.seen.host = "other.example.com";
  write_findings(db, {rows, {}, 30, false});
  find_well_hosts question{"mine",
                           {"smdp.example.com", "other.example.com"},
                           rows.front().ended - std::chrono::minutes{1}};
  auto seen = find_hosts(db, question).hosts;
  BOOST_REQUIRE_EQUAL(seen.size(), 1U);
  BOOST_TEST(seen[0].host == "smdp.example.com");
  BOOST_TEST((seen[0].dealer == dealer));
  question.device = "reader";
  BOOST_TEST(find_hosts(db, question).hosts.empty());
  question.device = "mine";
  question.since = rows.front().ended + std::chrono::minutes{1};
  BOOST_TEST(find_hosts(db, question).hosts.empty());
}

// -- devices --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(devices_are_known_over_all_nodes_and_one_that_is_not_told_of_is_lost) {
  device_report sent;
  sent.name = "lab.card-1";
  sent.driver = "lpac";
  sent.node = "lab";
  sent.site = "one";
  sent.eid = "89049032000000000000000000000001";
  sent.state = device_state::resting;
  sent.detail = "no card";
  sent.checks = 7;
  sent.rests_until = now();
  sent.last_results = {"error: card or reader", "used"};
  BOOST_TEST(update_devices(db, {{sent}}).refused.empty());
  auto known = known_devices(db).devices;
  BOOST_REQUIRE_EQUAL(known.size(), 1u);
  BOOST_TEST(known[0].eid == sent.eid);
  BOOST_TEST(known[0].checks == 7);
  BOOST_TEST((known[0].state == device_state::resting));
  BOOST_TEST((known[0].rests_until == sent.rests_until));
  BOOST_TEST(known[0].last_results == sent.last_results, boost::test_tools::per_element());
  run("UPDATE devices SET seen_at = now() - interval '2 minutes'");
  BOOST_TEST((known_devices(db).devices.at(0).state == device_state::lost));
}

BOOST_AUTO_TEST_CASE(the_name_and_the_card_of_another_nodes_device_are_refused_until_it_is_lost) {
  auto device = [](const std::string& name, const std::string& site, const std::string& eid) {
    device_report report;
    report.name = name;
    report.node = site;
    report.site = site;
    report.eid = eid;
    return report;
  };
  auto first = device("lab.card-1", "one", "89");
  BOOST_TEST(update_devices(db, {{first}}).refused.empty());
  auto same_name = update_devices(db, {{device("lab.card-1", "two", "90")}}).refused;
  BOOST_REQUIRE_EQUAL(same_name.size(), 1u);
  BOOST_TEST(same_name[0].reason == "its name is taken by a device at one");
  auto twin = device("far.card-1", "two", "89");
  auto same_card = update_devices(db, {{twin}}).refused;
  BOOST_REQUIRE_EQUAL(same_card.size(), 1u);
  BOOST_TEST(same_card[0].reason == "its card is that of lab.card-1 at one");
  // The first one keeps both.
  BOOST_TEST(update_devices(db, {{first}}).refused.empty());
  first.state = device_state::lost;
  update_devices(db, {{first}});
  BOOST_TEST(update_devices(db, {{twin}}).refused.empty());
  BOOST_TEST(update_devices(db, {{device("lab.card-1", "two", "90")}}).refused.empty());
}

BOOST_AUTO_TEST_SUITE_END()
