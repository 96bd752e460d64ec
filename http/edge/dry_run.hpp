#pragma once

#include "http/edge/exchange.hpp"
#include "protocols/base/json_writer.hpp"

#include <functional>
#include <optional>

namespace meisim::http {

/// The cost of a request that was only to be checked (`"validateOnly": true`).
struct dry_run {
  money total;
  /// The caller's price guard.
  std::optional<money> most = {};
  /// Whether the wallet would pay it; otherwise it is on account.
  bool is_from_wallet = true;
  /// Writes further members of the answer; may be empty.
  std::function<void(json_writer&)> more = {};
};

/// Answers a request that has passed all other checks. It fails as the request itself would, if the
/// total is above the price guard, the balance, or what is left of the credit limit. Nothing is
/// done.
void answer_dry_run(const exchange_pointer& x, const dry_run& what);

} // namespace meisim::http
