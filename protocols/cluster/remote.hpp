#pragma once

#include "protocols/access/dealer.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/inspect_variant.hpp"
#include "protocols/cluster/wire_version.hpp"
#include "protocols/money/commit.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/devices.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace meisim {

// What a node asks another node about entities that it owns, and about its devices. Questions that
// wait for the same node travel in one message, and so do answers.

/// The account was changed in the database. The answer comes once no request can pass by the old
/// state.
struct account_changed {
  dealer_id dealer;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, account_changed& x) {
  return f(caf::meta::type_name("account_changed"), x.dealer);
}

/// New stock was imported into this pool.
struct pool_restocked {
  pool_name pool;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, pool_restocked& x) {
  return f(caf::meta::type_name("pool_restocked"), x.pool);
}

/// What the last owner of a dealer remembers of its requests.
struct dealer_memory {
  dealer_id dealer;
  rate_memory what;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dealer_memory& x) {
  return f(caf::meta::type_name("dealer_memory"), x.dealer, x.what);
}

/// What the last owner of an IP limiter remembers of its requests.
struct ip_limiter_memory {
  std::string address;
  rate_memory what;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ip_limiter_memory& x) {
  return f(caf::meta::type_name("ip_limiter_memory"), x.address, x.what);
}

using remote_question = std::variant<admission_request, address_request, posting, purchase,
                                     count_pool, account_changed, pool_restocked, dealer_memory,
                                     ip_limiter_memory, find_answer, drain_device, test_device>;

/// A question to the node that owns the entity that it names, or has the device.
struct remote_call {
  /// Comes back with the answer; 0 if none is wanted.
  uint64_t call_id = 0;
  /// Whether a node that did not own the entity has passed it on. It is passed on once at most.
  bool is_relayed = false;
  remote_question what;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, remote_call& x) {
    using result_type = typename Inspector::result_type;
    if constexpr (std::is_void_v<result_type>) {
      f(x.call_id, x.is_relayed);
    } else {
      if (auto failure = f(x.call_id, x.is_relayed))
        return failure;
      return inspect_variant(f, x.what);
    }
  }
};

struct remote_calls {
  std::vector<remote_call> calls;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, remote_calls& x) {
  return f(caf::meta::type_name("remote_calls"), x.calls);
}

using remote_result = std::variant<caf::error, admission, receipt, stock_counts, done, device_test>;

struct remote_answer {
  uint64_t call_id = 0;
  remote_result what;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, remote_answer& x) {
    using result_type = typename Inspector::result_type;
    if constexpr (std::is_void_v<result_type>) {
      f(x.call_id);
    } else {
      if (auto failure = f(x.call_id))
        return failure;
      return inspect_variant(f, x.what);
    }
  }
};

struct remote_answers {
  std::vector<remote_answer> answers;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, remote_answers& x) {
  return f(caf::meta::type_name("remote_answers"), x.answers);
}

/// Where a region looks for an entity's owner.
struct lookup {
  /// How many owners the caller has asked in vain. The more there were, the later the region
  /// answers, so that the nodes have time to agree.
  uint32_t tries = 0;
  /// Whether only an owner on this node will do: one that is here now, or, after a try, one that is
  /// about to be.
  bool is_local_only = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lookup& x) {
  return f(caf::meta::type_name("lookup"), x.tries, x.is_local_only);
}

} // namespace meisim
