#include "protocols/cluster/cluster.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace meisim {

std::optional<int32_t> common_version(wire_range a, wire_range b) {
  auto newest = std::min(a.newest, b.newest);
  return newest < std::max(a.oldest, b.oldest) ? std::nullopt : std::optional{newest};
}

std::optional<std::string> reason_to_stay_out(const node_beat& joining,
                                              const std::vector<cluster_member>& members) {
  for (const auto& other : members) {
    // It takes over the name of a process that has died just now.
    if (other.name == joining.name)
      continue;
    if (joining.cluster.empty())
      return fmt::format(
        "node {} is alive on this database, and this one has no cluster certificate: set "
        "cluster-certificate, cluster-key and cluster-ca",
        other.name);
    if (other.cluster.empty())
      return fmt::format(
        "node {} is alive on this database and has no cluster certificate: start it with one first",
        other.name);
    if (!common_version(joining.speaks, other.speaks))
      return fmt::format(
        "node {} speaks versions {} to {} of the nodes' protocol, this one {} to {}: upgrade by way of "
        "a release in between",
        other.name, other.speaks.oldest, other.speaks.newest, joining.speaks.oldest,
        joining.speaks.newest);
  }
  return std::nullopt;
}

bool has_role(std::string_view roles, std::string_view role) {
  while (!roles.empty()) {
    auto end = std::min(roles.find(','), roles.size());
    if (roles.substr(0, end) == role)
      return true;
    roles.remove_prefix(std::min(end + 1, roles.size()));
  }
  return false;
}

} // namespace meisim
