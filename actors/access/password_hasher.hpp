#pragma once

#include "protocols/access/passwords.hpp"
#include "protocols/interfaces.hpp"

namespace meisim {

/// Spawns detached as PASSWORD HASHER. Argon2id with two passes over 19 MiB takes some 50 ms, on
/// purpose.
password_hasher_actor::behavior_type password_hasher(password_hasher_actor::pointer self);

} // namespace meisim
