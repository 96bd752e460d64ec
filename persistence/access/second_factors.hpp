#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

// All functions here are part of the caller's transaction.

struct second_factor {
  /// In base 32; empty if there is none.
  std::string secret;
  bool is_confirmed = false;
  /// The time step of the last code that was taken.
  int64_t step = 0;
};

/// Locks the account until the transaction ends, so that a code is taken once.
second_factor lock_second_factor(database& db, dealer_id dealer);

/// Keeps a secret that is still to be confirmed.
void keep_second_factor(database& db, dealer_id dealer, const std::string& secret);

/// The second factor counts from now on. `hashes` are those of the recovery codes, in hexadecimal.
void mark_second_factor_confirmed(database& db, dealer_id dealer,
                                  const std::vector<std::string>& hashes);

/// A code of this time step was taken.
void note_step(database& db, dealer_id dealer, int64_t step);

/// False if there is no such code, or it was spent.
bool spend_recovery_code(database& db, dealer_id dealer, const std::string& hash);

/// Forgets the secret and the recovery codes.
void drop_second_factor(database& db, dealer_id dealer);

} // namespace meisim
