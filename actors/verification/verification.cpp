#include "actors/verification/verification.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/verification/batch.hpp"

#include <memory>
#include <utility>

namespace meisim {

namespace {

using verification_pointer = verification_actor::stateful_pointer<verification_state>;

void advance(verification_pointer self);

// -- what the store is asked ----------------------------------------------------------------------

void write(verification_pointer self) {
  auto next = self->state.rows->begin_write();
  if (!next)
    return;
  auto work = std::make_shared<write_verdicts>(std::move(*next));
  self->request(self->state.store, caf::infinite, *work)
    .then(
      [self, work](const verdicts_written& result) {
        auto& state = self->state;
        state.rows->end_write(work->rows, result);
        state.metrics->count_verdicts(work->rows);
        if (result.has_completed)
          for (const auto& follower : state.config.followers)
            self->send(follower, wake_atom_v);
        write(self);
      },
      [self, work](const caf::error& failure) {
        bool is_refused = !may_pass(code_of(failure));
        if (is_refused)
          log_error("verdicts cannot be written: {}", message_of(failure));
        self->state.rows->fail_write(std::move(*work), is_refused);
        // The next tick tries again.
      });
}

void lease(verification_pointer self) {
  auto wish = self->state.rows->begin_lease(self->state.devices.live());
  if (!wish)
    return;
  wish->devices = self->state.devices.live_names();
  self->request(self->state.store, caf::infinite, std::move(*wish))
    .then(
      [self](const lease_grant& grant) {
        self->state.rows->end_lease(grant);
        advance(self);
      },
      [self](const caf::error&) { self->state.rows->fail_lease(); });
}

void renew(verification_pointer self, std::optional<renew_leases> wish) {
  if (wish)
    self->request(self->state.store, caf::infinite, std::move(*wish))
      .then([](done) {}, [](const caf::error&) {});
}

/// Tells the other nodes which devices are here.
void note(verification_pointer self) {
  auto here = self->state.devices.reports();
  if (!here.empty())
    self->request(self->state.store, caf::infinite, note_devices{std::move(here)})
      .then([](done) {}, [](const caf::error&) {});
}

/// Writes what was found, gives rows to the devices that are free, and asks for more rows.
void advance(verification_pointer self) {
  auto& state = self->state;
  write(self);
  for (auto& [device, order] : state.devices.assign(state.rows->queue()))
    self->send(device, std::move(order));
  lease(self);
}

// -- what devices say -----------------------------------------------------------------------------

/// A device is gone; the row that it had goes to another.
void forget(verification_pointer self, const std::string& name) {
  log_warn("device {} is gone", name);
  auto row = self->state.devices.remove(name);
  if (!row)
    return;
  finding found;
  found.reason = "the device was lost";
  found.fault = blame::device;
  self->state.rows->try_again(std::move(*row), std::move(found), {name, now(), now()});
}

void welcome(verification_pointer self, const device_report& report,
             const validator_device_actor& device) {
  auto& devices = self->state.devices;
  auto known = devices.find(report.name);
  if (known != device) {
    if (known) {
      // The device has lost its link, and is here again before the loss was noticed.
      self->demonitor(known.address());
      forget(self, report.name);
    }
    self->monitor(device);
    // The next tick tells the other nodes.
    self->state.renew_at = {};
    log_info("device {} at {} is there", report.name, report.node);
  }
  devices.hear(report, device);
  advance(self);
}

void take_result(verification_pointer self, const check_done& result) {
  auto& state = self->state;
  auto ended = state.devices.end_check(result);
  if (!ended)
    return;
  auto& [row, device] = *ended;
  trial tried{device, result.begun, result.ended};
  if (!result.was_tried) {
    state.rows->queue().put_back(std::move(row));
  } else if (result.found.what == verdict::error) {
    state.metrics->count_failure(device);
    state.rows->try_again(std::move(row), result.found, std::move(tried));
  } else {
    state.rows->conclude(row, result.found, std::move(tried));
  }
  advance(self);
}

void lose_device(verification_pointer self, const caf::down_msg& down) {
  auto name = self->state.devices.name_of(down.source);
  if (!name)
    return;
  forget(self, *name);
  advance(self);
}

// -- what comes with time -------------------------------------------------------------------------

/// Gives back rows for which no device here is left that may check them.
void give_back(verification_pointer self) {
  auto& state = self->state;
  if (state.devices.live() == 0 && !state.devices.is_checking())
    renew(self, state.rows->give_back());
  if (state.devices.live() == 1)
    renew(self, state.rows->give_back_for(state.devices.live_names().front()));
}

void tick(verification_pointer self) {
  auto& state = self->state;
  auto time = self->clock().now();
  if (time >= state.renew_at) {
    state.renew_at = time + state.config.lease / 3;
    renew(self, state.rows->renewal());
    note(self);
  }
  write(self);
  give_back(self);
  state.rows->look_again();
  advance(self);
  state.metrics->show(state.rows->queue().size(), state.devices.count_states());
  self->delayed_send(self, state.config.pause, tick_atom_v);
}

caf::result<done> drain(verification_pointer self, const std::string& name) {
  auto device = self->state.devices.find(name);
  if (!device)
    return make_error(ec::not_found, "there is no device of this name");
  self->send(device, drain_atom_v);
  return done{};
}

} // namespace

verification_actor::behavior_type verification(verification_pointer self,
                                               verification_config config, row_memory_actor store) {
  auto& state = self->state;
  state.metrics = std::make_unique<verification_metrics>(config.registry);
  state.rows.emplace(config.owner, config.lease);
  state.config = std::move(config);
  state.store = std::move(store);
  self->set_down_handler([self](const caf::down_msg& down) { lose_device(self, down); });
  self->send(self, tick_atom_v);
  return {
    [self](const device_report& report, const validator_device_actor& device) {
      welcome(self, report, device);
    },
    [self](const check_done& result) { take_result(self, result); },
    [self](wake_atom) {
      self->state.rows->hear_of_rows();
      lease(self);
    },
    [self](tick_atom) { tick(self); },
    [self](const list_devices&) { return device_list{self->state.devices.reports()}; },
    [self](const drain_device& wish) { return drain(self, wish.name); },
  };
}

} // namespace meisim
