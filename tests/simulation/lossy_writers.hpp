#pragma once

#include "protocols/interfaces.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/memory_ledger.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace meisim::simulation {

constexpr size_t node_count = 2;

/// What all parts of a run share.
struct ground {
  chance random;
  memory_ledger ledger;
  /// Whether nothing more goes wrong.
  bool is_calm = false;
};

/// A posting on its way into the ledger.
struct entry {
  std::shared_ptr<const decided_posting> posting;
  caf::strong_actor_ptr wallet;
};

using entry_list = std::vector<entry>;

/// The ledger writers of all nodes, and a database that refuses, conflicts and loses answers.
class lossy_writers {
public:
  /// `on_change` is called whenever the ledger may have changed.
  lossy_writers(test::actor_fixture& actors, ground& on, std::function<void()> on_change)
    : actors_(actors), ground_(on), on_change_(std::move(on_change)) {
    for (auto& each : writers_)
      each.handle = spawn_writer(each);
  }

  const ledger_writer_actor& of_node(size_t node) const {
    return writers_[node].handle;
  }

  /// Some transaction ends, well or not.
  void end_one() {
    end_transaction(any());
  }

  /// Some writer asks what became of a transaction whose answer was lost.
  void look_up_one() {
    look_up_lost(any());
  }

  /// PostgreSQL ends a transaction of which nobody has heard since.
  void land_one() {
    auto& lost = any().lost;
    if (!lost.empty())
      land(lost.front());
  }

  /// Ends all that is under way.
  void end_all() {
    for (auto& each : writers_) {
      while (!each.lost.empty())
        look_up_lost(each);
      end_transaction(each);
    }
  }

  /// The wallet's process has gone. Nothing of it can be under way in the database afterwards.
  void lose_wallet(const caf::strong_actor_ptr& victim) {
    killed_.insert(victim);
    for (auto& each : writers_) {
      std::erase_if(each.queue, [&](const entry& one) { return one.wallet == victim; });
      for (auto& transaction : each.lost)
        if (std::ranges::find(transaction.entries, victim, &entry::wallet)
            != transaction.entries.end())
          land(transaction);
    }
  }

  /// Whether the posting may yet come into the ledger.
  bool is_committing(posting_id id) const {
    auto has_it = [id](const entry_list& entries) {
      return std::ranges::any_of(entries,
                                 [&](const entry& each) { return each.posting->what.id == id; });
    };
    return std::ranges::any_of(writers_, [&](const writer& each) {
      return has_it(each.queue) || std::ranges::any_of(each.lost, [&](const lost_transaction& one) {
               return one.is_at_work && has_it(one.entries);
             });
    });
  }

private:
  /// A transaction whose answer was lost while the database cannot be asked.
  struct lost_transaction {
    entry_list entries;
    /// Whether PostgreSQL is still at work on it, and will commit it if it can.
    bool is_at_work = false;
  };

  /// The actor in a ledger writer's place.
  struct writer {
    ledger_writer_actor handle;
    entry_list queue;
    std::deque<lost_transaction> lost;
  };

  ledger_writer_actor spawn_writer(writer& state) {
    return caf::actor_cast<ledger_writer_actor>(
      actors_.spawn([this, &state](caf::event_based_actor* me) -> caf::behavior {
        return {[this, &state, me](const commit_order& order) {
          if (!killed_.contains(me->current_sender()))
            state.queue.push_back({order.posting, me->current_sender()});
        }};
      }));
  }

  writer& any() {
    return writers_[ground_.random.below(node_count)];
  }

  void end_transaction(writer& by) {
    if (by.queue.empty())
      return;
    auto& random = ground_.random;
    auto size = ground_.is_calm ? by.queue.size() : 1 + random.below(by.queue.size());
    auto end = by.queue.begin() + static_cast<std::ptrdiff_t>(size);
    entry_list entries{by.queue.begin(), end};
    by.queue.erase(by.queue.begin(), end);
    auto fate = ground_.is_calm ? 9 : random.below(10);
    if (!by.lost.empty() || fate == 0)
      report(entries, all_ended(entries, commit_result::unavailable));
    else if (fate == 1)
      lose_answer(entries);
    else if (fate == 2)
      lose_touch(by, entries);
    else
      report(entries, commit(postings_of(entries)));
  }

  std::vector<commit_outcome> commit(const memory_ledger::batch& batch) {
    auto outcomes = ground_.ledger.commit(batch);
    on_change_();
    return outcomes;
  }

  void commit_whole(const entry_list& entries) {
    ground_.ledger.commit_whole(postings_of(entries));
    on_change_();
  }

  /// The writer asks a database that is there what became of the transaction.
  void lose_answer(const entry_list& entries) {
    if (ground_.random.one_in(2))
      commit_whole(entries);
    report(entries, found_in_ledger(entries));
  }

  /// The database is away: it has done it, will still do it, or never does.
  void lose_touch(writer& by, entry_list entries) {
    report(entries, all_ended(entries, commit_result::unknown));
    auto what = ground_.random.below(3);
    if (what == 0)
      commit_whole(entries);
    by.lost.push_back({std::move(entries), what == 1});
  }

  void land(lost_transaction& transaction) {
    if (std::exchange(transaction.is_at_work, false))
      commit_whole(transaction.entries);
  }

  void look_up_lost(writer& by) {
    if (by.lost.empty())
      return;
    auto transaction = std::move(by.lost.front());
    by.lost.pop_front();
    // Whether it commits or is ended, it is over before anybody looks.
    if (ground_.random.one_in(2))
      land(transaction);
    report(transaction.entries, found_in_ledger(transaction.entries));
  }

  static memory_ledger::batch postings_of(const entry_list& entries) {
    memory_ledger::batch result;
    result.reserve(entries.size());
    for (const auto& each : entries)
      result.push_back(each.posting);
    return result;
  }

  static std::vector<commit_outcome> all_ended(const entry_list& entries, commit_result how) {
    std::vector<commit_outcome> outcomes;
    for (const auto& each : entries)
      outcomes.push_back({each.posting->what.id, how, {}});
    return outcomes;
  }

  std::vector<commit_outcome> found_in_ledger(const entry_list& entries) const {
    auto outcomes = all_ended(entries, commit_result::committed);
    for (auto& outcome : outcomes)
      if (!ground_.ledger.has(outcome.id))
        outcome.result = commit_result::unavailable;
    return outcomes;
  }

  void report(const entry_list& entries, const std::vector<commit_outcome>& outcomes) {
    std::map<caf::strong_actor_ptr, commit_report> reports;
    for (size_t i = 0; i < entries.size(); ++i)
      reports[entries[i].wallet].outcomes.push_back(outcomes[i]);
    for (auto& [to, what] : reports)
      actors_.self->send(caf::actor_cast<wallet_actor>(to), std::move(what));
  }

  test::actor_fixture& actors_;
  ground& ground_;
  std::function<void()> on_change_;
  std::array<writer, node_count> writers_;
  std::set<caf::strong_actor_ptr> killed_;
};

} // namespace meisim::simulation
