#include "persistence/money/receipts.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/money/ledger_fixture.hpp"

// The ledger check as a proof: of every posting by what it was for, from the last proof on, and
// against a saved head.

using namespace meisim;
using namespace meisim::test;

namespace {

/// A ledger with a row of every kind, all of them right.
struct full_ledger : ledger_fixture {
  order_id failed = order_id::make();
  order_id bought = order_id::make();
  batch_id batch = batch_id::make();

  full_ledger() {
    run(
      "INSERT INTO skus VALUES ('00000000-0000-7000-8000-000000000001', 'esim_supply_att', 'x', 'att', 'qr', 100)");
    auto sku = sku_id::parse("00000000-0000-7000-8000-000000000001").value();
    insert_stock(db, {{"att", "qr"}, {{1, "1", "LPA:1$a$1"}}});
    auto row = sellable_rows(db, {{"att", "qr"}, 1, {}, {}}).rows.front();
    auto resent = debit(dealer, dollars(1));
    resent.what =
      email_resent{bought, mail_id::make(), "jane@example.test", "en", "{}", dollars(1)};
    commit({hand.decide(order_of(dealer, failed, 2)), hand.decide(order_of(dealer, bought)),
            hand.decide(sale_of(dealer, 1'000, sku, {row})), hand.decide(resent),
            hand.decide(batch_of_three())});
    auto refund = plain_posting(dealer, entry_type::refund, dollars(2));
    refund.lines.front().order = failed;
    refund.what = order_refunded{failed, 2, true, "sold out"};
    auto rows = plain_posting(dealer, entry_type::refund, dollars(1));
    rows.what = rows_refunded{batch, {2}};
    run("UPDATE batches SET error = 1");
    run("INSERT INTO verdicts (batch_id, row_number, verdict, reason, checked_at)"
        " SELECT batch_id, 2, 'error', 'x', now() FROM batch_rows WHERE row_number = 2");
    commit({hand.decide(refund), hand.decide(rows)});
    BOOST_TEST(mismatches() == std::vector<std::string>{}, boost::test_tools::per_element());
  }

  posting batch_of_three() const {
    auto result = debit(dealer, dollars(3));
    batch_submitted what;
    what.id = batch;
    what.unit_price = dollars(1);
    what.rows = std::vector<batch_row>{
      {"", "LPA:1$a.example$1"}, {"", "LPA:1$a.example$2"}, {"", "LPA:1$a.example$3"}};
    result.what = what;
    return result;
  }
};

/// A change that only the database's owner can make, and what is told of it.
struct damage {
  const char* statement;
  const char* sentence;
};

constexpr damage damages[] = {
  {"UPDATE orders SET status = 'failed' WHERE quantity = 1",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE orders SET status = 'completed' WHERE quantity = 1",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE orders SET status = 'completed' WHERE quantity = 2",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE orders SET unit_price_cents = 99 WHERE quantity = 1",
   "1 orders were paid otherwise than price times quantity"},
  {"UPDATE orders SET quantity = 3 WHERE quantity = 1",
   "1 orders were paid otherwise than price times quantity"},
  {"DELETE FROM orders WHERE quantity = 1", "1 postings have not made what they were for"},
  {"DELETE FROM mails", "1 postings have not made what they were for"},
  {"DELETE FROM row_refunds", "1 postings have not made what they were for"},
  {"DELETE FROM usages", "1 postings have not made what they were for"},
  {"UPDATE usages SET unit_price_cents = 99",
   "1 purchases were paid otherwise than price times quantity"},
  {"UPDATE usages SET inventory_ids = '{}'",
   "1 purchases were paid otherwise than price times quantity"},
  {"UPDATE batches SET total_rows = 4", "1 batches were paid otherwise than price times rows"},
  {"INSERT INTO row_refunds SELECT batch_id, 3, posting_id FROM row_refunds",
   "1 refunds of rows are not their price"},
  {"DELETE FROM verdicts", "1 batches count other verdicts than they have"},
  {"UPDATE row_refunds SET posting_id = gen_random_uuid()",
   "1 rows of batches were given back by no posting"},
  {"UPDATE postings SET last_seq = last_seq + 1 WHERE kind = 'batch'",
   "1 postings end with another transfer than they say"},
  {"UPDATE postings SET last_seq = last_seq + 1 WHERE kind = 'batch'",
   "1 postings have not the transfer that they end with"},
  {"INSERT INTO postings (id, dealer_id, kind, code, last_seq, created_at)"
   " SELECT gen_random_uuid(), dealer_id, 'adjustment', 0, 1, now() FROM wallets",
   "1 postings have not the transfer that they end with"},
  {"UPDATE postings SET kind = 'adjustment' WHERE kind = 'order_refund'",
   "1 postings moved money on an account that is not their kind's"},
  {"UPDATE postings SET kind = 'adjustment' WHERE kind = 'order_refund'",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE transfers SET credit_account = 'cash' WHERE credit_account = 'sales.orders' AND amount_cents = 100",
   "postings moved money on an account that is not their kind's"},
  {"UPDATE transfers SET debit_account = 'cash' WHERE type = 'refund' AND amount_cents = 200",
   "does not chain to the one before"},
  {"UPDATE transfers SET stripe_session = 'cs_forged' WHERE type = 'topup'",
   "does not chain to the one before"},
  {"DELETE FROM transfers WHERE seq = (SELECT max(seq) FROM transfers)",
   "wallets have not what was proved of them before"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_proof_suite, full_ledger)

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_in_words) {
  for (const auto& [statement, sentence] : damages) {
    full_ledger damaged;
    damaged.tamper(statement);
    BOOST_TEST(damaged.is_told(sentence), statement << " is told as: " << sentence);
  }
}

BOOST_AUTO_TEST_CASE(a_posting_has_the_subject_that_its_kind_makes) {
  for (const auto* change : {"UPDATE postings SET subject_id = NULL WHERE kind = 'order'",
                             "UPDATE postings SET subject_id = id WHERE kind = 'supply'",
                             "UPDATE postings SET usage_id = NULL WHERE kind = 'supply'",
                             "UPDATE postings SET usage_id = 1 WHERE kind = 'resend'"})
    BOOST_CHECK_THROW(run(change), soci::soci_error);
}

BOOST_AUTO_TEST_CASE(a_proof_goes_on_where_the_last_one_ended) {
  BOOST_TEST(prove_ledger(db, {true}).transfers == 0);
  commit({hand.decide(debit(dealer, dollars(1))), hand.decide(order_of(dealer, order_id::make()))});
  auto proof = prove_ledger(db, {true});
  BOOST_TEST(proof.transfers == 2);
  BOOST_TEST(proof.mismatches.empty());
  commit({hand.decide(order_of(dealer, order_id::make(), 3))});
  run("UPDATE orders SET unit_price_cents = 99 WHERE quantity = 3");
  proof = prove_ledger(db, {true});
  BOOST_TEST(proof.transfers == 1);
  BOOST_TEST(proof.mismatches.size() == 1u);
  // It is reported until it is mended.
  BOOST_TEST(prove_ledger(db, {true}).mismatches.size() == 1u);
  run("UPDATE orders SET unit_price_cents = 100 WHERE quantity = 3");
  BOOST_TEST(prove_ledger(db, {true}).mismatches.empty());
  BOOST_TEST(prove_ledger(db, {true}).transfers == 0);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM ledger_scope") == 0);
}

BOOST_AUTO_TEST_CASE(an_order_that_was_failed_by_hand_is_found_from_the_last_proof_on) {
  const std::string told = "1 orders were given back otherwise than they ended";
  auto since_last = [&] { return prove_ledger(db, {true}).mismatches; };
  auto is_found = [&] { return since_last() == std::vector{told}; };
  commit({hand.decide(order_of(dealer, order_id::make(), 3))});
  run("UPDATE orders SET status = 'failed' WHERE quantity = 3");
  BOOST_TEST(is_found());
  run("UPDATE orders SET status = 'processing' WHERE quantity = 3");
  BOOST_TEST(since_last().empty());
  // An order that was paid before is refunded, and then marked as delivered.
  auto refund = plain_posting(dealer, entry_type::refund, dollars(1));
  refund.lines.front().order = bought;
  refund.what = order_refunded{bought, 1, true, "sold out"};
  commit({hand.decide(refund)});
  run("UPDATE orders SET status = 'completed' WHERE id = '" + to_string(bought) + "'");
  BOOST_TEST(is_found());
  run("UPDATE orders SET status = 'failed' WHERE id = '" + to_string(bought) + "'");
  BOOST_TEST(since_last().empty());
}

// The planner does not know how little has moved.
BOOST_AUTO_TEST_CASE(what_was_proved_before_is_not_read_again) {
  for (int i = 0; i < 4; ++i) {
    batch_type many;
    for (int k = 0; k < 500; ++k)
      many.push_back(hand.decide(topup(dealer, dollars(1))));
    commit(many);
  }
  BOOST_TEST(mismatches().empty());
  run("ANALYZE transfers, postings, orders");
  auto rows_read = [&] {
    run("SELECT pg_stat_force_next_flush()");
    return value_of<long long>(
      "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes"
      " WHERE relname = 'postings' OR relname = 'orders' OR relname LIKE 'transfers%'");
  };
  auto known = value_of<long long>("SELECT count(*) FROM transfers");
  commit({hand.decide(order_of(dealer, order_id::make()))});
  auto before = rows_read();
  auto check = prove_ledger(db, {true});
  BOOST_TEST(check.transfers == 1);
  BOOST_TEST(check.mismatches.empty());
  BOOST_TEST(rows_read() - before < known / 10);
}

BOOST_AUTO_TEST_CASE(a_tail_that_was_cut_is_found_by_a_head_from_before) {
  auto heads = prove_ledger(db, {false, true}).heads;
  BOOST_REQUIRE_EQUAL(heads.size(), 1u);
  commit({hand.decide(debit(dealer, dollars(1)))});
  BOOST_TEST(hold_against(db, heads).mismatches.empty());
  // Everything by which the database could notice it is set back too.
  auto last = std::to_string(heads.front().seq - 1);
  tamper("DELETE FROM transfers WHERE seq > " + last);
  run("DELETE FROM ledger_proved");
  run("DELETE FROM row_refunds");
  run("DELETE FROM postings WHERE last_seq > " + last);
  run("UPDATE batches SET error = 0, refunded_rows = 0");
  tamper("DELETE FROM verdicts");
  run("UPDATE wallets w SET version = t.seq, balance_cents = t.balance_after_cents, chain = t.chain"
      " FROM transfers t WHERE t.seq = "
      + last);
  BOOST_TEST(mismatches() == std::vector<std::string>{}, boost::test_tools::per_element());
  auto held = hold_against(db, heads);
  BOOST_REQUIRE_EQUAL(held.mismatches.size(), 1u);
  BOOST_TEST(held.mismatches.front().find("is not there any more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_an_error_and_no_answer) {
  auto posting_of = [&](const char* kind) {
    return posting_id::parse(value_of<std::string>("SELECT id::text FROM postings WHERE kind = '"
                                                   + std::string{kind} + "' LIMIT 1"))
      .value();
  };
  tamper("DELETE FROM verdicts");
  run("DELETE FROM row_refunds");
  tamper("DELETE FROM batch_rows");
  for (auto [kind, damage] : {std::pair{"order", "DELETE FROM orders"},
                              {"resend", "DELETE FROM mails"},
                              {"supply", "DELETE FROM usages"},
                              {"batch", "DELETE FROM batches"}}) {
    run(damage);
    BOOST_CHECK_THROW(find_posting(db, posting_of(kind)), std::logic_error);
  }
  auto last = posting_of("adjustment");
  run("UPDATE postings SET last_seq = 2 WHERE kind = 'adjustment'");
  BOOST_CHECK_THROW(find_posting(db, last), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
