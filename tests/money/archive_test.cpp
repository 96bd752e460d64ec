#include "persistence/access/audit.hpp"
#include "persistence/base/months.hpp"
#include "persistence/money/history.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/operators/desk.hpp"
#include "persistence/verification/verification_results.hpp"
#include "tests/money/ledger_fixture.hpp"

// Months that are over can be taken out of the ledger, which is proved from there on.

using namespace meisim;
using namespace meisim::test;

namespace {

const std::string not_proved = "55000";
const std::string invalid_time = "22023";

/// A second wallet has moved for eight months: money came in, an order was placed and given back,
/// and another was placed six months ago.
struct old_ledger : ledger_fixture {
  dealer_id old = open_dealer("old@example.test");
  deciding_hand past{db, old};
  posting first = topup(old, dollars(50));
  order_id returned = order_id::make();

  old_ledger() {
    for (const auto& [table, column] : {std::pair{"transfers", "created_at"},
                                        {"audit_events", "at"},
                                        {"batch_rows", "batch_id"},
                                        {"verdicts", "batch_id"}})
      run("SELECT make_month('" + std::string{table} + "', '" + table
          + "_' || to_char(m, 'YYYY_MM'), '" + column
          + "', m) FROM generate_series("
            "date_trunc('month', now()) - interval '8 months', date_trunc('month', now()) - "
            "interval '2 months', interval '1 month') AS m");
    auto refund = plain_posting(old, entry_type::refund, dollars(2));
    refund.lines.front().order = returned;
    refund.what = order_refunded{returned, 2, true, "sold out"};
    commit(
      {past.decide(first, months_ago(8)), past.decide(order_of(old, returned, 2), months_ago(8))});
    commit({past.decide(refund, months_ago(7))});
    commit({past.decide(order_of(old, order_id::make()), months_ago(6))});
    commit({past.decide(debit(old, dollars(1)))});
  }

  /// On the tenth of a month, or some time after its begin.
  instant months_ago(int months, const std::string& after_begin = "9 days") {
    return from_micros(
      value_of<long long>("SELECT to_micros(" + time_in(months, after_begin) + ")"));
  }

  static std::string time_in(int months, const std::string& after_begin = "9 days") {
    return "date_trunc('month', now()) - interval '" + std::to_string(months)
           + " months' + interval '" + after_begin + "'";
  }

  void archive_before(int months) {
    run("SELECT archive_before(date_trunc('month', now()) - interval '" + std::to_string(months)
        + " months')");
  }

  /// A batch of one code of that time, whose verdict came at once if it is `ended`.
  batch_id add_free_batch(int months, bool ended) {
    auto at = time_in(months);
    auto key = value_of<std::string>("SELECT left(first_id_at(" + at
                                     + ")::text, 14) || right(gen_random_uuid()::text, 22)");
    run("INSERT INTO batches (id, dealer_id, source, label, unit_price_cents, total_rows, next_row,"
        " available, created_at, completed_at) VALUES ('"
        + key + "', '" + to_string(old) + "', 'dealer', 'old', 0, 1, 2, " + (ended ? "1" : "0")
        + ", " + at + ", " + (ended ? at : "NULL") + ")");
    run("INSERT INTO batch_rows VALUES ('" + key + "', 1, NULL, 'LPA:1$a.example$OLD')");
    if (ended)
      run("INSERT INTO verdicts (batch_id, row_number, verdict, checked_at) VALUES ('" + key
          + "', 1, 'available', " + at + ")");
    return batch_id::parse(key).value();
  }

  /// PostgreSQL's five characters for why not.
  std::string refusal_of(const std::string& until) {
    try {
      run("SELECT archive_before(" + until + ")");
      return {};
    } catch (const std::exception& error) {
      return read_failure(error).sqlstate;
    }
  }

  int count_in(const std::string& table) {
    return value_of<int>("SELECT count(*) FROM " + table + " WHERE dealer_id = '" + to_string(old)
                         + "'");
  }

  void require_whole() {
    BOOST_TEST(mismatches() == std::vector<std::string>{}, boost::test_tools::per_element());
    BOOST_TEST(prove_ledger(db, {true}).mismatches.empty());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(archive_suite, old_ledger)

BOOST_AUTO_TEST_CASE(the_ledger_is_proved_from_the_archives_end_on) {
  require_whole();
  archive_before(6);
  BOOST_TEST(count_in("transfers") == 2);
  BOOST_TEST(count_in("archived_transfers") == 3);
  require_whole();
  BOOST_TEST(prove_ledger(db).transfers == 3);
  commit({hand.decide(debit(dealer, dollars(1))), past.decide(debit(old, dollars(1)))});
  require_whole();
  // A second call does nothing more; later months may follow.
  archive_before(6);
  archive_before(4);
  BOOST_TEST(count_in("archived_transfers") == 4);
  require_whole();
}

BOOST_AUTO_TEST_CASE(what_was_archived_is_found_by_its_id_and_shown) {
  require_whole();
  auto entries = wallet_of(db, {old, 50}).entries.size();
  auto opening = month_of(db, {old, months_ago(7, "0"), months_ago(6, "0")}).opening;
  archive_before(6);
  BOOST_TEST((find_posting(db, first.id).what.id == first.id));
  BOOST_TEST(wallet_of(db, {old, 50}).entries.size() == entries);
  auto month = month_of(db, {old, months_ago(7, "0"), months_ago(6, "0")});
  BOOST_TEST(month.opening.cents() == opening.cents());
  BOOST_TEST(month.count == 1);
  BOOST_TEST(lines_in(entries_of(db, {old, from_micros(0), meisim::now(), 0, 100}).lines) == 5);
}

BOOST_AUTO_TEST_CASE(nothing_is_archived_that_was_not_proved) {
  BOOST_TEST(refusal_of("date_trunc('month', now()) - interval '6 months'") == not_proved);
  BOOST_TEST(count_in("transfers") == 5);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM ledger_archived") == 0);
  BOOST_TEST(refusal_of("date_trunc('month', now()) - interval '2 months'") == invalid_time);
  BOOST_TEST(refusal_of("date_trunc('month', now()) - interval '6 months 1 hour'") == invalid_time);
}

BOOST_AUTO_TEST_CASE(an_end_that_was_changed_is_found) {
  for (const auto* change :
       {"UPDATE ledger_archived SET balance_cents = balance_cents + 1",
        "UPDATE ledger_archived SET seq = seq - 1", "UPDATE ledger_archived SET chain = sha256('')",
        "DELETE FROM ledger_archived", "DELETE FROM archived_refunds"}) {
    old_ledger damaged;
    damaged.require_whole();
    damaged.archive_before(6);
    damaged.run(change);
    BOOST_TEST(!damaged.mismatches().empty(), change);
  }
}

BOOST_AUTO_TEST_CASE(the_archives_end_is_a_head_that_outlives_the_archive) {
  auto before = prove_ledger(db, {false, true}).heads;
  archive_before(6);
  wallet_head end{old, 3,
                  value_of<std::string>("SELECT encode(chain, 'hex') FROM ledger_archived")};
  for (int months : {8, 7})
    run("DROP TABLE transfers_"
        + value_of<std::string>("SELECT to_char(now() - interval '" + std::to_string(months)
                                + " months', 'YYYY_MM')"));
  BOOST_TEST(count_in("all_transfers") == 2);
  require_whole();
  BOOST_TEST(hold_against(db, before).mismatches.empty());
  BOOST_TEST(hold_against(db, {end}).mismatches.empty());
  end.chain = std::string(64, '0');
  BOOST_TEST(hold_against(db, {end}).mismatches.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_clock_put_into_the_month_before_stays_in_its_place) {
  auto wide = open_dealer("wide@example.test");
  deciding_hand two_nodes{db, wide};
  commit({two_nodes.decide(topup(wide, dollars(9)), months_ago(7))});
  commit({two_nodes.decide(debit(wide, dollars(1)), months_ago(6, "10 milliseconds"))});
  commit({two_nodes.decide(debit(wide, dollars(1)), months_ago(6, "-10 milliseconds"))});
  require_whole();
  archive_before(6);
  require_whole();
  auto of_wide = " WHERE dealer_id = '" + to_string(wide) + "'";
  BOOST_TEST(value_of<int>("SELECT count(*) FROM transfers" + of_wide) == 2);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM all_transfers" + of_wide) == 3);
  archive_before(4);
  require_whole();
  BOOST_TEST(value_of<int>("SELECT count(*) FROM all_transfers" + of_wide) == 3);
}

BOOST_AUTO_TEST_CASE(what_was_archived_is_changed_by_nobody) {
  require_whole();
  archive_before(6);
  for (const auto* change :
       {"DELETE FROM archived_transfers", "UPDATE archived_transfers SET amount_cents = 1",
        "TRUNCATE archived_transfers", "DELETE FROM archived_audit_events"})
    BOOST_CHECK_THROW(run(change), soci::soci_error);
  BOOST_TEST(count_in("archived_transfers") == 3);
}

BOOST_AUTO_TEST_CASE(a_batchs_rows_go_with_the_month_of_its_id_and_are_found) {
  auto early = add_free_batch(7, true);
  auto late = add_free_batch(5, true);
  require_whole();
  archive_before(6);
  BOOST_TEST(value_of<std::string>("SELECT batch_id::text FROM archived_batch_rows")
             == to_string(early));
  BOOST_TEST(value_of<std::string>("SELECT batch_id::text FROM verdicts") == to_string(late));
  BOOST_TEST(verdict_of(db, {early, 1}).value().status == "available");
  BOOST_TEST(results_of(db, {early, 0, 10}).lines.find("available") != std::string::npos);
  BOOST_TEST(lines_in(batch_report_of(db, {early, 1'000}).value().csv) == 2);
  require_whole();
  for (const auto* table : {"verdicts_", "batch_rows_"})
    run("DROP TABLE " + std::string{table}
        + value_of<std::string>("SELECT to_char(now() - interval '7 months', 'YYYY_MM')"));
  BOOST_TEST(find_batch_of(db, {old, early}).has_value());
  require_whole();
}

BOOST_AUTO_TEST_CASE(nothing_is_archived_while_a_batch_of_that_time_is_under_way) {
  auto batch = add_free_batch(7, false);
  // It was written down when the next month had begun. Its rows lie in the month of its id.
  run("UPDATE batches SET created_at = " + time_in(6, "1 second") + " WHERE id = '"
      + to_string(batch) + "'");
  require_whole();
  BOOST_TEST(refusal_of("date_trunc('month', now()) - interval '6 months'") == not_proved);
  BOOST_TEST(count_in("transfers") == 5);
  BOOST_TEST(refusal_of("date_trunc('month', now()) - interval '7 months'").empty());
}

BOOST_AUTO_TEST_CASE(an_archive_is_an_event_of_the_audit) {
  require_whole();
  run("INSERT INTO audit_events (at, actor, address, request_id, kind, subject) VALUES "
      "(date_trunc('month', now()) - interval '7 months', 'somebody', '', '', 'price.set', 'x')");
  archive_before(6);
  auto shown = audit_events_of(db, {}).events;
  BOOST_REQUIRE_EQUAL(shown.size(), 2u);
  BOOST_TEST(shown[0].kind == "ledger.archived");
  BOOST_TEST(shown[1].actor == "somebody");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM audit_events WHERE actor = 'somebody'") == 0);
}

BOOST_AUTO_TEST_CASE(an_orders_timeline_tells_what_was_archived) {
  require_whole();
  run("INSERT INTO audit_events (at, actor, address, request_id, kind, subject) VALUES "
      "(date_trunc('month', now()) - interval '7 months', 'somebody', '', '', 'order.ended', '"
      + to_string(returned) + "')");
  desk_question question{desk_list::order, {{"order", to_string(returned)}}};
  auto before = desk_list_of(db, question).value();
  BOOST_TEST(before.find("somebody") != std::string::npos);
  archive_before(6);
  BOOST_TEST(desk_list_of(db, question).value() == before);
}

BOOST_AUTO_TEST_CASE(the_months_to_come_have_tables) {
  BOOST_TEST(make_months(db) == 0);
  BOOST_TEST(value_of<int>("SELECT make_months(now() + interval '4 months')") == 4);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM months_before('transfers', 'infinity') AS m "
                           "WHERE m.month >= now()")
             == 4);
  // A row of a time that nobody has foreseen is kept too.
  run("INSERT INTO audit_events (at, actor, address, request_id, kind, subject) VALUES "
      "('2190-01-01', 'somebody', '', '', 'price.set', 'x')");
  BOOST_TEST(audit_events_of(db, {}).events.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
