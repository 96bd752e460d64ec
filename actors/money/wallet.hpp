#pragma once

#include "actors/base/ownership_lease.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/commit.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim {

/// What a wallet keeps in memory.
///
/// A posting goes `waiting` -> `committing` -> answered. It is decided when it leaves `waiting`, on
/// top of all that was decided before it. When a commit ends otherwise than well, what was decided
/// on top of it cannot stand either: the wallet then decides nothing until every commit under way
/// has ended, reads its position again, and decides anew. If the answer to a commit was lost and
/// the database is away, that may take long. Then all that is not under way is refused.
struct wallet_state {
  static inline const char* name = "wallet";

  using promise = caf::typed_response_promise<receipt>;

  struct pending {
    posting what;
    promise answer;
    /// Which request of this wallet it is.
    int64_t number = 0;
    /// How often it has been decided.
    int attempts = 0;
    std::shared_ptr<const decided_posting> decided = nullptr;
    /// The error it is refused with, unless the position proves to be old.
    caf::error refusal = {};
  };

  /// Callers that wait for the answer to the first request under their idempotency key.
  struct repeat {
    promise answer;
    std::chrono::steady_clock::time_point since;
  };

  struct keyed_request {
    std::string request_hash;
    std::vector<repeat> repeats;
  };

  enum class phase { unloaded, loading, ready };

  dealer_id dealer;
  ledger_writer_actor writer;
  wallet_memory_actor memory;
  phase now = phase::unloaded;
  /// Where the wallet will stand once all that is committing is durable.
  wallet_position position;
  /// Requests so far, and how many there were when the position was asked for.
  int64_t requests = 0;
  int64_t known_at = 0;
  // These are lists because an empty list owns no memory, and most wallets are idle most of the
  // time.
  std::list<pending> waiting;
  std::list<pending> committing;
  /// To be decided anew, in order, once nothing is committing.
  std::list<pending> again;
  /// To be refused, or to be decided anew.
  std::list<pending> doubtful;
  /// Whether the answer to a commit under way was lost: until all of them have ended, new postings
  /// are refused.
  bool is_in_doubt = false;
  /// Whether the position may be old, because a commit has not ended well or a request is about to
  /// be refused.
  bool stale = false;
  std::unordered_map<std::string, keyed_request> keys;
  /// Look-ups of idempotency keys under way.
  int lookups = 0;
  std::shared_ptr<const ownership_lease> lease;
  /// Whether another node is the owner now. Then what is committing ends, and the rest is refused.
  bool is_leaving = false;
  std::chrono::steady_clock::time_point last_used{};

  /// Decides a posting against `position` and moves it on; an error if the wallet must refuse it.
  caf::expected<std::shared_ptr<const decided_posting>> decide(posting what, instant at);

  bool is_busy() const {
    return !waiting.empty() || !committing.empty() || !again.empty() || !doubtful.empty()
           || !keys.empty() || lookups > 0;
  }
};

/// Spawns as WALLET.
wallet_actor::behavior_type wallet(wallet_actor::stateful_pointer<wallet_state> self, dealer_id id,
                                   ledger_writer_actor writer, wallet_memory_actor memory,
                                   const entity_terms& terms);

} // namespace meisim
