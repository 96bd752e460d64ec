#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"

#include <optional>
#include <string>

namespace meisim {

// What a dealer may order on account, and what it has paid for that outside of the service.

/// How far a dealer's credit is used.
struct credit_position {
  /// Nothing where none is set.
  std::optional<money> limit;
  /// The price of the orders on account that have not failed, less what was settled. It is negative
  /// if more was settled.
  money used;

  /// Whether an order at this price stays within the limit.
  bool covers(money price) const {
    return !limit || used + price <= *limit;
  }
};

struct load_credit {
  dealer_id dealer;
};

/// Book what the dealer with this address has paid outside of the service; once under an
/// Idempotency-Key. `not_found` if there is no such dealer, `conflict` if the key stands for
/// another request.
struct settle_credit {
  std::string email;
  /// Negative to take back what was booked wrongly.
  money amount;
  std::string reason;
  /// The operator's Idempotency-Key, and the hash that tells a repetition from another request;
  /// both empty without a key.
  std::string idempotency_key;
  std::string request_hash;
  audit_stamp by;
};

/// What was booked, the same for each repeat.
struct credit_settled {
  settlement_id id;
  money amount;
  /// The use behind it.
  money used;
  bool is_replayed = false;
};

} // namespace meisim
