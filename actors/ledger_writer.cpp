#include "actors/ledger_writer.hpp"

#include "persistence/ledger.hpp"
#include "persistence/receipts.hpp"

#include <chrono>
#include <thread>
#include <unordered_map>

namespace meisim {

namespace {

using batch_type = std::vector<std::shared_ptr<const decided_posting>>;

std::vector<commit_outcome> all_ended(const batch_type& batch, commit_result how) {
  std::vector<commit_outcome> outcomes;
  outcomes.reserve(batch.size());
  for (const auto& posting : batch)
    outcomes.push_back({posting->what.id, how, {}});
  return outcomes;
}

std::vector<commit_outcome> with_results(const batch_type& batch,
                                         const std::vector<commit_result>& results) {
  auto outcomes = all_ended(batch, commit_result::committed);
  for (size_t i = 0; i < results.size(); ++i)
    outcomes[i].result = results[i];
  return outcomes;
}

/// Nobody may be told anything before the answer is known, so this asks until there is one.
commit_result settle_unknown(database& db, const batch_type& batch, int process) {
  using namespace std::chrono_literals;
  for (auto pause = 100ms;; pause = std::min<std::chrono::milliseconds>(pause * 2, 2s)) {
    try {
      return was_committed(db, batch, process) ? commit_result::committed
                                               : commit_result::unavailable;
    } catch (const std::exception& error) {
      report_failure(db, "looking up a commit", error);
      db.close();
    }
    std::this_thread::sleep_for(pause);
  }
}

/// A posting whose id the ledger knows has been done, whatever else the database says about it now.
std::vector<commit_outcome> known_or(database& db,
                                     const std::shared_ptr<const decided_posting>& posting,
                                     commit_result else_result) {
  auto known =
    guarded(db, "looking up a posting", [&] { return find_posting(db, posting->what.id); });
  if (!known)
    return {{posting->what.id, commit_result::unavailable, {}}};
  if (known->what.id)
    return {{posting->what.id, commit_result::already_there, std::move(*known)}};
  return {{posting->what.id, else_result, {}}};
}

std::vector<commit_outcome> commit_one_by_one(database& db, const batch_type& batch) {
  std::vector<commit_outcome> outcomes;
  for (const auto& posting : batch) {
    auto outcome = commit_batch(db, {posting});
    outcomes.push_back(std::move(outcome.front()));
  }
  return outcomes;
}

std::vector<commit_outcome> after_failure(database& db, const batch_type& batch,
                                          const std::exception& error) {
  auto failure = read_failure(error);
  if (failure.code == ec::unavailable) {
    report_failure(db, "a commit", error);
    return all_ended(batch, commit_result::unavailable);
  }
  db.forget_statements();
  if (batch.size() > 1)
    return commit_one_by_one(db, batch);
  if (failure.constraint == "postings_idempotency_key")
    return all_ended(batch, commit_result::key_conflict);
  if (failure.constraint == "inventory_sold_once")
    return known_or(db, batch.front(), commit_result::stock_conflict);
  if (failure.constraint != "postings_pkey")
    report_failure(db, "a posting", error);
  return known_or(db, batch.front(), commit_result::poisoned);
}

} // namespace

std::vector<commit_outcome> commit_batch(database& db, const batch_type& batch) {
  try {
    auto results = commit_postings(db, batch);
    // A stale effect may be one that this very posting has had: it came twice.
    if (batch.size() == 1 && results.front() != commit_result::committed)
      return known_or(db, batch.front(), results.front());
    return with_results(batch, results);
  } catch (const commit_unknown& lost) {
    return all_ended(batch, settle_unknown(db, batch, lost.process));
  } catch (const std::exception& error) {
    return after_failure(db, batch, error);
  }
}

namespace {

using writer_pointer = ledger_writer_actor::stateful_pointer<ledger_writer_state>;

void commit_gathered(writer_pointer self) {
  auto entries = std::exchange(self->state.gathered, {});
  batch_type batch;
  batch.reserve(entries.size());
  for (auto& entry : entries)
    batch.push_back(std::move(entry.posting));
  auto begin = std::chrono::steady_clock::now();
  auto outcomes = commit_batch(*self->state.db, batch);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  self->state.metrics->commit_seconds.Observe(took.count());
  self->state.metrics->commit_postings.Observe(static_cast<double>(batch.size()));
  std::unordered_map<caf::actor_addr, std::pair<caf::strong_actor_ptr, commit_report>> reports;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    auto& report = reports[caf::actor_cast<caf::actor_addr>(entries[i].wallet)];
    report.first = entries[i].wallet;
    report.second.outcomes.push_back(std::move(outcomes[i]));
  }
  for (auto& [address, report] : reports)
    self->send(caf::actor_cast<wallet_actor>(report.first), std::move(report.second));
}

} // namespace

ledger_writer_actor::behavior_type ledger_writer(writer_pointer self, std::string connection,
                                                 std::shared_ptr<const node_metrics> metrics) {
  self->state.db = std::make_unique<database>(std::move(connection), "ledger");
  self->state.metrics = std::move(metrics);
  return {
    [self](const commit_order& order) {
      // The flush stands behind all that is in the mailbox by now: that much makes one transaction.
      if (self->state.gathered.empty())
        self->send(self, flush_atom_v);
      self->state.gathered.push_back({order.posting, self->current_sender()});
    },
    [self](flush_atom) { commit_gathered(self); },
  };
}

} // namespace meisim
