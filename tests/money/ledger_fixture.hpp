#pragma once

#include "actors/money/commit_batch.hpp"
#include "persistence/money/ledger_check.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A ledger with a dealer that has a hundred dollars, and a hand that decides its postings.

namespace meisim::test {

using batch_type = std::vector<std::shared_ptr<const decided_posting>>;

struct ledger_fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  ledger_fixture() {
    BOOST_REQUIRE(
      (commit({hand.decide(topup(dealer, dollars(100)))}).front() == commit_result::committed));
  }

  std::vector<commit_result> commit(const batch_type& batch) {
    std::vector<commit_result> results;
    for (const auto& outcome : commit_batch(db, batch).outcomes)
      results.push_back(outcome.result);
    return results;
  }

  int64_t balance() {
    return load_position(db, dealer)->balance.cents();
  }

  std::vector<std::string> mismatches() {
    return prove_ledger(db).mismatches;
  }

  /// Changes rows that must never change, which only the database's owner can.
  void tamper(const std::string& statement) {
    switch_final_rows("DISABLE");
    run(statement);
    switch_final_rows("ENABLE");
  }

  void switch_final_rows(const std::string& how) {
    for (const std::string table : {"transfers", "batch_rows", "verdicts"})
      run("ALTER TABLE " + table + " " + how + " TRIGGER " + table + "_are_final");
  }

  static int64_t lines_in(std::string_view csv) {
    return std::ranges::count(csv, '\n');
  }

  bool is_told(std::string_view sentence) {
    auto found = mismatches();
    return std::any_of(found.begin(), found.end(),
                       [&](const auto& text) { return text.find(sentence) != std::string::npos; });
  }
};

} // namespace meisim::test
