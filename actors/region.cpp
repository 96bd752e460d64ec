#include "actors/region.hpp"

#include "actors/dealer.hpp"
#include "actors/inventory_pool.hpp"
#include "actors/visitor.hpp"
#include "actors/wallet.hpp"

#include <algorithm>

namespace meisim {

namespace {

using region_pointer = region_actor::stateful_pointer<region_state>;

template <class Handle>
bool has_left(const Handle& entity) {
  return entity->getf(caf::abstract_actor::is_cleaned_up_flag);
}

/// The entity under `key`; `activate` makes it where there is none, or where the last one has left.
template <class Entities, class Key, class Activate>
auto resolve(Entities& entities, const Key& key, Activate activate) {
  auto place = entities.find(key);
  if (place == entities.end())
    return entities.emplace(key, activate()).first->second;
  if (has_left(place->second))
    place->second = activate();
  return place->second;
}

template <class Entities>
void sweep(region_pointer self, Entities& entities, prometheus::Gauge& active) {
  for (auto place = entities.begin(); place != entities.end();) {
    if (has_left(place->second)) {
      place = entities.erase(place);
    } else {
      self->send(place->second, retire_atom_v);
      ++place;
    }
  }
  active.Set(static_cast<double>(entities.size()));
}

/// How long one that is activated now, beside `others` of its kind, stays without work. In a crowd
/// the sweep does not wait for its time either.
std::chrono::seconds stay(region_pointer self, size_t others) {
  auto& state = self->state;
  const auto& config = state.config;
  if (others < config.crowd)
    return config.idle;
  if (++state.fresh > config.crowd / 4) {
    state.fresh = 0;
    self->send(self, sweep_atom_v);
  }
  return std::min(config.idle, std::chrono::seconds{1});
}

wallet_actor activate_wallet(region_pointer self, dealer_id id) {
  const auto& config = self->state.config;
  const auto& writer = config.writers[std::hash<dealer_id>{}(id) % config.writers.size()];
  return self->spawn(wallet, id, writer, wallet_memory_actor{config.records.next()},
                     stay(self, self->state.wallets.size()));
}

dealer_actor activate_dealer(region_pointer self, dealer_id id) {
  const auto& config = self->state.config;
  return self->spawn(dealer, id, dealer_memory_actor{config.records.next()}, config.limits,
                     stay(self, self->state.dealers.size()));
}

pool_actor activate_pool(region_pointer self, const pool_name& name) {
  const auto& config = self->state.config;
  return self->spawn(inventory_pool, name, region_actor{self},
                     stock_memory_actor{config.records.next()}, config.idle);
}

} // namespace

region_actor::behavior_type region(region_pointer self, region_config config) {
  self->state.config = std::move(config);
  self->send(self, sweep_atom_v);
  return {
    [self](dealer_atom, dealer_id id) {
      return resolve(self->state.dealers, id, [&] { return activate_dealer(self, id); });
    },
    [self](wallet_atom, dealer_id id) {
      return resolve(self->state.wallets, id, [&] { return activate_wallet(self, id); });
    },
    [self](pool_atom, const pool_name& name) {
      return resolve(self->state.pools, name, [&] { return activate_pool(self, name); });
    },
    [self](visitor_atom, const std::string& address) {
      return resolve(self->state.visitors, address, [&] {
        return visitor_actor{self->spawn(visitor, self->state.config.limits)};
      });
    },
    [self](changed_atom, dealer_id id) {
      // Whatever asks the dealer from now on stands behind this message in its mailbox.
      auto known = self->state.dealers.find(id);
      if (known != self->state.dealers.end())
        self->send(known->second, reload_atom_v);
      return done{};
    },
    [self](changed_atom) {
      for (const auto& [id, entity] : self->state.dealers)
        self->send(entity, reload_atom_v);
      return done{};
    },
    [self](restock_atom, const pool_name& name) {
      auto known = self->state.pools.find(name);
      if (known != self->state.pools.end())
        self->send(known->second, restock_atom_v);
      return done{};
    },
    [self](sweep_atom) {
      auto& state = self->state;
      sweep(self, state.dealers, state.config.metrics->active_dealers);
      sweep(self, state.wallets, state.config.metrics->active_wallets);
      sweep(self, state.pools, state.config.metrics->active_pools);
      sweep(self, state.visitors, state.config.metrics->active_visitors);
      state.fresh = 0;
      // The sweeps between, which a crowd calls for, leave the clock alone.
      auto now = self->clock().now();
      if (now < state.next_sweep)
        return;
      state.next_sweep = now + state.config.sweep;
      self->delayed_send(self, state.config.sweep, sweep_atom_v);
    },
  };
}

} // namespace meisim
