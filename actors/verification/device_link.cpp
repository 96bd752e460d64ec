#include "actors/verification/device_link.hpp"

#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using link_pointer = device_link_actor::stateful_pointer<device_link_state>;

void stop_devices(std::vector<validator_device_actor>& devices) {
  for (const auto& device : devices)
    caf::anon_send_exit(device, caf::exit_reason::kill);
  devices.clear();
}

void try_again(link_pointer self) {
  auto& state = self->state;
  ++state.next;
  // The other core nodes are tried first, at once.
  if (state.next % state.config.core_nodes.size() != 0) {
    self->send(self, tick_atom_v);
    return;
  }
  state.pause = std::clamp(2 * state.pause, state.config.first_pause, state.config.longest_pause);
  self->delayed_send(self, state.pause, tick_atom_v);
}

/// The address of the core node that is tried now.
const std::string& core_node(const device_link_state& state) {
  return state.config.core_nodes.at(state.next % state.config.core_nodes.size());
}

void work_for(link_pointer self, const device_gate_actor& gate) {
  auto& state = self->state;
  log_info("{} devices work for core node {}", state.config.devices.size(), core_node(state));
  state.owner = gate;
  self->monitor(state.owner);
  state.pause = std::chrono::milliseconds{0};
  for (const auto& device : state.config.devices)
    state.devices->push_back(self->spawn(validator_device, device, state.owner));
}

caf::expected<site_greeting> proved_greeting(link_pointer self, const challenge& drawn) {
  const auto& config = self->state.config;
  site_greeting result{config.name};
  if (!config.identity)
    return result;
  auto proof = prove(*config.identity, greeting_words(config.name, self->node(), drawn.text));
  if (!proof)
    return proof.error();
  result.proof = std::move(*proof);
  return result;
}

void give_up_node(link_pointer self, const caf::error& why) {
  log_warn("core node {} cannot be reached, or does not take this site's devices: {}",
           core_node(self->state), message_of(why));
  try_again(self);
}

void greet_node(link_pointer self, const device_gate_actor& gate, const challenge& drawn) {
  auto greeting = proved_greeting(self, drawn);
  if (!greeting)
    return give_up_node(self, greeting.error());
  self->request(gate, self->state.config.patience, std::move(*greeting))
    .then([self, gate](done) { work_for(self, gate); },
          [self](const caf::error& why) { give_up_node(self, why); });
}

void connect(link_pointer self) {
  auto& state = self->state;
  if (state.owner)
    return;
  auto gate = state.config.connect(self->system(), core_node(state));
  if (!gate)
    return give_up_node(self, gate.error());
  self->request(*gate, state.config.patience, ask_challenge{})
    .then([self, gate = *gate](const challenge& drawn) { greet_node(self, gate, drawn); },
          [self](const caf::error& why) { give_up_node(self, why); });
}

} // namespace

device_link_actor::behavior_type device_link(link_pointer self, device_link_config config) {
  auto& state = self->state;
  state.config = std::move(config);
  state.devices = std::make_shared<std::vector<validator_device_actor>>();
  self->attach_functor([devices = state.devices] { stop_devices(*devices); });
  self->set_down_handler([self](const caf::down_msg& down) {
    if (!self->state.owner || down.source != self->state.owner.address())
      return;
    log_warn("the link to the core node has dropped");
    self->state.owner = nullptr;
    stop_devices(*self->state.devices);
    try_again(self);
  });
  self->send(self, tick_atom_v);
  return {[self](tick_atom) { connect(self); }};
}

} // namespace meisim
