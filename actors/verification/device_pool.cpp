#include "actors/verification/device_pool.hpp"

#include "protocols/base/crypto.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

device_pool::device_pool(std::string own_site) : own_site_(std::move(own_site)) {
  // nop
}

bool device_pool::is_own(const known_device& device) const {
  return device.report.site == own_site_;
}

validator_device_actor device_pool::find(const std::string& name) const {
  auto known = devices_.find(name);
  return known == devices_.end() ? validator_device_actor{} : known->second.handle;
}

std::optional<device_report> device_pool::report_of(const std::string& name) const {
  auto known = devices_.find(name);
  return known == devices_.end() ? std::nullopt : std::optional{shown(known->second)};
}

std::optional<std::string> device_pool::name_of(const caf::actor_addr& address) const {
  for (const auto& [name, known] : devices_)
    if (known.handle.address() == address)
      return name;
  return std::nullopt;
}

template <class How>
void device_pool::change(known_device& known, How how) {
  live_ -= known.is_live() ? 1 : 0;
  how(known);
  live_ += known.is_live() ? 1 : 0;
  if (known.is_free() && !std::exchange(known.is_listed, true))
    free_.push_back(known.report.name);
}

bool device_pool::is_taken(const device_report& report) const {
  auto known = devices_.find(report.name);
  return known != devices_.end() && known->second.report.site != report.site;
}

bool device_pool::turn_away(const device_report& report, const validator_device_actor& device) {
  auto known = std::ranges::find(strangers_, device, &stranger::device);
  if (known != strangers_.end()) {
    known->report = report;
    return false;
  }
  strangers_.push_back({report, device});
  return true;
}

std::optional<device_pool::stranger> device_pool::take_stranger(const std::string& name) {
  auto next = std::ranges::find_if(strangers_,
                                   [&](const stranger& each) { return each.report.name == name; });
  if (next == strangers_.end())
    return std::nullopt;
  auto taken = std::move(*next);
  strangers_.erase(next);
  return taken;
}

void device_pool::forget_stranger(const caf::actor_addr& address) {
  std::erase_if(strangers_, [&](const stranger& each) { return each.device.address() == address; });
}

void device_pool::hear(const device_report& report, const validator_device_actor& device) {
  auto [place, is_new] = devices_.try_emplace(report.name);
  auto& known = place->second;
  known.handle = device;
  if (is_new) {
    known.turn = ++last_turn_;
    // It is counted below as what it is then.
    known.report.state = device_state::lost;
  }
  bool has_other_card = known.report.eid != report.eid;
  change(known, [&](known_device& to) { to.report = report; });
  if (has_other_card)
    tell_cards_apart();
}

void device_pool::tell_cards_apart() {
  std::vector<known_device*> all;
  for (auto& [name, known] : devices_)
    all.push_back(&known);
  std::ranges::sort(all, {}, &known_device::turn);
  std::unordered_map<std::string, std::string> owners;
  for (auto* known : all) {
    const auto& eid = known->report.eid;
    std::string reason;
    if (!eid.empty())
      if (auto [owner, is_first] = owners.emplace(eid, known->report.name); !is_first)
        reason = "its card is that of " + owner->second;
    refuse_for(*known, &known_device::refused_here, std::move(reason));
  }
}

void device_pool::refuse_for(known_device& known, std::string known_device::*whose,
                             std::string reason) {
  if (!reason.empty() && !known.is_refused())
    newly_refused_.push_back(known.handle);
  change(known, [&](known_device& to) { to.*whose = std::move(reason); });
}

void device_pool::refuse(const std::vector<refused_device>& devices) {
  for (auto& [name, known] : devices_) {
    auto found = std::ranges::find(devices, name, &refused_device::name);
    auto reason = found == devices.end() ? std::string{} : found->reason;
    refuse_for(known, &known_device::refused_elsewhere, std::move(reason));
  }
}

std::vector<validator_device_actor> device_pool::take_newly_refused() {
  return std::exchange(newly_refused_, {});
}

std::optional<waiting_row> device_pool::remove(const std::string& name) {
  auto lost = devices_.extract(name);
  live_ -= lost.mapped().is_live() ? 1 : 0;
  if (!lost.mapped().report.eid.empty())
    tell_cards_apart();
  auto call_id = lost.mapped().call_id;
  auto check = call_id ? checks_.extract(*call_id) : decltype(checks_)::node_type{};
  if (!check)
    return std::nullopt;
  return std::move(check.mapped().row);
}

std::vector<device_pool::assignment> device_pool::assign(
  row_queue& queue, std::chrono::steady_clock::time_point time) {
  std::vector<assignment> result;
  for (auto left = free_.size(); left > 0 && queue.size() > 0; --left) {
    auto name = std::move(free_.front());
    free_.pop_front();
    auto known = devices_.find(name);
    if (known == devices_.end())
      continue;
    known->second.is_listed = false;
    if (!known->second.is_free())
      continue;
    auto row = queue.take([&](const waiting_row& each) {
      return each.not_before <= time && may_check(known->second, each);
    });
    if (row) {
      result.push_back(give(known->second, name, std::move(*row)));
    } else {
      known->second.is_listed = true;
      free_.push_back(std::move(name));
    }
  }
  return result;
}

bool device_pool::may_check(const known_device& device, const waiting_row& row) const {
  auto is_avoided = [&](const known_device& each) {
    return std::ranges::find(row.avoided, each.report.name) != row.avoided.end();
  };
  if (identity_of(device.report) == row.not_on)
    return false;
  return !is_avoided(device) || std::ranges::none_of(devices_, [&](const auto& other) {
    const auto& [name, known] = other;
    return known.is_live() && !is_avoided(known) && identity_of(known.report) != row.not_on;
  });
}

/// Nobody can guess the id. A result is taken from whoever knows it, and each site learns only the
/// ids of its own checks.
uint64_t device_pool::new_call_id() const {
  uint64_t id = 0;
  do
    random_bytes(&id, sizeof(id));
  while (id == 0 || checks_.contains(id));
  return id;
}

device_pool::assignment device_pool::give(known_device& to, const std::string& name,
                                          waiting_row row) {
  auto call_id = new_call_id();
  to.call_id = call_id;
  to.state_before = std::exchange(to.report.state, device_state::checking);
  // A simulated device asks nobody.
  bool is_counted = !is_own(to) || to.report.driver != "simulated";
  assignment result{
    to.handle, {call_id, row.code, row.attempts > 0}, is_counted ? key_of(row.code) : ""};
  checks_.emplace(call_id, returned_row{std::move(row), name, {}, is_own(to)});
  return result;
}

bool device_pool::note_counted(uint64_t call_id, instant at) {
  auto check = checks_.find(call_id);
  if (check == checks_.end())
    return false;
  check->second.counted_at = at;
  return true;
}

std::optional<device_pool::returned_row> device_pool::take_back(uint64_t call_id) {
  auto check = checks_.extract(call_id);
  if (!check)
    return std::nullopt;
  auto device = devices_.find(check.mapped().device);
  if (device != devices_.end())
    change(device->second, [](known_device& to) {
      to.call_id.reset();
      to.report.state = to.state_before;
    });
  return std::move(check.mapped());
}

std::optional<device_pool::returned_row> device_pool::end_check(const check_done& result) {
  auto check = checks_.extract(result.call_id);
  if (!check)
    return std::nullopt;
  auto device = devices_.find(check.mapped().device);
  if (device != devices_.end())
    change(device->second, [&](known_device& to) {
      to.call_id.reset();
      auto known = std::exchange(to.report, result.device);
      // The result itself is not believed when it says which device it comes from.
      to.report.name = known.name;
      to.report.driver = known.driver;
      to.report.node = known.node;
      to.report.site = known.site;
    });
  return std::move(check.mapped());
}

std::vector<std::string> device_pool::live_identities() const {
  std::vector<std::string> identities;
  identities.reserve(live_);
  for (const auto& [name, known] : devices_)
    if (known.is_live())
      identities.push_back(identity_of(known.report));
  return identities;
}

device_report device_pool::shown(const known_device& known) {
  auto report = known.report;
  if (known.is_refused()) {
    report.state = device_state::refused;
    report.detail = known.refused_here.empty() ? known.refused_elsewhere : known.refused_here;
  }
  return report;
}

std::array<int, device_state_count> device_pool::count_states() const {
  std::array<int, device_state_count> counts{};
  for (const auto& [name, known] : devices_)
    ++counts.at(static_cast<size_t>(shown(known).state));
  return counts;
}

std::vector<device_report> device_pool::reports() const {
  std::vector<device_report> result;
  result.reserve(devices_.size());
  for (const auto& [name, known] : devices_)
    result.push_back(shown(known));
  std::ranges::sort(result, {}, &device_report::name);
  return result;
}

std::vector<device_report> device_pool::strangers() const {
  std::vector<device_report> result;
  for (const auto& each : strangers_) {
    result.push_back(each.report);
    result.back().state = device_state::refused;
    result.back().detail = "its name is taken by a device of another process";
  }
  return result;
}

} // namespace meisim
