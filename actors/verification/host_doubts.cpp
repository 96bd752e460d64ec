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
  auto& run = failed_[device];
  ++run.failures;
  if (run.hosts.size() < most_hosts)
    run.hosts.insert(host);
  auto count = count_witnesses(device, run);
  if (count < witnesses_to_doubt)
    return std::nullopt;
  failed_.erase(device);
  return fmt::format("at least {} hosts fail on it and do well on other devices, {} last", count,
                     host);
}

std::optional<find_well_hosts> host_doubts::question_about(const std::string& device) {
  auto found = failed_.find(device);
  if (found == failed_.end())
    return std::nullopt;
  auto& run = found->second;
  if (run.hosts.size() < witnesses_to_doubt || run.failures < run.ask_from)
    return std::nullopt;
  run.ask_from = 2 * run.failures;
  return find_well_hosts{device, {run.hosts.begin(), run.hosts.end()}, run.since};
}

void host_doubts::hear_of(const std::string& device, const well_hosts& elsewhere) {
  auto run = failed_.find(device);
  if (run == failed_.end())
    return;
  for (const auto& seen : elsewhere.hosts) {
    know(seen.host, seen.dealer);
    run->second.well_elsewhere.insert(seen.host);
  }
}

size_t host_doubts::count_witnesses(const std::string& device, const failing_run& run) const {
  size_t shared = 0;
  std::set<dealer_id> dealers;
  for (const auto& name : run.hosts) {
    auto known = hosts_.find(name);
    bool does_well =
      known != hosts_.end()
      && (known->second.does_well_elsewhere(device) || run.well_elsewhere.contains(name));
    if (!does_well)
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
