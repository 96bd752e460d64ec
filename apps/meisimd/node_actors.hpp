#pragma once

#include "actors/base/metrics.hpp"
#include "actors/base/ownership_lease.hpp"
#include "actors/cluster/region.hpp"
#include "actors/verification/device_list.hpp"
#include "apps/meisimd/device_side.hpp"
#include "apps/meisimd/options.hpp"
#include "apps/meisimd/secrets.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/base/published.hpp"
#include "protocols/cluster/placement.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/provider_status.hpp"
#include "protocols/orders/routes.hpp"
#include "protocols/supply/price_rules.hpp"

#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <vector>

namespace meisim {

/// What the actors of a node have in common.
struct node_parts {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::shared_ptr<const node_metrics> metrics = std::make_shared<node_metrics>(registry);
  std::shared_ptr<published<catalogue>> catalogue_board = std::make_shared<published<catalogue>>();
  std::shared_ptr<published<price_book>> price_board = std::make_shared<published<price_book>>();
  std::shared_ptr<published<placed_nodes>> node_board = std::make_shared<published<placed_nodes>>();
  std::shared_ptr<published<route_book>> route_board = std::make_shared<published<route_book>>();
  /// Null until the providers are there.
  std::shared_ptr<provider_board> providers = {};
  std::shared_ptr<request_notes> requests = std::make_shared<request_notes>();
  std::shared_ptr<ownership_lease> lease = std::make_shared<ownership_lease>();
  node_secrets secrets = {};
  /// Empty until the node has started.
  std::string installation = {};

  route_sources routes() const {
    return {route_board, catalogue_board, providers};
  }
};

/// The actors of a node.
struct node_actors {
  records_pool records;
  region_actor region;
  price_cache_actor prices;
  accounts_actor accounts;
  providers_actor provider;
  credit_orders_actor credit;
  order_desk_actor order_desk;
  job_store_actor jobs;
  verification_actor verification;
  batch_intake_actor batches;
  replacement_actor replacements;
  stripe_actor stripe;
  payment_store_actor payments;
  webhook_store_actor webhooks;
  event_feed_actor events;
  operators_actor operators;
  key_keeper_actor keys;
  records_actor slow_records;
  records_pool long_reads;
  password_hasher_actor passwords;
  node_store_actor nodes;
  membership_actor membership;
  verification_store_actor batch_store;
  /// All actors, also those that only others speak to, in the order in which they were started.
  std::vector<caf::actor> all;

  template <class Handle>
  Handle keep(Handle handle) {
    all.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }
};

/// What starting the actors of a node needs.
struct node_start {
  caf::actor_system& system;
  const node_options& options;
  const node_parts& parts;
  node_actors& actors;
  /// Null if the node speaks to no other site about devices.
  device_side* devices;
};

/// Starts all actors of a node but its membership. Throws std::runtime_error that tells which
/// option is wrong.
void spawn_actors(const node_start& at, std::vector<device_config> devices);

} // namespace meisim
