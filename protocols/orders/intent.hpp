#pragma once

#include "protocols/base/instant.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

// What a provider is about to be asked for, if asking twice may buy twice. It is noted before the
// provider is asked, so no note means that nobody has asked.

/// Note that a provider is asked for an order.
struct begin_intent {
  /// Its prefix.
  std::string provider;
  /// Our name for the order, and the provider's for what is bought.
  std::string reference;
  std::string product;
  /// Whether only one order of the product may be open at a time, because the provider does not
  /// tell two of them apart.
  bool is_alone = false;
  /// If it was asked for before, and that has certainly come to nothing: when that asking began.
  /// The epoch for the first time.
  instant again_after = {};
};

/// What is known of an order.
struct intent {
  /// Whether it may be asked for now. Otherwise it was asked for before and has to be looked up, or
  /// `is_held`.
  bool may_ask = false;
  /// Whether another order of the product is open, which is to end first.
  bool is_held = false;
  instant asked_at;
  std::chrono::milliseconds age{0};
  /// What the provider calls it; empty while that is not known.
  std::string provider_order;
};

/// One of these orders at the provider is this one of ours.
struct claim_order {
  std::string provider;
  std::string reference;
  std::vector<std::string> candidates;
};

/// Which one it is: the only one that no other order of ours has.
struct claimed_order {
  /// Empty if there is none, or more than one.
  std::string provider_order;
  int32_t free = 0;
};

/// Nothing was bought: a new try begins anew.
struct end_intent {
  std::string provider;
  std::string reference;
};

} // namespace meisim
