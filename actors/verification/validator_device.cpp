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

/// Looks at the clock a few times within a check. A timer for each check would stay until its time,
/// and there are many checks.
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

/// Waits for the next probe or self-test, twice as long as the last time.
void wait_in(device_pointer self, device_state how, std::string why) {
  auto& state = self->state;
  const auto& config = state.config;
  state.rest =
    state.rest.count() == 0 ? config.first_rest : std::min(2 * state.rest, config.longest_rest);
  state.rested_at = self->clock().now() + state.rest;
  state.report.state = how;
  state.report.rests_until = now() + state.rest;
  log_warn("device {} is {} for {} s: {}", config.name, to_string(how), state.rest.count(), why);
  state.report.detail = std::move(why);
  keep_ticking(self, state.rest);
}

void rest(device_pointer self) {
  const auto& report = self->state.report;
  wait_in(self, device_state::resting,
          fmt::format("{} failures in a row, the last one: {}", report.failures_in_a_row,
                      report.last_results.front()));
}

void remember(device_report& report, const finding& found) {
  auto text = std::string{to_string(found.what)};
  if (!found.reason.empty())
    text += ": " + found.reason;
  if (!found.detail.empty())
    text += " (" + found.detail + ')';
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
    report.detail.clear();
    state.rest = std::chrono::seconds{0};
  } else {
    ++report.failures;
    // Dealers choose the hosts, so only VERIFICATION, which sees all devices, tells whether the
    // host or the device is at fault. A row that has failed elsewhere is the likelier cause.
    if (!may_be_the_hosts(found) && (found.fault == blame::device || !is_suspect)) {
      ++report.failures_in_a_row;
      if (state.is_probe || report.failures_in_a_row >= state.config.failures_to_rest)
        rest(self);
    }
  }
  if (state.is_draining)
    report.state = device_state::drained;
}

/// Takes over what a self-test found out. It decides whether a device gets rows that has had none
/// yet, or was refused, and takes one out of service that waits for rows.
void take_test(device_pointer self, const device_test& result) {
  auto& state = self->state;
  auto& report = state.report;
  if (!result.version.empty())
    report.version = result.version;
  // A card that does not answer here may be in another reader by now.
  report.eid = result.eid;
  const auto* flaw = result.flaw();
  bool is_out = report.state == device_state::starting || report.state == device_state::refused;
  bool waits = report.state == device_state::idle || report.state == device_state::probing;
  if (flaw && (is_out || waits)) {
    wait_in(self, device_state::refused, flaw->what + ": " + flaw->detail);
  } else if (is_out) {
    report.state = device_state::idle;
    report.rests_until = {};
    report.detail.clear();
    state.rest = std::chrono::seconds{0};
  }
  announce(self);
}

/// The card may be another one than before.
void test(device_pointer self) {
  const auto& state = self->state;
  self->request(state.driver, caf::infinite, test_device{state.config.name})
    .then([self](const device_test& result) { take_test(self, result); },
          [self, driver = state.driver](const caf::error& failure) {
            // A driver that was killed at the end of a check has been replaced already.
            if (self->state.driver == driver)
              take_driver(self);
            device_test result;
            result.steps.push_back({"program", false, message_of(failure)});
            take_test(self, result);
          });
}

void test_first(device_pointer self) {
  self->state.report.state = device_state::starting;
  self->state.report.rests_until = {};
  test(self);
}

/// Whether the device itself seems to have failed, and not a host, which a dealer chooses.
bool is_own_failure(const finding& found) {
  return found.what == verdict::error && found.fault == blame::device && !may_be_the_hosts(found);
}

void finish(device_pointer self, finding found) {
  auto& state = self->state;
  auto order = *std::exchange(state.current, std::nullopt);
  judge(self, found, order.is_suspect);
  // The card may be out of its reader, or another one than before.
  if (state.config.is_tested_first && is_own_failure(found)
      && state.report.state == device_state::idle)
    test_first(self);
  self->send(state.owner,
             check_done{order.call_id, true, std::move(found), state.begun, now(), state.report});
}

finding failure_of(std::string reason, blame fault) {
  finding found;
  found.reason = std::move(reason);
  found.fault = fault;
  // Nobody knows how far the check came, so the SM-DP+ counts as asked.
  found.seen.was_asked = true;
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

caf::result<device_test> answer_test(device_pointer self) {
  // It takes no code during the test, because the code's time would run.
  if (std::exchange(self->state.is_in_test, true))
    return make_error(ec::conflict, "the device is being tested already");
  auto answer = self->make_response_promise<device_test>();
  self->request(self->state.driver, caf::infinite, test_device{self->state.config.name})
    .then(
      [self, answer](const device_test& result) mutable {
        self->state.is_in_test = false;
        take_test(self, result);
        answer.deliver(result);
      },
      [self, answer](caf::error& failure) mutable {
        self->state.is_in_test = false;
        answer.deliver(std::move(failure));
      });
  return answer;
}

bool is_free(const validator_device_state& state) {
  return !state.current && !state.is_draining && !state.is_in_test
         && (state.report.state == device_state::idle
             || state.report.state == device_state::probing);
}

void doubt(device_pointer self, const std::string& reason) {
  if (!is_free(self->state))
    return;
  wait_in(self, device_state::resting, reason);
  announce(self);
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
    if (state.config.is_tested_first)
      test(self);
    announce(self);
  } else if (state.report.state == device_state::refused && time >= state.rested_at) {
    test_first(self);
    announce(self);
  }
  if (state.current)
    keep_ticking(self, state.config.deadline / 4);
  else if (state.report.state == device_state::resting
           || state.report.state == device_state::refused)
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
  state.report.site = config.site;
  state.config = std::move(config);
  state.owner = std::move(owner);
  take_driver(self);
  if (state.config.is_tested_first)
    test_first(self);
  announce(self);
  return {
    [self](const check_order& order) {
      if (!is_free(self->state)) {
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
    [self](const doubt_device& why) { doubt(self, why.reason); },
    [self](const test_device&) { return answer_test(self); },
    [self](tick_atom) { tick(self); },
  };
}

} // namespace meisim
