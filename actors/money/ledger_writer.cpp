#include "actors/money/ledger_writer.hpp"

#include "persistence/money/ledger.hpp"
#include "persistence/money/receipts.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

using batch_type = std::vector<std::shared_ptr<const decided_posting>>;

/// Between two look-ups of a lost commit: doubled from the one to the other.
constexpr auto shortest_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 2s;

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

/// What became of a batch whose commit was never answered; `unknown` if the database cannot tell.
std::vector<commit_outcome> look_up(database& db, const batch_type& batch, int process) {
  auto are_there =
    guarded(db, "looking up a commit", [&] { return were_committed(db, batch, process); });
  if (!are_there)
    return all_ended(batch, commit_result::unknown);
  auto outcomes = all_ended(batch, commit_result::committed);
  for (size_t i = 0; i < outcomes.size(); ++i)
    if (!(*are_there)[i])
      outcomes[i].result = commit_result::unavailable;
  return outcomes;
}

bool are_unknown(const std::vector<commit_outcome>& outcomes) {
  return outcomes.front().result == commit_result::unknown;
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

committed_batch commit_one_by_one(database& db, const batch_type& batch) {
  committed_batch all;
  for (const auto& posting : batch) {
    auto one = commit_batch(db, {posting});
    for (const auto& lost : one.lost)
      all.lost.push_back({all.outcomes.size(), 1, lost.process});
    all.outcomes.push_back(std::move(one.outcomes.front()));
  }
  return all;
}

committed_batch after_loss(database& db, const batch_type& batch, const commit_unknown& lost) {
  log_warn("database: the answer to a commit of {} postings was lost: {}", batch.size(),
           read_failure(lost).summary);
  db.close();
  committed_batch result{look_up(db, batch, lost.process), {}};
  if (are_unknown(result.outcomes))
    result.lost.push_back({0, batch.size(), lost.process});
  return result;
}

committed_batch after_failure(database& db, const batch_type& batch, const std::exception& error) {
  auto failure = read_failure(error);
  if (failure.code == ec::unavailable) {
    report_failure(db, "a commit", error);
    return {all_ended(batch, commit_result::unavailable), {}};
  }
  db.forget_statements();
  if (batch.size() > 1)
    return commit_one_by_one(db, batch);
  if (failure.constraint == "postings_idempotency_key")
    return {all_ended(batch, commit_result::key_conflict), {}};
  if (failure.constraint == "inventory_sold_once")
    return {known_or(db, batch.front(), commit_result::stock_conflict), {}};
  if (failure.constraint != "postings_pkey")
    report_failure(db, "a posting", error);
  return {known_or(db, batch.front(), commit_result::poisoned), {}};
}

} // namespace

committed_batch commit_batch(database& db, const batch_type& batch) {
  try {
    auto results = commit_postings(db, batch);
    // A stale effect may be one that this very posting has had: it came twice.
    if (batch.size() == 1 && results.front() != commit_result::committed)
      return {known_or(db, batch.front(), results.front()), {}};
    return {with_results(batch, results), {}};
  } catch (const commit_unknown& lost) {
    return after_loss(db, batch, lost);
  } catch (const std::exception& error) {
    return after_failure(db, batch, error);
  }
}

namespace {

using writer_pointer = ledger_writer_actor::stateful_pointer<ledger_writer_state>;
using entry_list = std::vector<ledger_writer_state::entry>;

batch_type postings_of(const entry_list& entries) {
  batch_type batch;
  batch.reserve(entries.size());
  for (const auto& entry : entries)
    batch.push_back(entry.posting);
  return batch;
}

/// Tells each wallet how its postings ended.
void report(writer_pointer self, const entry_list& entries, std::vector<commit_outcome> outcomes) {
  std::unordered_map<caf::actor_addr, std::pair<caf::strong_actor_ptr, commit_report>> reports;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    auto& report = reports[caf::actor_cast<caf::actor_addr>(entries[i].wallet)];
    report.first = entries[i].wallet;
    report.second.outcomes.push_back(std::move(outcomes[i]));
  }
  for (auto& [address, report] : reports)
    self->send(caf::actor_cast<wallet_actor>(report.first), std::move(report.second));
}

committed_batch commit_measured(writer_pointer self, const batch_type& batch) {
  auto begin = std::chrono::steady_clock::now();
  auto ended = commit_batch(*self->state.db, batch);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  self->state.metrics->commit_seconds.Observe(took.count());
  self->state.metrics->commit_postings.Observe(static_cast<double>(batch.size()));
  return ended;
}

void commit_gathered(writer_pointer self) {
  auto& state = self->state;
  auto entries = std::exchange(state.gathered, {});
  auto batch = postings_of(entries);
  if (!state.lost.empty())
    return report(self, entries, all_ended(batch, commit_result::unavailable));
  auto ended = commit_measured(self, batch);
  report(self, entries, std::move(ended.outcomes));
  if (ended.lost.empty())
    return;
  for (const auto& [first, count, process] : ended.lost) {
    auto begin = entries.begin() + static_cast<ptrdiff_t>(first);
    state.lost.push_back({{begin, begin + static_cast<ptrdiff_t>(count)}, process});
  }
  state.pause = shortest_pause;
  self->delayed_send(self, state.pause, tick_atom_v);
}

void settle_lost(writer_pointer self) {
  auto& state = self->state;
  while (!state.lost.empty()) {
    const auto& [entries, process] = state.lost.front();
    auto outcomes = look_up(*state.db, postings_of(entries), process);
    if (are_unknown(outcomes)) {
      state.pause = std::min(2 * state.pause, longest_pause);
      self->delayed_send(self, state.pause, tick_atom_v);
      return;
    }
    report(self, entries, std::move(outcomes));
    state.lost.pop_front();
  }
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
    [self](tick_atom) { settle_lost(self); },
  };
}

} // namespace meisim
