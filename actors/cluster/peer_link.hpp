#pragma once

#include "actors/base/metrics.hpp"
#include "actors/cluster/linked_nodes.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace meisim {

/// While at most so many calls are under way, each is sent and answered at once. When there are
/// more, several travel in one message.
constexpr size_t few_calls = 16;

struct peer_link_config {
  cluster_member peer;
  /// What this node tells of itself, with its gate.
  node_greeting self;
  /// What proves it; nothing where nodes use no TLS.
  std::optional<identity_files> identity;
  /// Reaches the peer; null where the peer is the one to dial.
  dialler_actor dialler;
  membership_actor membership;
  std::shared_ptr<const node_metrics> metrics;
  std::shared_ptr<linked_nodes> linked = std::make_shared<linked_nodes>();
  /// After so long without an answer, the caller is told to look for another owner.
  std::chrono::milliseconds patience{3'000};
};

struct peer_link_state {
  static inline const char* name = "peer-link";

  template <class Answer>
  using promise = caf::typed_response_promise<Answer>;

  struct open_call {
    std::variant<promise<admission>, promise<receipt>, promise<stock_counts>, promise<done>,
                 promise<device_test>>
      caller;
    std::chrono::steady_clock::time_point since;

    /// A self-test takes as long as its programs do, so it is waited for as long as the link is up.
    bool may_take_long() const {
      return std::holds_alternative<promise<device_test>>(caller);
    }
  };

  peer_link_config config;
  /// Null while the link is down.
  node_gate_actor gate;
  /// Lets the peer call this node while the link is up.
  std::optional<linked_node> may_call;
  bool is_dialling = false;
  /// Whether the operator knows that the peer cannot be reached.
  bool is_failure_told = false;
  /// By call id, and so by age.
  std::map<uint64_t, open_call> open;
  uint64_t last_call_id = 0;
  /// To be sent with the next message.
  std::vector<remote_call> gathered;
};

/// Spawns as PEER LINK.
peer_link_actor::behavior_type peer_link(peer_link_actor::stateful_pointer<peer_link_state> self,
                                         peer_link_config config);

} // namespace meisim
