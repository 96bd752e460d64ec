#pragma once

#include "apps/meisimd/node_actors.hpp"

namespace meisim {

/// Starts the actors that do the work that outlives requests: fulfilment, mails, refunds, webhooks,
/// verification on this node's `devices`, replacements. Throws as spawn_actors does.
void spawn_workers(const node_start& at, std::vector<device_config> devices);

} // namespace meisim
