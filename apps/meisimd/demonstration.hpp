#pragma once

#include "apps/meisimd/node_actors.hpp"
#include "persistence/base/session.hpp"

namespace meisim {

/// Puts a dealer to try things with into an empty database, with money to spend, and prices. Where
/// it is there already nothing is added. Throws std::runtime_error if it cannot.
void seed_demonstration(caf::actor_system& system, const node_actors& actors, database& db);

} // namespace meisim
