#include "actors/verification/device_link.hpp"

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
  // The others first, at once.
  if (state.next % state.config.core_nodes.size() != 0) {
    self->send(self, tick_atom_v);
    return;
  }
  state.pause = std::clamp(2 * state.pause, state.config.first_pause, state.config.longest_pause);
  self->delayed_send(self, state.pause, tick_atom_v);
}

void connect(link_pointer self) {
  auto& state = self->state;
  const auto& config = state.config;
  if (state.owner)
    return;
  const auto& node = config.core_nodes.at(state.next % config.core_nodes.size());
  auto owner = config.connect(self->system(), node);
  if (!owner) {
    log_warn("core node {} cannot be reached: {}", node, self->system().render(owner.error()));
    return try_again(self);
  }
  log_info("{} devices work for core node {}", config.devices.size(), node);
  state.owner = std::move(*owner);
  self->monitor(state.owner);
  state.pause = std::chrono::milliseconds{0};
  for (const auto& device : config.devices)
    state.devices->push_back(self->spawn(validator_device, device, state.owner));
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
