#pragma once

#include "apps/meisimd/options.hpp"
#include "protocols/base/kept_secret.hpp"
#include "protocols/base/published.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/provider_status.hpp"

#include <prometheus/registry.h>

#include <memory>
#include <vector>

namespace meisim {

/// The upstream providers of a node.
struct spawned_providers {
  /// The actor to ask. It passes each question on to the provider that it is for.
  providers_actor entry;
  /// All that was spawned, to be told to exit in the end.
  std::vector<caf::actor> all;
};

/// The board of a node that has heard nothing of its providers yet.
std::shared_ptr<provider_board> make_provider_board(const node_options& options);

/// Spawns an actor for each provider of the configuration, `keys` and the secrets of `webhooks` in
/// the same order. `board` gets the catalogue of what they sell together, `shown` how each of them
/// is.
spawned_providers spawn_providers(caf::actor_system& system, const node_options& options,
                                  const std::vector<kept_secret>& keys,
                                  const std::vector<kept_secret>& webhooks,
                                  const std::shared_ptr<published<catalogue>>& board,
                                  const std::shared_ptr<provider_board>& shown,
                                  std::shared_ptr<prometheus::Registry> registry);

} // namespace meisim
