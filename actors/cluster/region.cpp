#include "actors/cluster/region.hpp"

#include "actors/access/dealer.hpp"
#include "actors/access/ip_limiter.hpp"
#include "actors/money/wallet.hpp"
#include "actors/supply/inventory_pool.hpp"
#include "protocols/cluster/placement.hpp"

#include <algorithm>

namespace meisim {

namespace {

using namespace std::chrono_literals;

using region_pointer = region_actor::stateful_pointer<region_state>;

/// How often the region checks whether entities that were told to leave have left.
constexpr auto leaving_interval = 20ms;

/// How often the region looks again for an owner that a caller waits for.
constexpr auto look_interval = 100ms;

template <class Handle>
bool has_left(const Handle& entity) {
  return entity->getf(caf::abstract_actor::is_cleaned_up_flag);
}

// -- activation -----------------------------------------------------------------------------------

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

/// How long an entity that is activated now, beside `others` of its kind, stays without work. Above
/// the busy threshold the sweep comes sooner too.
entity_terms terms(region_pointer self, size_t others) {
  auto& state = self->state;
  const auto& config = state.config;
  if (others < config.busy_threshold)
    return {config.idle, config.lease};
  if (++state.fresh > config.busy_threshold / 4) {
    state.fresh = 0;
    self->send(self, sweep_atom_v);
  }
  return {std::min(config.idle, std::chrono::seconds{1}), config.lease};
}

wallet_actor local(region_pointer self, wallet_atom, dealer_id id) {
  auto& state = self->state;
  return resolve(state.wallets, id, [&] {
    const auto& config = state.config;
    config.metrics->active_wallets.Increment();
    const auto& writer = config.writers[std::hash<dealer_id>{}(id) % config.writers.size()];
    return self->spawn(wallet, id, writer, wallet_memory_actor{config.records.next()},
                       terms(self, state.wallets.size()));
  });
}

dealer_actor local(region_pointer self, dealer_atom, dealer_id id) {
  auto& state = self->state;
  return resolve(state.dealers, id, [&] {
    state.config.metrics->active_dealers.Increment();
    return self->spawn(dealer, id, dealer_memory_actor{state.config.records.next()},
                       state.config.limits, terms(self, state.dealers.size()));
  });
}

pool_actor local(region_pointer self, pool_atom, const pool_name& name) {
  auto& state = self->state;
  return resolve(state.pools, name, [&] {
    state.config.metrics->active_pools.Increment();
    return self->spawn(inventory_pool, name, region_actor{self},
                       stock_memory_actor{state.config.records.next()}, terms(self, 0));
  });
}

ip_limiter_actor local(region_pointer self, ip_limiter_atom, const std::string& address) {
  auto& state = self->state;
  auto now = self->clock().now();
  const auto* known = state.ip_limiters.find(address, now);
  if (known && !has_left(*known))
    return *known;
  if (known)
    state.ip_limiters.forget_if(has_left<ip_limiter_actor>);
  auto fresh = self->spawn(ip_limiter, address, state.config.limits, state.config.lease);
  if (auto oldest = state.ip_limiters.add(address, fresh, now))
    self->send_exit(*oldest, caf::exit_reason::user_shutdown);
  return fresh;
}

// -- placement ------------------------------------------------------------------------------------

/// Where an entity belongs among these nodes.
struct placed_entity {
  uuid place;
  const placing& among;
};

placed_entity placed(const region_state& state, dealer_id id) {
  return {id.value, state.for_dealers};
}

placed_entity placed(const region_state& state, const pool_name& pool) {
  return {placed_by_name(to_string(pool)), state.everywhere};
}

placed_entity placed(const region_state& state, const std::string& address) {
  return {placed_by_name(address), state.everywhere};
}

bool knows_no_owner(const region_state& state) {
  return state.config.is_clustered && state.everywhere.nodes.empty();
}

/// The node that an entity belongs to; null where there are no nodes but this one.
const placed_node* owner(const region_state& state, const auto& id) {
  const auto& [place, among] = placed(state, id);
  return among.nodes.empty() ? nullptr : &among.nodes[owner_of(place, among.marks)];
}

bool is_here(const placed_node* node) {
  return node == nullptr || !node->link;
}

/// The entity's actor: the one here, or the link to the node that has it; nothing if neither can be
/// asked now.
template <class Entity, class Kind, class Id>
std::optional<Entity> look(region_pointer self, Kind kind, const Id& id, bool is_local_only) {
  auto& state = self->state;
  if (knows_no_owner(state))
    return std::nullopt;
  const auto* node = owner(state, id);
  if (is_here(node)) {
    if (!state.config.lease->holds(self->clock().now()))
      return std::nullopt;
    return local(self, kind, id);
  }
  if (is_local_only || !node->is_reachable)
    return std::nullopt;
  return caf::actor_cast<Entity>(node->link);
}

/// How long a caller waits that was sent to a wrong owner `tries` times. The first time it does not
/// wait, because perhaps only its memory was old.
std::chrono::milliseconds pause_after(uint32_t tries) {
  return tries < 2 ? 0ms : std::min(5ms * (1 << std::min(tries, 6U)), 250ms);
}

/// A node without its lease has probably lost the database, and so have all others: then callers
/// need not wait long for an owner. But the node may also have stood still, and get its lease back
/// soon.
std::chrono::milliseconds patience_of(region_pointer self) {
  constexpr std::chrono::milliseconds without_database{800};
  const auto& config = self->state.config;
  return config.lease->holds(self->clock().now()) ? config.patience
                                                  : std::min(config.patience, without_database);
}

/// True once this seeker's wait has ended.
bool look_for(region_pointer self, uint64_t number) {
  auto found = self->state.seekers.find(number);
  if (found == self->state.seekers.end())
    return true;
  auto& seeker = found->second;
  if (!seeker.look()) {
    if (self->clock().now() < seeker.asked_at + patience_of(self))
      return false;
    seeker.give_up();
  }
  self->state.seekers.erase(found);
  return true;
}

template <class Entity, class Kind, class Id>
caf::result<Entity> wait_for(region_pointer self, Kind kind, const Id& id, bool is_local_only,
                             std::chrono::milliseconds pause) {
  auto& state = self->state;
  auto promise = self->template make_response_promise<Entity>();
  region_state::seeker seeker;
  seeker.look = [=]() mutable {
    auto found = look<Entity>(self, kind, id, is_local_only);
    if (found)
      promise.deliver(*found);
    return found.has_value();
  };
  seeker.give_up = [=]() mutable {
    promise.deliver(make_error(ec::unavailable, "no node can take this request, please repeat"));
  };
  seeker.asked_at = self->clock().now();
  auto number = ++state.last_seeker;
  state.seekers.emplace(number, std::move(seeker));
  self->delayed_send(self, pause, wake_atom_v, number);
  return promise;
}

template <class Entity, class Kind, class Id>
caf::result<Entity> find_owner(region_pointer self, Kind kind, const Id& id, const lookup& how) {
  auto pause = pause_after(how.tries);
  if (pause == 0ms)
    if (auto found = look<Entity>(self, kind, id, how.is_local_only))
      return *found;
  if (how.is_local_only && how.tries == 0)
    return make_error(ec::not_owner);
  if (knows_no_owner(self->state))
    return make_error(ec::unavailable, "this node has lost the database and the other nodes");
  return wait_for<Entity>(self, kind, id, how.is_local_only, std::max(pause, 20ms));
}

// -- moving ---------------------------------------------------------------------------------------

/// Tells the entities of one kind that belong elsewhere to leave.
template <class Entities>
size_t hand_over(region_pointer self, const Entities& entities) {
  auto& state = self->state;
  size_t moved = 0;
  for (const auto& [id, entity] : entities) {
    const auto* node = owner(state, id);
    bool stays = !knows_no_owner(state) && is_here(node);
    if (stays || has_left(entity)
        || !state.leaving.insert(caf::actor_cast<caf::actor>(entity)).second)
      continue;
    self->send(entity, leave_order{node && node->is_reachable ? node->link : peer_link_actor{}});
    ++moved;
  }
  return moved;
}

void watch_leaving(region_pointer self) {
  auto& state = self->state;
  std::erase_if(state.leaving, has_left<caf::actor>);
  state.is_watching = !state.leaving.empty();
  if (state.is_watching)
    return self->delayed_send(self, leaving_interval, tick_atom_v);
  self->send(self, sweep_atom_v);
  for (auto& waiting : std::exchange(state.until_left, {}))
    waiting.deliver(done{});
}

void place(region_pointer self, const placement_view& view) {
  auto& state = self->state;
  state.everywhere = {view.nodes};
  for (const auto& node : view.nodes)
    state.everywhere.marks.push_back(placement_mark(node.name));
  state.for_dealers = {};
  auto published = std::make_shared<placed_nodes>();
  for (auto at : chosen_nodes(state.everywhere.marks, view.dealer_nodes)) {
    state.for_dealers.nodes.push_back(view.nodes[at]);
    state.for_dealers.marks.push_back(state.everywhere.marks[at]);
    published->names.push_back(view.nodes[at].name);
  }
  published->marks = state.for_dealers.marks;
  state.config.board->publish(std::move(published));
  auto moved = hand_over(self, state.dealers) + hand_over(self, state.wallets)
               + hand_over(self, state.pools) + hand_over(self, state.ip_limiters);
  state.config.metrics->moves.Increment(static_cast<double>(moved));
  if (moved > 0 && !std::exchange(state.is_watching, true))
    self->send(self, tick_atom_v);
  std::vector<uint64_t> waiting;
  for (const auto& [number, seeker] : state.seekers)
    waiting.push_back(number);
  for (auto number : waiting)
    look_for(self, number);
}

// -- sweeping -------------------------------------------------------------------------------------

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

/// An address leaves when none of its requests counts any more. The sweep begins with the oldest
/// and stops at the first that stays, however many there are.
void sweep_addresses(region_pointer self) {
  auto& state = self->state;
  auto& limiters = state.ip_limiters;
  limiters.forget_if(has_left<ip_limiter_actor>);
  auto before = self->clock().now() - state.config.limits->longest_window();
  while (auto idle = limiters.take_idle(before))
    self->send_exit(*idle, caf::exit_reason::user_shutdown);
  state.config.metrics->active_ip_limiters.Set(static_cast<double>(limiters.size()));
}

void sweep_all(region_pointer self) {
  auto& state = self->state;
  sweep(self, state.dealers, state.config.metrics->active_dealers);
  sweep(self, state.wallets, state.config.metrics->active_wallets);
  sweep(self, state.pools, state.config.metrics->active_pools);
  sweep_addresses(self);
  state.fresh = 0;
  // Extra sweeps, which happen when there are very many entities, do not reset the clock.
  auto now = self->clock().now();
  if (now < state.next_sweep)
    return;
  state.next_sweep = now + state.config.sweep;
  self->delayed_send(self, state.config.sweep, sweep_atom_v);
}

// -- news -----------------------------------------------------------------------------------------

/// Tells the entity here, if there is one, and the node that it belongs to.
template <class Entities, class Id, class News, class Question>
caf::result<done> tell(region_pointer self, const Entities& entities, const Id& id, News news,
                       Question question, const lookup& how) {
  // Every later question to the entity comes behind this message in its mailbox.
  auto known = entities.find(id);
  if (known != entities.end())
    self->send(known->second, news);
  const auto* node = owner(self->state, id);
  if (how.is_local_only || is_here(node) || !node->is_reachable)
    return done{};
  auto promise = self->make_response_promise<done>();
  // If the link has just gone down, the owner hears of the change from the database.
  self->request(node->link, caf::infinite, std::move(question))
    .then([promise](done) mutable { promise.deliver(done{}); },
          [promise](const caf::error&) mutable { promise.deliver(done{}); });
  return promise;
}

} // namespace

region_actor::behavior_type region(region_pointer self, region_config config) {
  self->state.ip_limiters = recent_limiters{config.most_addresses};
  self->state.config = std::move(config);
  self->send(self, sweep_atom_v);
  return {
    [self](dealer_atom kind, dealer_id id, const lookup& how) {
      return find_owner<dealer_actor>(self, kind, id, how);
    },
    [self](wallet_atom kind, dealer_id id, const lookup& how) {
      return find_owner<wallet_actor>(self, kind, id, how);
    },
    [self](pool_atom kind, const pool_name& name, const lookup& how) {
      return find_owner<pool_actor>(self, kind, name, how);
    },
    [self](ip_limiter_atom kind, const std::string& address, const lookup& how) {
      return find_owner<ip_limiter_actor>(self, kind, address, how);
    },
    [self](changed_atom, dealer_id id, const lookup& how) {
      return tell(self, self->state.dealers, id, reload_atom_v, account_changed{id}, how);
    },
    [self](changed_atom) {
      for (const auto& [id, entity] : self->state.dealers)
        self->send(entity, reload_atom_v);
    },
    [self](restock_atom, const pool_name& name, const lookup& how) {
      return tell(self, self->state.pools, name, restock_atom_v, pool_restocked{name}, how);
    },
    [self](const placement_view& view) { place(self, view); },
    [self](leave_atom) -> caf::result<done> {
      if (self->state.leaving.empty())
        return done{};
      self->state.until_left.push_back(self->make_response_promise<done>());
      return self->state.until_left.back();
    },
    [self](wake_atom, uint64_t number) {
      if (!look_for(self, number))
        self->delayed_send(self, look_interval, wake_atom_v, number);
    },
    [self](tick_atom) { watch_leaving(self); },
    [self](sweep_atom) { sweep_all(self); },
  };
}

} // namespace meisim
