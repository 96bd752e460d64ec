#pragma once

#include "actors/verification/simulated_driver.hpp"
#include "actors/verification/validator_device.hpp"
#include "actors/verification/verification.hpp"
#include "protocols/base/done.hpp"
#include "tests/fixtures/actors.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace meisim::test {

/// What the scripted store has been told, and what it will say.
struct script {
  std::deque<leased_rows> open;
  std::vector<checked_row> verdicts;
  std::vector<failed_attempt> attempts;
  std::vector<renew_leases> renewals;
  std::vector<uuid> lost;
  /// The devices of all nodes, as they were told.
  std::map<std::string, device_state> devices;
  /// What the store says of devices of other nodes.
  std::vector<refused_device> refused;
  /// How often each code was asked about; none is, beyond so many.
  std::map<std::string, int> asks;
  int most_asks = 3;
  /// Hosts that do well at other nodes.
  std::vector<well_host> well;
  int failures_to_come = 0;
  int writes = 0;
};

inline row_memory_actor::behavior_type scripted_store(row_memory_actor::pointer,
                                                      std::shared_ptr<script> plan) {
  return {
    [plan](const lease_rows& wish) {
      lease_grant grant;
      int32_t left = wish.count;
      // A row of each dealer in turn, as the real one does it.
      dealer_id last;
      auto is_for = [&](const leased_rows& batch) {
        return wish.devices != std::vector{batch.not_on};
      };
      while (left > 0) {
        auto next = std::find_if(plan->open.begin(), plan->open.end(), [&](const auto& batch) {
          return batch.dealer != last && is_for(batch);
        });
        if (next == plan->open.end())
          next = std::find_if(plan->open.begin(), plan->open.end(), is_for);
        if (next == plan->open.end())
          break;
        auto batch = std::move(*next);
        plan->open.erase(next);
        last = batch.dealer;
        auto chunk = batch;
        chunk.rows.resize(1);
        batch.rows.erase(batch.rows.begin());
        batch.lease.id = make_uuid();
        grant.chunks.push_back(std::move(chunk));
        if (!batch.rows.empty())
          plan->open.push_back(std::move(batch));
        --left;
      }
      return grant;
    },
    [plan](const write_verdicts& work) -> caf::result<verdicts_written> {
      ++plan->writes;
      if (plan->failures_to_come > 0) {
        --plan->failures_to_come;
        return make_error(ec::unavailable, "away");
      }
      plan->verdicts.insert(plan->verdicts.end(), work.rows.begin(), work.rows.end());
      plan->attempts.insert(plan->attempts.end(), work.attempts.begin(), work.attempts.end());
      return verdicts_written{plan->lost, false};
    },
    [plan](const renew_leases& wish) {
      plan->renewals.push_back(wish);
      return done{};
    },
    [plan](const note_devices& here) {
      for (const auto& device : here.devices)
        plan->devices[device.name] = device.state;
      return noted_devices{plan->refused};
    },
    [](const list_devices&) { return device_list{}; },
    [plan](const find_well_hosts&) { return well_hosts{plan->well}; },
    [plan](const count_ask& question) {
      auto& count = plan->asks[question.code];
      bool is_given = count < plan->most_asks;
      count += is_given ? 1 : 0;
      return ask_leave{is_given, now()};
    },
    [plan](const release_ask& question) {
      --plan->asks[question.code];
      return done{};
    },
  };
}

inline const auto alice = dealer_id::make();
inline const auto bob = dealer_id::make();
inline const auto carol = dealer_id::make();

/// What a scripted card does.
struct card {
  std::string eid;
  std::string flaw;
  /// Hosts that fail on it.
  std::vector<std::string> failing = {};
  /// Whether it is out of its reader.
  bool is_out = false;
};

inline device_driver_actor::behavior_type scripted_driver(device_driver_actor::pointer,
                                                          std::shared_ptr<card> what) {
  return {
    [what](const activation_code& code) {
      finding found;
      found.what = verdict::used;
      found.seen = {"es9p_authenticate_client", "", 200, code.host, true};
      if (std::ranges::find(what->failing, code.host) != what->failing.end()) {
        found.what = verdict::error;
        found.fault = blame::host;
      }
      if (what->is_out) {
        found = {};
        found.fault = blame::device;
      }
      return found;
    },
    [what](const test_device& question) {
      device_test result{question.name, what->eid, "v2.3.0", {{"card", true, ""}}};
      if (!what->flaw.empty())
        result.steps.push_back({"reader", false, what->flaw});
      return result;
    },
  };
}

/// A verification with a scripted store, and the devices that a test adds.
struct verification_fixture : actor_fixture {
  std::shared_ptr<script> plan = std::make_shared<script>();
  verification_actor here = start();

  verification_actor start() {
    verification_config settings;
    settings.owner = "test";
    settings.lease = std::chrono::seconds{30};
    return spawn(verification, settings, row_memory_actor{spawn(scripted_store, plan)});
  }

  /// A device that answers each code after 100 ms by the start of its matching id.
  validator_device_actor add_device(const std::string& name, device_config settings = {},
                                    verification_actor node = {}) {
    settings.name = name;
    if (settings.driver.empty())
      settings.driver = "simulated";
    settings.deadline = std::chrono::seconds{2};
    if (!settings.make_driver)
      settings.make_driver = [this](caf::actor_system&) {
        return device_driver_actor{
          spawn(simulated_driver, simulated_settings{std::chrono::milliseconds{100}, 0})};
      };
    auto device = spawn(validator_device, settings, device_owner_actor{node ? node : here});
    settle();
    return device;
  }

  /// A device with a card, which tests itself first.
  validator_device_actor add_card(const std::string& name, std::shared_ptr<card> what,
                                  const std::string& site = {}) {
    device_config settings;
    settings.driver = "lpac";
    settings.site = site;
    settings.is_tested_first = true;
    settings.make_driver = [this, what](caf::actor_system&) {
      return spawn(scripted_driver, what);
    };
    return add_device(name, settings);
  }

  void add_batch(dealer_id dealer, const std::string& matching_id, int32_t count,
                 bool is_urgent = false, const std::string& not_on = {}) {
    leased_rows batch;
    batch.lease = {make_uuid(), 1};
    batch.batch = batch_id::make();
    batch.dealer = dealer;
    batch.is_urgent = is_urgent;
    batch.not_on = not_on;
    for (int32_t i = 1; i <= count; ++i)
      batch.rows.push_back({i, "LPA:1$smdp.example.com$" + matching_id + std::to_string(i), 0});
    plan->open.push_back(std::move(batch));
    self->send(here, wake_atom_v);
    settle();
  }

  void add_row(open_row row, dealer_id dealer = alice) {
    leased_rows batch;
    batch.lease = {make_uuid(), 4};
    batch.batch = batch_id::make();
    batch.dealer = dealer;
    batch.rows.push_back(std::move(row));
    plan->open.push_back(std::move(batch));
    self->send(here, wake_atom_v);
    advance(std::chrono::seconds{1});
  }

  device_report report(const std::string& name) {
    auto list = ask<device_list>(system, here, list_devices{});
    settle();
    for (const auto& device : list.get().devices)
      if (device.name == name)
        return device;
    return {};
  }

  size_t count(verdict what) const {
    size_t result = 0;
    for (const auto& row : plan->verdicts)
      result += row.found.what == what;
    return result;
  }
};

} // namespace meisim::test
