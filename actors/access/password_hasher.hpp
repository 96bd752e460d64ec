#pragma once

#include "protocols/access/passwords.hpp"
#include "protocols/interfaces.hpp"

#include <cstdint>

namespace meisim {

/// What a hash costs, on purpose: two passes of Argon2id over 19 MiB take some 50 ms.
struct hash_cost {
  uint32_t passes = 2;
  uint32_t memory_kib = 19'456;
};

/// Spawns detached as PASSWORD HASHER.
password_hasher_actor::behavior_type password_hasher(password_hasher_actor::pointer self,
                                                     hash_cost cost);

} // namespace meisim
