#include "actors/verification/host_doubts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

host_doubts::known_host& host_doubts::know(const std::string& name, dealer_id dealer) {
  if (!first_dealer_)
    first_dealer_ = dealer;
  are_dealers_several_ = are_dealers_several_ || dealer != *first_dealer_;
  if (hosts_.size() >= most_hosts && !hosts_.contains(name))
    hosts_.clear();
  auto& known = hosts_.try_emplace(name, known_host{dealer}).first->second;
  known.is_shared = known.is_shared || dealer != known.dealer;
  return known;
}

void host_doubts::note_success(const std::string& device, const std::string& host,
                               dealer_id dealer) {
  failed_.erase(device);
  know(host, dealer).well_on.insert(device);
}

std::optional<std::string> host_doubts::note_failure(const std::string& device,
                                                     const std::string& host, dealer_id dealer) {
  know(host, dealer).well_on.erase(device);
  auto& failed = failed_[device];
  if (failed.size() < most_hosts)
    failed.insert(host);
  auto count = count_witnesses(device, failed);
  if (count < witnesses_to_doubt)
    return std::nullopt;
  failed_.erase(device);
  return fmt::format("at least {} hosts fail on it and do well on other devices, {} last", count,
                     host);
}

size_t host_doubts::count_witnesses(const std::string& device,
                                    const std::set<std::string>& failed) const {
  size_t shared = 0;
  std::set<dealer_id> dealers;
  for (const auto& name : failed) {
    auto known = hosts_.find(name);
    if (known == hosts_.end() || !known->second.does_well_elsewhere(device))
      continue;
    if (known->second.is_shared || !are_dealers_several_)
      ++shared;
    else
      dealers.insert(known->second.dealer);
  }
  return shared + dealers.size();
}

bool host_doubts::known_host::does_well_elsewhere(const std::string& device) const {
  return std::ranges::any_of(well_on, [&](const std::string& other) { return other != device; });
}

void host_doubts::forget_device(const std::string& device) {
  failed_.erase(device);
  for (auto& [name, known] : hosts_)
    known.well_on.erase(device);
}

} // namespace meisim
