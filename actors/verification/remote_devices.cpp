#include "actors/verification/remote_devices.hpp"

#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

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
    // An answer could not come back. The device reports what it has found out.
    [device](const test_device& wish) -> caf::result<device_test> {
      caf::anon_send(device, wish);
      return make_error(ec::conflict, "the device tests itself at its site: the list of devices "
                                      "tells what comes of it");
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

bool is_plain(std::string_view text, size_t most) {
  return text.size() <= most
         && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// What a site says is shown to operators and kept: it must be what devices say.
bool is_fit(const device_report& report, const std::string& own_name) {
  constexpr size_t longest_name = 128;
  constexpr size_t longest_text = 1'000;
  constexpr size_t most_results = 32;
  return report.node != own_name && report.site != own_name
         && report.name.starts_with(report.node + '.') && is_plain(report.name, longest_name)
         && is_plain(report.site, longest_name) && is_plain(report.node, longest_name)
         && is_plain(report.driver, longest_name) && is_plain(report.eid, longest_name)
         && report.detail.size() <= longest_text && report.last_results.size() <= most_results
         && std::ranges::all_of(report.last_results, [](const std::string& each) {
              return each.size() <= longest_text;
            });
}

// -- the gate -------------------------------------------------------------------------------------

using gate_pointer = device_gate_actor::stateful_pointer<device_gate_state>;

caf::result<done> welcome_site(gate_pointer self, const site_greeting& greeting) {
  const auto& identity = self->state.identity;
  const auto& link = self->current_sender();
  // Without a link nobody can be told apart.
  if (!link)
    return make_error(ec::forbidden);
  auto words = greeting_words(greeting.name, link->node(), self->state.challenge);
  if (identity)
    if (auto why = check_proof(*identity, greeting.proof, greeting.name, words)) {
      log_warn("a site with devices is not let in: {}", message_of(why));
      return why;
    }
  auto address = caf::actor_cast<caf::actor_addr>(link);
  self->monitor(address);
  self->state.sites.insert_or_assign(link->node(), known_site{greeting.name, address});
  return done{};
}

/// Whether the sender is at the site whose name the device bears.
bool is_of_known_site(gate_pointer self, const device_report& report) {
  const auto& sender = self->current_sender();
  if (!sender)
    return false;
  auto site = self->state.sites.find(sender->node());
  return site != self->state.sites.end() && site->second.name == report.node;
}

} // namespace

device_owner_actor::behavior_type remote_devices(remote_pointer self,
                                                 verification_actor verification,
                                                 std::string own_name) {
  self->state.verification = std::move(verification);
  self->state.own_name = std::move(own_name);
  self->set_down_handler([self](const caf::down_msg& down) {
    std::erase_if(self->state.known,
                  [&](const auto& entry) { return entry.second.address() == down.source; });
  });
  return {
    [self](const device_report& report, const validator_device_actor& device) {
      if (device && is_fit(report, self->state.own_name))
        self->send(self->state.verification, report, meet(self, device));
    },
    [self](const check_done& result) {
      if (is_fit(result.device, self->state.own_name))
        self->send(self->state.verification, result);
    },
  };
}

device_gate_actor::behavior_type device_gate(gate_pointer self, device_owner_actor inside,
                                             std::optional<identity_files> identity) {
  self->state.inside = std::move(inside);
  self->state.identity = std::move(identity);
  self->set_down_handler([self](const caf::down_msg& down) {
    std::erase_if(self->state.sites,
                  [&](const auto& entry) { return entry.second.link == down.source; });
  });
  return {
    [self](const device_report& report, const validator_device_actor& device) {
      if (is_of_known_site(self, report))
        caf::anon_send(self->state.inside, report, device);
    },
    [self](const check_done& result) {
      if (is_of_known_site(self, result.device))
        caf::anon_send(self->state.inside, result);
    },
    [self](ask_challenge) { return challenge{self->state.challenge}; },
    [self](const site_greeting& greeting) { return welcome_site(self, greeting); },
  };
}

} // namespace meisim
