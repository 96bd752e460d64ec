#include "actors/verification/verification.hpp"

#include "protocols/base/log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

using verification_pointer = verification_actor::stateful_pointer<verification_state>;

void dispatch(verification_pointer self);
void lease(verification_pointer self, bool is_urgent);

// -- verdicts -------------------------------------------------------------------------------------

void close_rows(verification_state& state, const uuid& lease, int64_t rows) {
  auto held = state.leases.find(lease);
  if (held == state.leases.end())
    return;
  held->second.open -= rows;
  if (held->second.open <= 0)
    state.leases.erase(held);
}

void lose_leases(verification_state& state, const std::vector<uuid>& lost) {
  for (const auto& lease : lost) {
    state.leases.erase(lease);
    state.queue.drop(lease);
  }
}

/// What the database refuses for what it says is written without its words.
void make_harmless(checked_row& row) {
  auto host = std::exchange(row.found.seen, {}).host;
  row.found = {};
  row.found.reason = "the result could not be stored";
  row.found.seen.host = host;
}

void write(verification_pointer self) {
  auto& state = self->state;
  if (state.is_writing || (state.checked.empty() && state.attempts.empty()))
    return;
  state.is_writing = true;
  write_verdicts work;
  auto end = state.checked.begin()
             + static_cast<std::ptrdiff_t>(std::min(state.checked.size(), state.most_written));
  work.rows.assign(std::make_move_iterator(state.checked.begin()), std::make_move_iterator(end));
  state.checked.erase(state.checked.begin(), end);
  work.attempts = std::exchange(state.attempts, {});
  work.lease_seconds = static_cast<int32_t>(state.config.lease.count());
  work.is_repeat = state.is_repeat;
  self->request(state.store, caf::infinite, work)
    .then(
      [self, rows = work.rows](const verdicts_written& result) {
        auto& known = self->state;
        known.is_writing = false;
        known.is_repeat = false;
        if (known.checked.empty())
          known.most_written = verification_state{}.most_written;
        for (const auto& row : rows) {
          close_rows(known, row.lease.id, 1);
          known.metrics->verdicts.at(static_cast<size_t>(row.found.what))->Increment();
        }
        lose_leases(known, result.lost);
        if (result.has_completed)
          for (const auto& follower : known.config.followers)
            self->send(follower, wake_atom_v);
        write(self);
      },
      [self, work](const caf::error& failure) mutable {
        auto& known = self->state;
        known.is_writing = false;
        known.is_repeat = true;
        if (code_of(failure) != ec::unavailable) {
          log_error("verdicts cannot be written: {}", message_of(failure));
          if (work.rows.size() == 1)
            make_harmless(work.rows.front());
          known.most_written = 1;
        }
        known.checked.insert(known.checked.begin(), std::make_move_iterator(work.rows.begin()),
                             std::make_move_iterator(work.rows.end()));
        known.attempts.insert(known.attempts.begin(), work.attempts.begin(), work.attempts.end());
        // The next tick tries again.
      });
}

void conclude(verification_pointer self, const waiting_row& row, finding found,
              const std::string& device, instant begun, instant ended) {
  self->state.checked.push_back(
    {row.lease, row.batch, row.number, std::move(found), device, begun, ended});
  write(self);
}

/// A try has failed: the row goes to another device, or its verdict is `error`.
void try_again(verification_pointer self, waiting_row row, finding found, const std::string& device,
               instant begun, instant ended) {
  ++row.attempts;
  if (row.attempts >= most_attempts_a_row)
    return conclude(self, row, std::move(found), device, begun, ended);
  self->state.attempts.push_back({row.batch, row.number, row.attempts, device, found.reason});
  row.avoided.push_back(device);
  self->state.queue.put_back(std::move(row));
  write(self);
}

// -- devices --------------------------------------------------------------------------------------

void set_device_gauges(verification_state& state) {
  std::array<int, 5> counts{};
  for (const auto& [name, device] : state.devices)
    ++counts.at(static_cast<size_t>(device.report.state));
  for (size_t i = 0; i < counts.size(); ++i)
    state.metrics->devices->Add({{"state", std::string{to_string(static_cast<device_state>(i))}}})
      .Set(counts[i]);
  state.metrics->waiting->Set(static_cast<double>(state.queue.size()));
}

/// Whether `row` may go to `device`: not where it failed, as long as there is another.
bool fits(const verification_state& state, const waiting_row& row, const std::string& device) {
  const auto& avoided = row.avoided;
  auto is_avoided = [&](const std::string& name) {
    return std::find(avoided.begin(), avoided.end(), name) != avoided.end();
  };
  if (avoided.empty() || !is_avoided(device))
    return true;
  return std::none_of(state.devices.begin(), state.devices.end(), [&](const auto& other) {
    return other.second.is_live() && !is_avoided(other.first);
  });
}

void give(verification_pointer self, const std::string& name, waiting_row row) {
  auto& state = self->state;
  auto& device = state.devices.at(name);
  auto call_id = ++state.last_call_id;
  device.call_id = call_id;
  device.report.state = device_state::checking;
  self->send(device.handle, check_order{call_id, row.code, row.attempts > 0});
  state.checks.emplace(call_id, verification_state::in_flight{std::move(row), name});
}

void dispatch(verification_pointer self) {
  auto& state = self->state;
  for (auto left = state.free.size(); left > 0 && state.queue.size() > 0; --left) {
    auto name = std::move(state.free.front());
    state.free.pop_front();
    auto known = state.devices.find(name);
    if (known == state.devices.end())
      continue;
    known->second.is_listed = false;
    if (!known->second.is_free())
      continue;
    auto row = state.queue.take([&](const waiting_row& each) { return fits(state, each, name); });
    if (row) {
      give(self, name, std::move(*row));
    } else {
      known->second.is_listed = true;
      state.free.push_back(std::move(name));
    }
  }
  lease(self, false);
}

void set_free(verification_state& state, const std::string& name) {
  auto& device = state.devices.at(name);
  if (device.is_free() && !std::exchange(device.is_listed, true))
    state.free.push_back(name);
}

/// A device is gone; the row that it had goes to another.
void forget(verification_pointer self, const std::string& name) {
  auto& state = self->state;
  auto lost = state.devices.extract(name);
  state.live -= lost.mapped().is_live() ? 1 : 0;
  log_warn("device {} is gone", name);
  auto call_id = lost.mapped().call_id;
  auto check = call_id ? state.checks.find(*call_id) : state.checks.end();
  if (check == state.checks.end())
    return;
  auto row = std::move(check->second.row);
  state.checks.erase(check);
  finding found;
  found.reason = "the device was lost";
  found.fault = blame::device;
  try_again(self, std::move(row), std::move(found), name, now(), now());
}

void welcome(verification_pointer self, const device_report& report,
             const validator_device_actor& handle) {
  auto& devices = self->state.devices;
  // One that comes anew has lost its link before anybody here has noticed.
  auto known = devices.find(report.name);
  if (known != devices.end() && known->second.handle != handle) {
    self->demonitor(known->second.handle.address());
    forget(self, report.name);
  }
  auto& device = devices[report.name];
  if (device.handle != handle) {
    self->monitor(handle);
    device.handle = handle;
    log_info("device {} at {} is there", report.name, report.node);
  }
  self->state.hear(device, report);
  set_free(self->state, report.name);
  dispatch(self);
}

void take_result(verification_pointer self, const check_done& result) {
  auto& state = self->state;
  auto check = state.checks.find(result.call_id);
  // Given up before; the row has gone elsewhere.
  if (check == state.checks.end())
    return;
  auto [row, name] = std::move(check->second);
  state.checks.erase(check);
  auto device = state.devices.find(name);
  if (device != state.devices.end()) {
    device->second.call_id.reset();
    state.hear(device->second, result.device);
    set_free(state, name);
  }
  if (!result.was_tried) {
    state.queue.put_back(std::move(row));
  } else if (result.found.what == verdict::error) {
    state.metrics->failures->Add({{"device", name}}).Increment();
    try_again(self, std::move(row), result.found, name, result.begun, result.ended);
  } else {
    conclude(self, row, result.found, name, result.begun, result.ended);
  }
  dispatch(self);
}

void lose_device(verification_pointer self, const caf::down_msg& down) {
  auto& devices = self->state.devices;
  auto lost = std::find_if(devices.begin(), devices.end(), [&](const auto& each) {
    return each.second.handle.address() == down.source;
  });
  if (lost == devices.end())
    return;
  // Taken out of the map's own hands, which the name would go with.
  forget(self, std::string{lost->first});
  dispatch(self);
}

// -- rows -----------------------------------------------------------------------------------------

void take_rows(verification_pointer self, const lease_grant& grant) {
  auto& state = self->state;
  for (const auto& chunk : grant.chunks) {
    auto& held = state.leases[chunk.lease.id];
    held.generation = chunk.lease.generation;
    held.open += std::ssize(chunk.rows);
    for (const auto& open : chunk.rows) {
      waiting_row row{chunk.lease, chunk.batch, chunk.dealer,  chunk.is_urgent,
                      open.number, {},          open.attempts, {}};
      if (!chunk.not_on.empty())
        row.avoided.push_back(chunk.not_on);
      auto reading = read_activation_code(open.lpa);
      if (!reading.code) {
        // Such a row has had its verdict since it was submitted, unless another release took it.
        conclude(self, row, malformed_code(reading.flaw), {}, now(), now());
      } else if (open.attempts >= most_attempts_a_row) {
        finding found;
        found.reason = "its checks were interrupted too often";
        conclude(self, row, std::move(found), {}, now(), now());
      } else {
        row.code = std::move(*reading.code);
        state.queue.push(std::move(row));
      }
    }
  }
}

/// Asks for rows where there is room: about two for each device, so that one is at hand whenever a
/// device ends, and others wait no longer than that.
void lease(verification_pointer self, bool is_news) {
  auto& state = self->state;
  state.has_news = state.has_news || is_news;
  auto live = state.live;
  if (live == 0 || state.is_leasing)
    return;
  auto wanted = std::max<size_t>(2 * live, 8);
  auto there = state.queue.size();
  if (!state.has_news && there * 2 > wanted)
    return;
  if (state.is_dry && !state.has_news)
    return;
  state.has_news = false;
  state.is_leasing = true;
  auto count = std::max(wanted > there ? wanted - there : 0, live);
  self
    ->request(state.store, caf::infinite,
              lease_rows{state.config.owner, static_cast<int32_t>(count),
                         static_cast<int32_t>(state.config.lease.count())})
    .then(
      [self](const lease_grant& grant) {
        auto& known = self->state;
        known.is_leasing = false;
        known.is_dry = grant.chunks.empty();
        take_rows(self, grant);
        dispatch(self);
      },
      [self](const caf::error&) {
        self->state.is_leasing = false;
        self->state.is_dry = true;
      });
}

void renew(verification_pointer self, std::chrono::seconds time) {
  renew_leases wish;
  for (const auto& [id, held] : self->state.leases)
    wish.leases.push_back({id, held.generation});
  if (wish.leases.empty())
    return;
  wish.lease_seconds = static_cast<int32_t>(time.count());
  self->request(self->state.store, caf::infinite, std::move(wish))
    .then([](done) {}, [](const caf::error&) {});
}

/// Without a device, others shall have the rows.
void give_back(verification_pointer self) {
  auto& state = self->state;
  if (state.live > 0 || state.queue.size() == 0 || !state.checks.empty() || !state.checked.empty()
      || state.is_writing)
    return;
  renew(self, std::chrono::seconds{0});
  state.queue.take_all();
  state.leases.clear();
}

void tick(verification_pointer self) {
  auto& state = self->state;
  auto time = self->clock().now();
  if (time >= state.renew_at) {
    state.renew_at = time + state.config.lease / 3;
    renew(self, state.config.lease);
  }
  write(self);
  give_back(self);
  state.is_dry = false;
  dispatch(self);
  set_device_gauges(state);
  self->delayed_send(self, state.config.pause, tick_atom_v);
}

device_list list(const verification_state& state) {
  device_list result;
  for (const auto& [name, device] : state.devices)
    result.devices.push_back(device.report);
  std::sort(result.devices.begin(), result.devices.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

} // namespace

verification_metrics::verification_metrics(std::shared_ptr<prometheus::Registry> of)
  : registry(std::move(of)) {
  auto& counts = prometheus::BuildCounter()
                   .Name("meisim_verdicts_total")
                   .Help("Rows that got this verdict")
                   .Register(*registry);
  for (size_t i = 0; i < verdicts.size(); ++i)
    verdicts[i] = &counts.Add({{"verdict", std::string{to_string(static_cast<verdict>(i))}}});
  waiting = &prometheus::BuildGauge()
               .Name("meisim_verification_waiting_rows")
               .Help("Rows that this node has leased and no device has begun")
               .Register(*registry)
               .Add({});
  devices = &prometheus::BuildGauge()
               .Name("meisim_devices")
               .Help("Validator devices in this state")
               .Register(*registry);
  failures = &prometheus::BuildCounter()
                .Name("meisim_device_failures_total")
                .Help("Checks that a device failed at")
                .Register(*registry);
}

verification_actor::behavior_type verification(verification_pointer self,
                                               verification_config config, row_memory_actor store) {
  auto& state = self->state;
  state.metrics = std::make_unique<verification_metrics>(config.registry);
  state.config = std::move(config);
  state.store = std::move(store);
  self->set_down_handler([self](const caf::down_msg& down) { lose_device(self, down); });
  self->send(self, tick_atom_v);
  return {
    [self](const device_report& report, const validator_device_actor& handle) {
      welcome(self, report, handle);
    },
    [self](const check_done& result) { take_result(self, result); },
    [self](wake_atom) { lease(self, true); },
    [self](tick_atom) { tick(self); },
    [self](const list_devices&) { return list(self->state); },
    [self](const drain_device& wish) -> caf::result<done> {
      auto known = self->state.devices.find(wish.name);
      if (known == self->state.devices.end())
        return make_error(ec::not_found, "there is no device of this name");
      self->send(known->second.handle, drain_atom_v);
      return done{};
    },
  };
}

} // namespace meisim
