#pragma once

#include <caf/actor_system_config.hpp>

namespace meisim {

/// Tells an actor system of all messages and errors of the product.
void announce_messages(caf::actor_system_config& config);

} // namespace meisim
