#include "apps/meisimd/node_actors.hpp"

#include "actors/access/accounts.hpp"
#include "actors/access/password_hasher.hpp"
#include "actors/access/request_recorder.hpp"
#include "actors/base/job_store.hpp"
#include "actors/base/job_watch.hpp"
#include "actors/base/records.hpp"
#include "actors/cluster/node_store.hpp"
#include "actors/cluster/replica_watch.hpp"
#include "actors/money/ledger_writer.hpp"
#include "actors/money/payment_store.hpp"
#include "actors/money/stripe.hpp"
#include "actors/notify/event_feed.hpp"
#include "actors/notify/webhook_store.hpp"
#include "actors/operators/health_watch.hpp"
#include "actors/operators/key_keeper.hpp"
#include "actors/operators/operators.hpp"
#include "actors/orders/credit_orders.hpp"
#include "actors/orders/order_desk.hpp"
#include "actors/supply/price_cache.hpp"
#include "actors/verification/verification_store.hpp"
#include "apps/meisimd/node_workers.hpp"
#include "apps/meisimd/providers.hpp"
#include "protocols/access/second_factor.hpp"
#include "protocols/access/sessions.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// Sessions for what dealers download.
constexpr int long_readers_at_once = 2;

records_actor reader_of(const node_start& at, const std::string& connection,
                        server_role accepted = server_role::primary) {
  return at.actors.keep(at.system.spawn<caf::detached>(records, connection, accepted));
}

/// The actors that read from the replica, if there is one.
replica_readers spawn_replica(const node_start& at) {
  const auto& options = at.options;
  if (options.replica.empty())
    return {};
  auto is_usable = std::make_shared<std::atomic<bool>>(false);
  at.actors.keep(at.system.spawn<caf::detached>(
    replica_watch,
    replica_settings{options.replica, std::chrono::seconds{options.replica_oldest_seconds}},
    is_usable, at.parts.registry.get()));
  replica_readers result{{}, is_usable};
  for (int i = 0; i < long_readers_at_once; ++i)
    result.members.push_back(reader_of(at, options.replica, server_role::any));
  return result;
}

void spawn_memory(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  std::vector<records_actor> readers;
  for (uint32_t i = 0; i < options.record_readers; ++i)
    readers.push_back(reader_of(at, options.database));
  actors.records = records_pool{std::move(readers)};
  actors.slow_records = reader_of(at, options.database);
  std::vector<records_actor> long_readers;
  for (int i = 0; i < long_readers_at_once; ++i)
    long_readers.push_back(reader_of(at, options.database));
  actors.long_reads = records_pool{std::move(long_readers), spawn_replica(at)};
  actors.nodes = actors.keep(system.spawn<caf::detached>(node_store, options.database));
  actors.jobs = actors.keep(system.spawn<caf::detached>(job_store, options.database));
  actors.batch_store =
    actors.keep(system.spawn<caf::detached>(verification_store, options.database));
}

void spawn_region(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  region_config config;
  config.records = actors.records;
  for (uint32_t i = 0; i < options.ledger_writers; ++i)
    config.writers.push_back(
      actors.keep(system.spawn<caf::detached>(ledger_writer, options.database, parts.metrics)));
  config.limits = std::make_shared<limit_table>(options.rate_limit_factor());
  config.metrics = parts.metrics;
  config.lease = parts.lease;
  config.board = parts.node_board;
  config.is_clustered = options.is_clustered();
  config.idle = std::chrono::seconds{options.idle_seconds};
  actors.region = actors.keep(system.spawn(region, std::move(config)));
}

/// Scales a limit by account like the limits by address. A factor of 0 switches it off.
int scaled(int limit, double factor) {
  return factor == 0 ? std::numeric_limits<int>::max()
                     : std::max(1, static_cast<int>(std::lround(limit * factor)));
}

void spawn_accounts(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  actors.prices =
    actors.keep(system.spawn(price_cache, 5s, price_memory_actor{actors.records.next()},
                             parts.price_board, parts.route_board));
  actors.passwords = actors.keep(system.spawn<caf::detached>(password_hasher, hash_cost{}));
  accounts_config config;
  config.region = actors.region;
  config.checks = actors.passwords;
  config.changes = actors.keep(system.spawn<caf::detached>(password_hasher, hash_cost{}));
  config.prices = actors.prices;
  config.default_credit_limit = options.credit_limit();
  config.most_code_mails = scaled(config.most_code_mails, options.rate_limit_factor());
  actors.accounts =
    actors.keep(system.spawn<caf::detached>(accounts, options.database, std::move(config)));
  actors.operators = actors.keep(
    system.spawn<caf::detached>(operators, options.database, actors.region, actors.passwords,
                                actors.prices, options.second_factor_roles()));
  actors.keep(system.spawn<caf::detached>(request_recorder, options.database, parts.requests));
  actors.keys =
    actors.keep(system.spawn<caf::detached>(key_keeper, options.database, parts.secrets.ring));
}

void spawn_orders(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  auto providers =
    spawn_providers(system, options, parts.secrets.providers, parts.secrets.provider_webhooks,
                    parts.catalogue_board, parts.providers, parts.registry);
  for (auto& one : providers.all)
    actors.all.push_back(std::move(one));
  actors.provider = std::move(providers.entry);
  actors.credit =
    actors.keep(system.spawn(credit_orders, actors.jobs, actors.provider, parts.routes()));
  actors.order_desk = actors.keep(system.spawn(order_desk, actors.jobs, actors.region));
  actors.keep(system.spawn(job_watch, actors.slow_records, parts.registry,
                           static_cast<int32_t>(options.stuck_after_seconds)));
}

void spawn_stripe(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  stripe_settings settings;
  settings.url = options.stripe_url;
  settings.api_key = parts.secrets.stripe;
  settings.webhook_secret = parts.secrets.stripe_webhook;
  settings.publishable_key = options.stripe_publishable_key;
  settings.fee = options.card_fee();
  settings.success_url = options.stripe_success_url;
  settings.cancel_url = options.stripe_cancel_url;
  settings.installation = parts.installation;
  if (settings.api_key.text().empty() || settings.webhook_secret.text().empty())
    log_warn("card payments are off: Stripe's key or webhook secret is not set");
  actors.payments = actors.keep(system.spawn<caf::detached>(payment_store, options.database));
  actors.stripe =
    actors.keep(system.spawn(stripe, settings, actors.payments, actors.region,
                             stripe_connector{submit_for<stripe_actor>}, parts.registry));
}

} // namespace

void spawn_actors(const node_start& at, std::vector<device_config> devices) {
  auto& [system, options, parts, actors, side] = at;
  spawn_memory(at);
  spawn_region(at);
  spawn_accounts(at);
  spawn_orders(at);
  spawn_stripe(at);
  actors.webhooks = actors.keep(
    system.spawn<caf::detached>(webhook_store, options.database, options.webhook_any_address));
  actors.events = actors.keep(system.spawn<caf::detached>(event_feed, options.database));
  actors.keep(system.spawn(health_watch, parts.registry, actors.slow_records, actors.region,
                           actors.operators,
                           sale_boards{parts.catalogue_board, parts.price_board}));
  spawn_workers(at, std::move(devices));
}

} // namespace meisim
