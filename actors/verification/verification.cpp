#include "actors/verification/verification.hpp"

#include "actors/verification/ask_other_nodes.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/verification/batch.hpp"

#include <algorithm>
#include <iterator>
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
  wish->devices = self->state.devices.live_identities();
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

/// A device that is refused for its card gets no rows, which would show that it has another card by
/// now. So the device looks for itself.
void test_refused(verification_pointer self) {
  for (const auto& device : self->state.devices.take_newly_refused())
    caf::anon_send(device, test_device{});
}

/// Tells the other nodes which devices are here, and hears which of them must not be used.
void note(verification_pointer self) {
  auto here = self->state.devices.reports();
  if (here.empty())
    return;
  self->request(self->state.store, caf::infinite, note_devices{std::move(here)})
    .then(
      [self](const noted_devices& result) {
        for (const auto& device : result.refused)
          log_error("device {} is refused: {}", device.name, device.reason);
        self->state.devices.refuse(result.refused);
        test_refused(self);
      },
      [](const caf::error&) {});
}

/// Tells the other nodes that a device is here no longer.
void note_loss(verification_pointer self, device_report report) {
  report.state = device_state::lost;
  self->request(self->state.store, caf::infinite, note_devices{{std::move(report)}})
    .then([](const noted_devices&) {}, [](const caf::error&) {});
}

void release(verification_pointer self, std::string code, instant counted_at) {
  self->request(self->state.store, caf::infinite, release_ask{std::move(code), counted_at})
    .then([](done) {}, [](const caf::error&) {});
}

/// The SM-DP+ was asked about the code often enough for a day, so the row is given back.
void refuse_row(verification_pointer self, uint64_t call_id) {
  auto back = self->state.devices.take_back(call_id);
  if (!back)
    return;
  finding found;
  found.reason = "its SM-DP+ was asked about it three times within a day, and may lock it";
  found.seen.host = back->row.code.host;
  self->state.rows->conclude(back->row, std::move(found), {{}, now(), now()});
  advance(self);
}

/// Gives a device its row. If an SM-DP+ will be asked, that is counted before.
void hand_out(verification_pointer self, device_pool::assignment work) {
  if (work.counted_code.empty())
    return self->send(work.device, std::move(work.order));
  auto call_id = work.order.call_id;
  count_ask question{work.counted_code};
  self->request(self->state.store, caf::infinite, std::move(question))
    .then(
      [self, work = std::move(work)](const ask_leave& leave) {
        if (!leave.is_given)
          return refuse_row(self, work.order.call_id);
        if (self->state.devices.note_counted(work.order.call_id, leave.counted_at))
          self->send(work.device, work.order);
        else
          release(self, work.counted_code, leave.counted_at);
      },
      [self, call_id](const caf::error&) {
        // The next tick tries again.
        if (auto back = self->state.devices.take_back(call_id))
          self->state.rows->queue().put_back(std::move(back->row));
      });
}

/// Writes what was found, gives rows to the devices that are free, and asks for more rows.
void advance(verification_pointer self) {
  auto& state = self->state;
  write(self);
  for (auto& work : state.devices.assign(state.rows->queue(), self->clock().now()))
    hand_out(self, std::move(work));
  lease(self);
}

// -- what devices say -----------------------------------------------------------------------------

/// A device is gone; the row that it had goes to another. It waits a little, because devices of one
/// site are lost together, and the next one's loss may not be known yet.
void forget(verification_pointer self, const std::string& name) {
  log_warn("device {} is gone", name);
  self->state.doubts.forget_device(name);
  auto row = self->state.devices.remove(name);
  if (!row)
    return;
  row->not_before = self->clock().now() + self->state.config.pause;
  finding found;
  found.reason = "the device was lost";
  found.fault = blame::device;
  self->state.rows->try_again(std::move(*row), std::move(found), {name, now(), now()});
}

void welcome(verification_pointer self, const device_report& report,
             const validator_device_actor& device) {
  auto& devices = self->state.devices;
  if (devices.is_taken(report)) {
    if (devices.turn_away(report, device)) {
      self->monitor(device);
      log_error("device {} at {} is refused: another process has a device of this name",
                report.name, report.node);
    }
    return;
  }
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
  test_refused(self);
  advance(self);
}

/// Devices of other nodes may have done well with the hosts that fail on this one. That counts at
/// its next failure.
void ask_elsewhere(verification_pointer self, const std::string& device) {
  auto question = self->state.doubts.question_about(device);
  if (!question)
    return;
  self->request(self->state.store, caf::infinite, std::move(*question))
    .then([self, device](const well_hosts& seen) { self->state.doubts.hear_of(device, seen); },
          [](const caf::error&) {});
}

/// Weighs whether a host or the device is at fault, by how both do with others.
void weigh(verification_pointer self, const std::string& device, const waiting_row& row,
           const finding& found) {
  auto& state = self->state;
  if (found.what != verdict::error)
    return state.doubts.note_success(device, row.code.host, row.dealer);
  if (!may_be_the_hosts(found))
    return;
  if (auto reason = state.doubts.note_failure(device, row.code.host, row.dealer))
    self->send(state.devices.find(device), doubt_device{std::move(*reason)});
  else
    ask_elsewhere(self, device);
}

void take_result(verification_pointer self, const check_done& result) {
  auto& state = self->state;
  auto ended = state.devices.end_check(result);
  if (!ended)
    return;
  auto& [row, device, counted_at, is_own] = *ended;
  // The program of another site may have asked, whatever the site says.
  if (counted_at != instant{} && is_own && !result.found.seen.was_asked)
    release(self, key_of(row.code), counted_at);
  if (result.was_tried)
    weigh(self, device, row, result.found);
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
  auto& devices = self->state.devices;
  auto name = devices.name_of(down.source);
  if (!name)
    return devices.forget_stranger(down.source);
  if (auto report = devices.report_of(*name))
    note_loss(self, std::move(*report));
  forget(self, *name);
  if (auto next = devices.take_stranger(*name))
    welcome(self, next->report, next->device);
  advance(self);
}

// -- what comes with time -------------------------------------------------------------------------

/// Gives back rows for which no device here is left that may check them.
void give_back(verification_pointer self) {
  auto& state = self->state;
  if (state.devices.live() == 0 && !state.devices.is_checking())
    renew(self, state.rows->give_back());
  if (state.devices.live() == 1)
    renew(self, state.rows->give_back_for(state.devices.live_identities().front()));
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

caf::error not_here() {
  return make_error(ec::not_found, "this node has no device of this name");
}

caf::result<done> drain(verification_pointer self, const std::string& name) {
  auto device = self->state.devices.find(name);
  if (!device)
    return not_here();
  self->send(device, drain_atom_v);
  return done{};
}

/// The devices of this node as they are now, and those of others as they were last reported.
device_list joined(const device_pool& own, device_list known) {
  auto all = own.reports();
  std::erase_if(known.devices, [&](const device_report& each) {
    return std::ranges::find(all, each.name, &device_report::name) != all.end();
  });
  std::ranges::move(known.devices, std::back_inserter(all));
  std::ranges::move(own.strangers(), std::back_inserter(all));
  std::ranges::stable_sort(all, {}, &device_report::name);
  return {std::move(all)};
}

caf::result<device_list> list(verification_pointer self) {
  auto answer = self->make_response_promise<device_list>();
  self->request(self->state.store, caf::infinite, list_devices{})
    .then(
      [self, answer](device_list& known) mutable {
        answer.deliver(joined(self->state.devices, std::move(known)));
      },
      // If the others are not known, this node's devices are.
      [self, answer](const caf::error&) mutable {
        answer.deliver(joined(self->state.devices, {}));
      });
  return answer;
}

caf::result<device_test> test(verification_pointer self, const test_device& wish) {
  auto device = self->state.devices.find(wish.name);
  if (!device)
    return not_here();
  return self->delegate(device, wish);
}

bool is_here(verification_pointer self, const std::string& name) {
  return static_cast<bool>(self->state.devices.find(name));
}

} // namespace

verification_actor::behavior_type verification(verification_pointer self,
                                               verification_config config, row_memory_actor store) {
  auto& state = self->state;
  state.metrics = std::make_unique<verification_metrics>(config.registry);
  state.rows.emplace(config.owner, config.lease);
  state.devices = device_pool{config.site};
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
    [self](const list_devices&) { return list(self); },
    [self](const drain_device& wish) {
      return is_here(self, wish.name) ? drain(self, wish.name)
                                      : ask_other_nodes<done>(self, self->state.others, wish);
    },
    [self](const drain_device& wish, const lookup&) { return drain(self, wish.name); },
    [self](const test_device& wish) {
      return is_here(self, wish.name)
               ? test(self, wish)
               : ask_other_nodes<device_test>(self, self->state.others, wish);
    },
    [self](const test_device& wish, const lookup&) { return test(self, wish); },
    [self](other_nodes& known) { self->state.others = std::move(known); },
  };
}

} // namespace meisim
