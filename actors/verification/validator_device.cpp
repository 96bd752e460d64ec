#include "actors/verification/validator_device.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using device_pointer = validator_device_actor::stateful_pointer<validator_device_state>;

constexpr size_t results_kept = 5;

void announce(device_pointer self) {
  self->send(self->state.owner, self->state.report, validator_device_actor{self});
}

/// Looks at the clock a few times within a check, not by a timer for each: there are many checks,
/// and a timer stays until its time.
void keep_ticking(device_pointer self, std::chrono::milliseconds pause) {
  if (std::exchange(self->state.is_ticking, true))
    return;
  self->delayed_send(self, pause, tick_atom_v);
}

void take_driver(device_pointer self) {
  auto& state = self->state;
  state.driver = state.config.make_driver(self->system());
  // The child process of a driver must not outlive its device.
  self->attach_functor(
    [driver = state.driver] { caf::anon_send_exit(driver, caf::exit_reason::kill); });
}

void kill_driver(device_pointer self) {
  self->send_exit(self->state.driver, caf::exit_reason::kill);
  take_driver(self);
}

void rest(device_pointer self) {
  auto& state = self->state;
  const auto& config = state.config;
  state.rest =
    state.rest.count() == 0 ? config.first_rest : std::min(2 * state.rest, config.longest_rest);
  state.rested_at = self->clock().now() + state.rest;
  state.report.state = device_state::resting;
  state.report.rests_until = now() + state.rest;
  log_warn("device {} rests for {} s after {} failures in a row: {}", config.name,
           state.rest.count(), state.report.failures_in_a_row, state.report.last_results.front());
  keep_ticking(self, state.rest);
}

void remember(device_report& report, const finding& found) {
  auto text = std::string{to_string(found.what)};
  if (!found.reason.empty())
    text += ": " + found.reason;
  report.last_results.insert(report.last_results.begin(), std::move(text));
  if (report.last_results.size() > results_kept)
    report.last_results.pop_back();
}

/// Counts a result, and decides what the device does next.
void judge(device_pointer self, const finding& found, bool is_suspect) {
  auto& state = self->state;
  auto& report = state.report;
  ++report.checks;
  remember(report, found);
  report.state = device_state::idle;
  if (found.what != verdict::error) {
    report.failures_in_a_row = 0;
    state.rest = std::chrono::seconds{0};
  } else {
    ++report.failures;
    // A row that has failed elsewhere is the likelier cause.
    if (found.fault == blame::device || !is_suspect) {
      ++report.failures_in_a_row;
      if (state.is_probe || report.failures_in_a_row >= state.config.failures_to_rest)
        rest(self);
    }
  }
  if (state.is_draining)
    report.state = device_state::drained;
}

void finish(device_pointer self, finding found) {
  auto& state = self->state;
  auto order = *std::exchange(state.current, std::nullopt);
  judge(self, found, order.is_suspect);
  self->send(state.owner,
             check_done{order.call_id, true, std::move(found), state.begun, now(), state.report});
}

finding failure_of(std::string reason, blame fault) {
  finding found;
  found.reason = std::move(reason);
  found.fault = fault;
  return found;
}

void start(device_pointer self, const check_order& order) {
  auto& state = self->state;
  state.current = order;
  state.begun = now();
  state.late_at = self->clock().now() + state.config.deadline;
  state.is_probe = state.report.state == device_state::probing;
  state.report.state = device_state::checking;
  keep_ticking(self, state.config.deadline / 4);
  auto is_current = [self, call_id = order.call_id] {
    return self->state.current && self->state.current->call_id == call_id;
  };
  self->request(state.driver, caf::infinite, order.code)
    .then(
      [self, is_current](const finding& found) {
        if (is_current())
          finish(self, found);
      },
      [self, is_current](const caf::error& failure) {
        if (!is_current())
          return;
        take_driver(self);
        finish(self, failure_of("the driver failed: " + message_of(failure), blame::device));
      });
}

void tick(device_pointer self) {
  auto& state = self->state;
  state.is_ticking = false;
  auto time = self->clock().now();
  if (state.current && time >= state.late_at) {
    kill_driver(self);
    finish(self, failure_of(fmt::format("no answer within {:g} s",
                                        static_cast<double>(state.config.deadline.count()) / 1000),
                            blame::unsure));
  } else if (state.report.state == device_state::resting && time >= state.rested_at) {
    state.report.state = device_state::probing;
    state.report.rests_until = {};
    announce(self);
  }
  if (state.current)
    keep_ticking(self, state.config.deadline / 4);
  else if (state.report.state == device_state::resting)
    keep_ticking(self, std::chrono::duration_cast<std::chrono::milliseconds>(state.rested_at - time)
                         + std::chrono::milliseconds{1});
}

} // namespace

validator_device_actor::behavior_type validator_device(device_pointer self, device_config config,
                                                       device_owner_actor owner) {
  auto& state = self->state;
  state.report.name = config.name;
  state.report.driver = config.driver;
  state.report.node = config.node;
  state.config = std::move(config);
  state.owner = std::move(owner);
  take_driver(self);
  announce(self);
  return {
    [self](const check_order& order) {
      if (self->state.current || self->state.is_draining) {
        // The owner's view was stale.
        self->send(self->state.owner,
                   check_done{order.call_id, false, {}, now(), now(), self->state.report});
        return;
      }
      start(self, order);
    },
    [self](drain_atom) {
      auto& now = self->state;
      now.is_draining = true;
      if (!now.current)
        now.report.state = device_state::drained;
      announce(self);
    },
    [self](tick_atom) { tick(self); },
  };
}

} // namespace meisim
