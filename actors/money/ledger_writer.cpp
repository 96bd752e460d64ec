#include "actors/money/ledger_writer.hpp"

#include "actors/money/commit_batch.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// The pauses between two look-ups of a lost commit: the first doubles up to the second.
constexpr auto shortest_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 2s;

using writer_pointer = ledger_writer_actor::stateful_pointer<ledger_writer_state>;
using entry_list = std::vector<ledger_writer_state::entry>;

posting_batch postings_of(const entry_list& entries) {
  posting_batch batch;
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

committed_batch commit_measured(writer_pointer self, const posting_batch& batch) {
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
    auto outcomes = look_up_lost(*state.db, postings_of(entries), process);
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
      // The flush comes behind all postings that are in the mailbox by now. They become one
      // transaction.
      if (self->state.gathered.empty())
        self->send(self, flush_atom_v);
      self->state.gathered.push_back({order.posting, self->current_sender()});
    },
    [self](flush_atom) { commit_gathered(self); },
    [self](tick_atom) { settle_lost(self); },
  };
}

} // namespace meisim
