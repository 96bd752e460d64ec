#include "actors/verification/host_doubts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

void host_doubts::note_success(const std::string& device, const std::string& host) {
  failed_.erase(device);
  if (well_on_.size() >= most_hosts && !well_on_.contains(host))
    well_on_.clear();
  well_on_[host].insert(device);
}

std::optional<std::string> host_doubts::note_failure(const std::string& device,
                                                     const std::string& host) {
  if (auto known = well_on_.find(host); known != well_on_.end())
    known->second.erase(device);
  auto& failed = failed_[device];
  if (failed.size() < most_hosts)
    failed.insert(host);
  auto count = std::ranges::count_if(
    failed, [&](const std::string& each) { return does_well_elsewhere(each, device); });
  if (static_cast<size_t>(count) < hosts_to_doubt)
    return std::nullopt;
  failed_.erase(device);
  return fmt::format("{} hosts fail on it and do well on other devices, {} last", count, host);
}

bool host_doubts::does_well_elsewhere(const std::string& host, const std::string& device) const {
  auto known = well_on_.find(host);
  return known != well_on_.end()
         && std::ranges::any_of(known->second,
                                [&](const std::string& other) { return other != device; });
}

void host_doubts::forget_device(const std::string& device) {
  failed_.erase(device);
  for (auto& [host, devices] : well_on_)
    devices.erase(device);
}

} // namespace meisim
