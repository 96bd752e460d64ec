#pragma once

#include "actors/money/wallet.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

// A wallet with a ledger writer whose every commit ends as the test says.

namespace meisim::test {

using namespace std::chrono_literals;

constexpr auto dollars(int64_t amount) {
  return money::from_cents(amount * 100);
}

/// The balance that a receipt tells.
inline int64_t cents_told(const receipt& what) {
  return std::get<balance_receipt>(what.told).balance.cents();
}

/// What the wallet sees of the database.
struct ledger_script {
  wallet_position position{dollars(100), 0, {}};
  /// Commits under way, oldest first, and who wants to know of them.
  std::deque<std::shared_ptr<const decided_posting>> commits;
  caf::strong_actor_ptr wallet;
  std::unordered_map<std::string, stored_receipt> receipts;
  /// By the posting's id.
  std::unordered_map<posting_id, stored_receipt> done;
  int loads = 0;
  /// What another owner does just before the position is read.
  std::function<void()> before_load = [] {};
  bool is_down = false;
  /// Whether receipts cannot be had.
  bool is_forgetful = false;
};

struct wallet_fixture : actor_fixture {
  std::shared_ptr<ledger_script> script = std::make_shared<ledger_script>();
  dealer_id dealer = dealer_id::make();
  wallet_actor sut;

  wallet_fixture() {
    auto known = script;
    ledger_writer_actor writer =
      spawn([known](ledger_writer_actor::pointer me) -> ledger_writer_actor::behavior_type {
        return {[known, me](const commit_order& order) {
                  known->commits.push_back(order.posting);
                  known->wallet = me->current_sender();
                },
                [](flush_atom) {}, [](tick_atom) {}};
      });
    wallet_memory_actor memory =
      spawn([known](wallet_memory_actor::pointer) -> wallet_memory_actor::behavior_type {
        return {[known](const load_wallet&) -> caf::result<wallet_position> {
                  ++known->loads;
                  known->before_load();
                  if (known->is_down)
                    return make_error(ec::unavailable);
                  return known->position;
                },
                [known](const find_receipt& question) -> caf::result<stored_receipt> {
                  if (known->is_forgetful)
                    return make_error(ec::unavailable);
                  return question.idempotency_key.empty()
                           ? known->done[question.posting]
                           : known->receipts[question.idempotency_key];
                }};
      });
    sut = spawn(wallet, dealer, writer, memory, entity_terms{60s});
    settle();
  }

  posting debit(money amount, std::string key = {}, std::string hash = {}) {
    posting result;
    result.id = posting_id::make();
    result.dealer = dealer;
    result.lines.push_back({entry_type::debit, -amount, "test", {}});
    result.idempotency_key = std::move(key);
    result.request_hash = std::move(hash);
    return result;
  }

  pending_answer<receipt> submit(posting what) {
    auto answer = ask<receipt>(system, sut, std::move(what));
    settle();
    return answer;
  }

  /// Ends the oldest `count` commits in one report; a committed one moves the position of the
  /// database, and one that is `unknown` will have to end once more.
  void end_commits(size_t count, commit_result how, const stored_receipt& known = {}) {
    commit_report report;
    for (; count > 0; --count) {
      BOOST_REQUIRE(!script->commits.empty());
      auto commit = script->commits.front();
      script->commits.pop_front();
      if (how == commit_result::committed) {
        const auto& last = commit->transfers.back();
        script->position = {last.balance_after, last.seq, last.chain};
      }
      if (how == commit_result::unknown)
        script->commits.push_back(commit);
      report.outcomes.push_back({commit->what.id, how, known});
    }
    self->send(caf::actor_cast<wallet_actor>(script->wallet), report);
    settle();
  }
};

} // namespace meisim::test
