#pragma once

#include "protocols/interfaces.hpp"

namespace meisim {

/// Spawns detached as PASSWORD KEEPER. Argon2id with two passes over 19 MiB takes some 50 ms, on
/// purpose.
password_keeper_actor::behavior_type password_keeper(password_keeper_actor::pointer self);

} // namespace meisim
