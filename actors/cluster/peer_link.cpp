#include "actors/cluster/peer_link.hpp"

#include "actors/cluster/greeting.hpp"
#include "protocols/base/log.hpp"

#include <type_traits>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

using link_pointer = peer_link_actor::stateful_pointer<peer_link_state>;

/// How often open calls are looked at.
constexpr auto tick = 250ms;

caf::error not_reached() {
  return make_error(ec::not_owner, "the node that has this cannot be reached");
}

// -- the link -------------------------------------------------------------------------------------

void report(link_pointer self) {
  const auto& config = self->state.config;
  self->send(config.membership, link_report{config.peer.name, config.peer.incarnation,
                                            static_cast<bool>(self->state.gate)});
}

void open_link(link_pointer self, const caf::strong_actor_ptr& gate) {
  auto& state = self->state;
  if (!gate)
    return;
  if (state.gate)
    self->demonitor(state.gate.address());
  state.gate = caf::actor_cast<node_gate_actor>(gate);
  state.may_call.emplace(state.config.linked, state.gate.node());
  state.is_failure_told = false;
  self->monitor(state.gate);
  log_info("node {}: the link is up", state.config.peer.name);
  report(self);
}

void fail(peer_link_state::open_call& call, const caf::error& why) {
  std::visit([&](auto& caller) { caller.deliver(why); }, call.caller);
}

void drop_link(link_pointer self) {
  auto& state = self->state;
  state.gate = nullptr;
  state.may_call.reset();
  state.gathered.clear();
  log_warn("node {}: the link has dropped", state.config.peer.name);
  for (auto& [call_id, call] : std::exchange(state.open, {}))
    fail(call, not_reached());
  report(self);
}

/// The link is tried again for as long as the database says that the peer is alive; the operator
/// hears of it once.
void tell_failure(link_pointer self, const caf::error& why) {
  auto& state = self->state;
  const auto& peer = state.config.peer;
  if (code_of(why) != ec::not_owner && !std::exchange(state.is_failure_told, true))
    log_error("node {} at {} cannot be reached, or does not accept this node's certificate: {}",
              peer.name, peer.cluster, message_of(why));
}

void take_greeting(link_pointer self, const node_greeting& answer) {
  const auto& config = self->state.config;
  if (answer.name != config.peer.name || answer.incarnation != config.peer.incarnation)
    return;
  if (auto why = check_greeting(config.self.incarnation, answer, config.identity))
    return tell_failure(self, why);
  open_link(self, answer.gate);
}

void dial_peer(link_pointer self) {
  auto& state = self->state;
  if (!state.config.dialler || state.gate || std::exchange(state.is_dialling, true))
    return;
  auto give_up = [self](const caf::error& why) {
    self->state.is_dialling = false;
    tell_failure(self, why);
  };
  auto greet = [self, give_up](const node_gate_actor& gate) {
    const auto& config = self->state.config;
    auto greeting = proved_to(config.peer.incarnation, config.self, config.identity);
    if (!greeting)
      return give_up(greeting.error());
    self->request(gate, config.patience, std::move(*greeting))
      .then(
        [self](const node_greeting& answer) {
          self->state.is_dialling = false;
          take_greeting(self, answer);
        },
        give_up);
  };
  self->request(state.config.dialler, caf::infinite, dial{state.config.peer.cluster})
    .then(greet, give_up);
}

// -- calls ----------------------------------------------------------------------------------------

void flush(link_pointer self) {
  auto& state = self->state;
  auto calls = std::exchange(state.gathered, {});
  if (state.gate && !calls.empty())
    self->send(state.gate, remote_calls{std::move(calls)});
}

/// A call from the gate has crossed one link already. It must not go round in circles.
bool is_from_gate(link_pointer self) {
  return self->current_sender() == self->state.config.self.gate;
}

void enclose(link_pointer self, remote_call call) {
  auto& state = self->state;
  state.gathered.push_back(std::move(call));
  state.config.metrics->remote_out.Increment();
  if (state.open.size() <= few_calls)
    flush(self);
  else if (state.gathered.size() == 1)
    self->send(self, flush_atom_v);
}

template <class Answer, class Question>
caf::result<Answer> pass(link_pointer self, Question& question) {
  auto& state = self->state;
  if (!state.gate)
    return not_reached();
  // This is asked first, because making the promise takes the sender away.
  bool is_relayed = is_from_gate(self);
  auto promise = self->make_response_promise<Answer>();
  auto call_id = ++state.last_call_id;
  state.open.emplace(call_id, peer_link_state::open_call{promise, self->clock().now()});
  enclose(self, {call_id, is_relayed, std::move(question)});
  return promise;
}

template <class Answer>
void settle(peer_link_state::open_call& call, Answer& answer) {
  if constexpr (std::is_same_v<Answer, caf::error>)
    fail(call, answer);
  else if (auto* caller = std::get_if<peer_link_state::promise<Answer>>(&call.caller))
    caller->deliver(std::move(answer));
  else
    fail(call, make_error(ec::internal, "another node has answered another question"));
}

void take_answers(link_pointer self, remote_answers& batch) {
  auto& open = self->state.open;
  for (auto& [call_id, what] : batch.answers) {
    // An answer that comes too late belongs to a call that has been asked elsewhere.
    auto found = open.find(call_id);
    if (found == open.end())
      continue;
    std::visit([&](auto& answer) { settle(found->second, answer); }, what);
    open.erase(found);
  }
}

void give_up_old(link_pointer self) {
  auto& open = self->state.open;
  auto limit = self->clock().now() - self->state.config.patience;
  for (auto call = open.begin(); call != open.end() && call->second.since <= limit;) {
    if (call->second.may_take_long()) {
      ++call;
      continue;
    }
    fail(call->second, not_reached());
    call = open.erase(call);
  }
}

} // namespace

peer_link_actor::behavior_type peer_link(link_pointer self, peer_link_config config) {
  self->state.config = std::move(config);
  self->set_down_handler([self](const caf::down_msg& down) {
    if (self->state.gate && down.source == self->state.gate.address())
      drop_link(self);
  });
  // They end together.
  if (self->state.config.dialler)
    self->link_to(self->state.config.dialler);
  self->send(self, tick_atom_v);
  return {
    [self](admission_request& question) { return pass<admission>(self, question); },
    [self](address_request& question) { return pass<admission>(self, question); },
    [self](posting& question) { return pass<receipt>(self, question); },
    [self](find_answer& question) { return pass<receipt>(self, question); },
    [self](purchase& question) { return pass<receipt>(self, question); },
    [self](count_pool& question) { return pass<stock_counts>(self, question); },
    [self](account_changed& question) { return pass<done>(self, question); },
    [self](pool_restocked& question) { return pass<done>(self, question); },
    [self](drain_device& question) { return pass<done>(self, question); },
    [self](test_device& question) { return pass<device_test>(self, question); },
    [self](dealer_memory& memory) {
      enclose(self, {0, false, std::move(memory)});
    },
    [self](ip_limiter_memory& memory) {
      enclose(self, {0, false, std::move(memory)});
    },
    [self](remote_answers& batch) { take_answers(self, batch); },
    [self](const link_opened& opened) { open_link(self, opened.gate); },
    [self](flush_atom) { flush(self); },
    [self](tick_atom) {
      dial_peer(self);
      give_up_old(self);
      self->delayed_send(self, tick, tick_atom_v);
    },
  };
}

} // namespace meisim
