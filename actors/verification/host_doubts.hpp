#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace meisim {

/// Whose fault it is where a host fails on a device. A dealer chooses the hosts, so one host proves
/// nothing: a device is doubted where several fail on it that do well on other devices.
class host_doubts {
public:
  /// The device has come to a verdict with this host.
  void note_success(const std::string& device, const std::string& host);

  /// An error that the host may have brought about. Gives why the device is to be doubted, if it
  /// is; then its count begins anew.
  std::optional<std::string> note_failure(const std::string& device, const std::string& host);

  void forget_device(const std::string& device);

private:
  static constexpr size_t hosts_to_doubt = 3;
  /// Hosts are as many as dealers like: beyond this, all are forgotten.
  static constexpr size_t most_hosts = 4'096;

  bool does_well_elsewhere(const std::string& host, const std::string& device) const;

  /// By host, the devices that it did well on last time.
  std::map<std::string, std::set<std::string>> well_on_;
  /// By device, the hosts that have failed on it since its last success.
  std::map<std::string, std::set<std::string>> failed_;
};

} // namespace meisim
