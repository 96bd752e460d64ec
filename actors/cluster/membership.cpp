#include "actors/cluster/membership.hpp"

#include "actors/cluster/greeting.hpp"
#include "actors/cluster/peer_link.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using membership_pointer = membership_actor::stateful_pointer<membership_state>;

// -- placement ------------------------------------------------------------------------------------

void place(membership_pointer self) {
  auto& state = self->state;
  if (!state.is_clustered())
    return;
  auto now = self->clock().now();
  if (bool holds = state.config.lease->holds(now); holds != std::exchange(state.has_lease, holds))
    holds ? log_info("this node may own entities")
          : log_error("no heartbeat has reached the database for {} s: this node owns nothing",
                      node_patience.count());
  auto view = state.placement(now);
  if (state.placed == view)
    return;
  state.placed = view;
  self->send(state.region, std::move(view));
}

// -- links ----------------------------------------------------------------------------------------

node_greeting own_greeting(const membership_state& state) {
  const auto& self = state.config.self;
  return {self.name, self.incarnation, self.speaks, state.gate};
}

void drop_peer(membership_pointer self, const membership_state::peer& peer) {
  self->send_exit(peer.link, caf::exit_reason::user_shutdown);
}

/// Whether this node and that one have a version in common. A node that has none should not have
/// joined.
bool can_speak_to(membership_pointer self, const cluster_member& other) {
  auto& state = self->state;
  if (!other.cluster.empty() && common_version(state.config.self.speaks, other.speaks))
    return true;
  if (state.strangers.insert(other.incarnation).second)
    log_error(
      "node {} is left alone: it has no cluster certificate, or speaks versions {} to {} of the nodes' "
      "protocol",
      other.name, other.speaks.oldest, other.speaks.newest);
  return false;
}

void meet(membership_pointer self, const cluster_member& other) {
  auto& state = self->state;
  auto known = state.peers.find(other.name);
  if (known != state.peers.end() && known->second.who.incarnation == other.incarnation) {
    known->second.who = other;
    return;
  }
  if (known != state.peers.end())
    drop_peer(self, known->second);
  if (!can_speak_to(self, other))
    return;
  peer_link_config link;
  link.peer = other;
  link.self = own_greeting(state);
  link.identity = state.config.identity;
  link.membership = self;
  link.metrics = state.config.metrics;
  link.linked = state.config.linked;
  // Only one of two nodes dials, so that there is one link between them.
  if (state.config.self.name < other.name)
    link.dialler = state.config.make_dialler(self->system());
  auto handle = self->spawn<caf::monitored>(peer_link, std::move(link));
  state.peers.insert_or_assign(
    other.name, membership_state::peer{other, handle, false, false, self->clock().now()});
}

/// Forgets nodes that the database takes for dead. A node whose link is up stays, because it may
/// only have lost the database.
void forget_dead(membership_pointer self) {
  auto& state = self->state;
  std::erase_if(state.peers, [&](const auto& entry) {
    const auto& peer = entry.second;
    bool is_alive = std::any_of(state.members.begin(), state.members.end(),
                                [&](const auto& other) { return other.name == entry.first; });
    if (is_alive || peer.is_up)
      return false;
    drop_peer(self, peer);
    return true;
  });
}

void count_links(membership_pointer self) {
  auto& state = self->state;
  auto up = std::count_if(state.peers.begin(), state.peers.end(),
                          [](const auto& entry) { return entry.second.is_up; });
  state.config.metrics->links.Set(static_cast<double>(up));
}

void show_links(membership_pointer self) {
  auto& state = self->state;
  other_nodes view;
  for (const auto& [name, peer] : state.peers)
    view.links.push_back(peer.link);
  if (!state.config.verification || view == state.shown)
    return;
  state.shown = view;
  self->send(state.config.verification, std::move(view));
}

void take_link_report(membership_pointer self, const link_report& report) {
  auto found = self->state.peers.find(report.name);
  if (found == self->state.peers.end() || found->second.who.incarnation != report.incarnation)
    return;
  found->second.is_up = report.is_up;
  found->second.was_up = found->second.was_up || report.is_up;
  found->second.since = self->clock().now();
  count_links(self);
  place(self);
}

caf::result<node_greeting> welcome(membership_pointer self, const node_greeting& guest) {
  auto& state = self->state;
  auto known = state.peers.find(guest.name);
  if (known == state.peers.end() || known->second.who.incarnation != guest.incarnation) {
    // The guest has joined just now.
    state.next_beat = {};
    return make_error(ec::not_owner, "this node has not heard of you yet");
  }
  const auto& identity = state.config.identity;
  if (auto why = check_greeting(state.config.self.incarnation, guest, identity)) {
    log_error("node {} is refused: {}", guest.name, message_of(why));
    return why;
  }
  auto answer = proved_to(guest.incarnation, own_greeting(state), identity);
  if (!answer)
    return answer.error();
  self->send(known->second.link, link_opened{guest.gate});
  return std::move(*answer);
}

// -- joining --------------------------------------------------------------------------------------

void end_joining(membership_pointer self) {
  auto& state = self->state;
  if (!state.joining || state.members.empty())
    return;
  bool is_late = self->clock().now() >= state.join_by;
  bool is_up = std::any_of(state.peers.begin(), state.peers.end(),
                           [](const auto& entry) { return entry.second.is_up; });
  if (!state.is_linked() && !is_late)
    return;
  auto promise = *std::exchange(state.joining, std::nullopt);
  if (state.is_linked() || is_up)
    promise.deliver(done{});
  else
    promise.deliver(make_error(
      ec::unavailable,
      "no link to any of the other nodes: is this one's certificate of their CA, and can they reach it at "
        + state.config.self.cluster + "?"));
}

/// When the entities have left this node, the next request for each activates it on another one.
void end_leaving(membership_pointer self) {
  auto& state = self->state;
  for (auto& promise : std::exchange(state.leaving, {}))
    self->request(state.region, caf::infinite, leave_atom_v)
      .then([promise](done) mutable { promise.deliver(done{}); },
            [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
}

// -- heartbeats -----------------------------------------------------------------------------------

void take_orders(membership_pointer self, const beat_answer& answer) {
  auto& state = self->state;
  if (!answer.is_displaced && !answer.is_to_drain)
    return;
  if (state.config.is_draining->exchange(true))
    return;
  if (answer.is_displaced)
    log_error("another process goes by the name {}: this one takes no more work",
              state.config.self.name);
  else
    log_info("the operator drains this node");
  // The others are to know at once.
  state.next_beat = {};
}

void take_answer(membership_pointer self, const beat_answer& answer,
                 membership_state::time_point asked_at, bool was_draining) {
  auto& state = self->state;
  state.is_beating = false;
  state.config.self.is_first = false;
  take_orders(self, answer);
  if (state.is_clustered()) {
    if (!answer.is_displaced)
      state.config.lease->extend_to(asked_at + node_patience);
    for (const auto& other : answer.members)
      if (other.name != state.config.self.name)
        meet(self, other);
  }
  state.members = answer.members;
  state.config.metrics->members.Set(static_cast<double>(answer.members.size()));
  forget_dead(self);
  count_links(self);
  show_links(self);
  place(self);
  end_joining(self);
  if (was_draining)
    end_leaving(self);
}

void beat(membership_pointer self) {
  auto& state = self->state;
  auto now = self->clock().now();
  if (state.is_beating || now < state.next_beat)
    return;
  state.next_beat = now + state.config.beat;
  state.is_beating = true;
  const auto& metrics = *state.config.metrics;
  auto& mine = state.config.self;
  mine.is_draining = *state.config.is_draining;
  mine.entities = static_cast<int64_t>(
    metrics.active_dealers.Value() + metrics.active_wallets.Value() + metrics.active_pools.Value());
  self->request(state.store, caf::infinite, mine)
    .then([self, now, drains = mine.is_draining](
            const beat_answer& answer) { take_answer(self, answer, now, drains); },
          [self](const caf::error&) { self->state.is_beating = false; });
}

// -- news -----------------------------------------------------------------------------------------

void take_changes_heard(membership_pointer self, const dealer_changes& changes) {
  auto& state = self->state;
  state.is_listening = false;
  if (changes.are_members_new)
    state.next_beat = {};
  if (changes.may_have_gaps)
    self->send(state.region, changed_atom_v);
  for (const auto& dealer : changes.dealers)
    self->request(state.region, caf::infinite, changed_atom_v, dealer, lookup{0, true})
      .then([](done) {}, [](const caf::error&) {});
}

void listen(membership_pointer self) {
  auto& state = self->state;
  if (state.is_listening || self->clock().now() < state.next_listen)
    return;
  state.is_listening = true;
  self->request(state.store, caf::infinite, take_changes{})
    .then([self](const dealer_changes& changes) { take_changes_heard(self, changes); },
          [self](const caf::error&) {
            // The log already tells of each failure.
            self->state.is_listening = false;
            self->state.next_listen = self->clock().now() + self->state.config.beat;
          });
}

caf::result<done> join(membership_pointer self, const join_cluster& wish) {
  auto& state = self->state;
  if (std::exchange(state.has_begun, true))
    return make_error(ec::conflict, "this node has joined already");
  state.config.self.http = wish.http;
  state.config.self.admin = wish.admin;
  state.config.self.cluster = wish.cluster;
  state.config.self.speaks = spoken_here();
  state.gate = wish.gate;
  state.join_by = self->clock().now() + state.config.join_patience;
  state.joining = self->make_response_promise<done>();
  // Until the first heartbeat nothing belongs here.
  if (state.is_clustered()) {
    state.config.lease->extend_to(self->clock().now());
    state.has_lease = false;
  }
  self->send(self, tick_atom_v);
  return *state.joining;
}

} // namespace

/// The smallest number that a node asks for, so that all decide alike; 0 if none does.
size_t fewest_dealer_nodes(const std::vector<cluster_member>& members) {
  int32_t fewest = 0;
  for (const auto& node : members)
    if (node.dealer_nodes > 0 && (fewest == 0 || node.dealer_nodes < fewest))
      fewest = node.dealer_nodes;
  return static_cast<size_t>(fewest);
}

placement_view membership_state::placement(time_point now) const {
  auto is_self = [&](const cluster_member& node) { return node.name == config.self.name; };
  // A draining node knows of it before the others do.
  auto drains = [&](const cluster_member& node) {
    return node.is_draining || (is_self(node) && *config.is_draining);
  };
  // If all nodes drain, they keep what they have.
  bool all_drain = std::none_of(members.begin(), members.end(), [&](const cluster_member& node) {
    return node.is_core && !drains(node);
  });
  placement_view view;
  view.dealer_nodes = fewest_dealer_nodes(members);
  for (const auto& node : members) {
    if (!node.is_core || (drains(node) && !all_drain))
      continue;
    if (is_self(node)) {
      if (config.lease->holds(now))
        view.nodes.push_back({node.name, {}, true});
      continue;
    }
    auto known = peers.find(node.name);
    if (known == peers.end())
      continue;
    const auto& other = known->second;
    bool is_awaited = now - other.since < config.link_patience && (other.was_up || joining);
    if (other.is_up || is_awaited)
      view.nodes.push_back({node.name, other.link, other.is_up});
  }
  return view;
}

bool membership_state::is_linked() const {
  return std::all_of(members.begin(), members.end(), [&](const auto& node) {
    auto known = peers.find(node.name);
    return node.name == config.self.name || (known != peers.end() && known->second.is_up);
  });
}

membership_actor::behavior_type membership(membership_pointer self, membership_config config,
                                           node_store_actor store, region_actor region) {
  auto& state = self->state;
  state.config = std::move(config);
  state.config.self.is_first = true;
  state.store = std::move(store);
  state.region = std::move(region);
  self->set_exit_handler([self](const caf::exit_msg& why) {
    for (auto& [name, peer] : self->state.peers)
      drop_peer(self, peer);
    self->quit(why.reason);
  });
  self->set_down_handler([self](const caf::down_msg& down) {
    // The next heartbeat meets the node anew.
    std::erase_if(self->state.peers,
                  [&](const auto& entry) { return entry.second.link.address() == down.source; });
  });
  return {
    [self](const join_cluster& wish) { return join(self, wish); },
    [self](leave_atom) -> caf::result<done> {
      *self->state.config.is_draining = true;
      self->state.next_beat = {};
      self->state.leaving.push_back(self->make_response_promise<done>());
      return self->state.leaving.back();
    },
    [self](const node_greeting& guest) { return welcome(self, guest); },
    [self](const link_report& report) { take_link_report(self, report); },
    [self](tick_atom) {
      beat(self);
      listen(self);
      place(self);
      end_joining(self);
      self->delayed_send(self, self->state.config.listen, tick_atom_v);
    },
  };
}

} // namespace meisim
