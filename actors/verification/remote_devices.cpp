#include "actors/verification/remote_devices.hpp"

namespace meisim {

namespace {

using remote_pointer = device_owner_actor::stateful_pointer<remote_devices_state>;

/// Stands for a device of another site.
validator_device_actor::behavior_type stand_in(validator_device_actor::pointer self,
                                               const validator_device_actor& device) {
  caf::actor_cast<caf::strong_actor_ptr>(device)->get()->attach_functor(
    [me = caf::actor_cast<caf::actor_addr>(self)](const caf::error&) {
      caf::anon_send_exit(me, caf::exit_reason::remote_link_unreachable);
    });
  return {
    [device](const check_order& order) { caf::anon_send(device, order); },
    [device](drain_atom) { caf::anon_send(device, drain_atom_v); },
    [device](const doubt_device& doubt) { caf::anon_send(device, doubt); },
    // An answer could not come back.
    [](const test_device&) -> caf::result<device_test> {
      return make_error(ec::conflict, "a device of another site tests itself there, at its start");
    },
    [](tick_atom) {},
  };
}

const validator_device_actor& meet(remote_pointer self, const validator_device_actor& device) {
  auto [place, is_new] = self->state.known.try_emplace(device.address());
  if (is_new)
    place->second = self->spawn<caf::monitored>(stand_in, device);
  return place->second;
}

} // namespace

device_owner_actor::behavior_type remote_devices(remote_pointer self,
                                                 verification_actor verification) {
  self->state.verification = std::move(verification);
  self->set_down_handler([self](const caf::down_msg& down) {
    std::erase_if(self->state.known,
                  [&](const auto& entry) { return entry.second.address() == down.source; });
  });
  return {
    [self](const device_report& report, const validator_device_actor& device) {
      if (device)
        self->send(self->state.verification, report, meet(self, device));
    },
    [self](const check_done& result) { self->send(self->state.verification, result); },
  };
}

device_owner_actor::behavior_type device_gate(device_owner_actor::pointer,
                                              device_owner_actor inside) {
  return {
    [inside](const device_report& report, const validator_device_actor& device) {
      caf::anon_send(inside, report, device);
    },
    [inside](const check_done& result) { caf::anon_send(inside, result); },
  };
}

} // namespace meisim
