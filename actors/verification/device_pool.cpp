#include "actors/verification/device_pool.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

validator_device_actor device_pool::find(const std::string& name) const {
  auto known = devices_.find(name);
  return known == devices_.end() ? validator_device_actor{} : known->second.handle;
}

std::optional<std::string> device_pool::name_of(const caf::actor_addr& address) const {
  for (const auto& [name, known] : devices_)
    if (known.handle.address() == address)
      return name;
  return std::nullopt;
}

void device_pool::hear(const device_report& report, const validator_device_actor& device) {
  auto [place, is_new] = devices_.try_emplace(report.name);
  auto& known = place->second;
  known.handle = device;
  // A new one counts as idle until its report is read.
  live_ += is_new ? 1 : 0;
  update(known, report);
}

void device_pool::update(known_device& known, const device_report& report) {
  live_ -= known.is_live() ? 1 : 0;
  known.report = report;
  live_ += known.is_live() ? 1 : 0;
  if (known.is_free() && !std::exchange(known.is_listed, true))
    free_.push_back(report.name);
}

std::optional<waiting_row> device_pool::remove(const std::string& name) {
  auto lost = devices_.extract(name);
  live_ -= lost.mapped().is_live() ? 1 : 0;
  auto call_id = lost.mapped().call_id;
  auto check = call_id ? checks_.extract(*call_id) : decltype(checks_)::node_type{};
  if (!check)
    return std::nullopt;
  return std::move(check.mapped().row);
}

std::vector<device_pool::assignment> device_pool::assign(row_queue& queue) {
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
    auto row = queue.take([&](const waiting_row& each) { return may_check(name, each); });
    if (row) {
      result.push_back(give(known->second, name, std::move(*row)));
    } else {
      known->second.is_listed = true;
      free_.push_back(std::move(name));
    }
  }
  return result;
}

bool device_pool::may_check(const std::string& name, const waiting_row& row) const {
  auto is_avoided = [&](const std::string& device) {
    return std::ranges::find(row.avoided, device) != row.avoided.end();
  };
  if (name == row.not_on)
    return false;
  return !is_avoided(name) || std::ranges::none_of(devices_, [&](const auto& other) {
    return other.second.is_live() && !is_avoided(other.first) && other.first != row.not_on;
  });
}

device_pool::assignment device_pool::give(known_device& to, const std::string& name,
                                          waiting_row row) {
  auto call_id = ++last_call_id_;
  to.call_id = call_id;
  to.report.state = device_state::checking;
  assignment result{to.handle, {call_id, row.code, row.attempts > 0}};
  checks_.emplace(call_id, returned_row{std::move(row), name});
  return result;
}

std::optional<device_pool::returned_row> device_pool::end_check(const check_done& result) {
  auto check = checks_.extract(result.call_id);
  if (!check)
    return std::nullopt;
  auto device = devices_.find(check.mapped().device);
  if (device != devices_.end()) {
    device->second.call_id.reset();
    update(device->second, result.device);
  }
  return std::move(check.mapped());
}

std::vector<std::string> device_pool::live_names() const {
  std::vector<std::string> names;
  names.reserve(live_);
  for (const auto& [name, known] : devices_)
    if (known.is_live())
      names.push_back(name);
  return names;
}

std::array<int, device_state_count> device_pool::count_states() const {
  std::array<int, device_state_count> counts{};
  for (const auto& [name, known] : devices_)
    ++counts.at(static_cast<size_t>(known.report.state));
  return counts;
}

std::vector<device_report> device_pool::reports() const {
  std::vector<device_report> result;
  result.reserve(devices_.size());
  for (const auto& [name, known] : devices_)
    result.push_back(known.report);
  std::ranges::sort(result, {}, &device_report::name);
  return result;
}

} // namespace meisim
