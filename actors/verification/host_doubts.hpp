#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/verification/row_leases.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace meisim {

/// Tells whether the host or the device is at fault when a host fails on a device. Dealers choose
/// the hosts, so one host proves nothing, and neither do many hosts of one dealer. Hosts that fail
/// on a device and do well on others are witnesses against it. A host that several dealers ask is
/// one witness. A dealer is one witness for all the hosts that nobody else asks. With three
/// witnesses the device is doubted. While there is only one dealer, it could only harm itself, so
/// each of its hosts is a witness. Devices of other nodes count as well, once they have been asked
/// about.
class host_doubts {
public:
  /// The device has come to a verdict about a code of this dealer with this host.
  void note_success(const std::string& device, const std::string& host, dealer_id dealer);

  /// An error that the host may have brought about. Returns why the device is to be doubted, if it
  /// is. Then its count begins anew.
  std::optional<std::string> note_failure(const std::string& device, const std::string& host,
                                          dealer_id dealer);

  /// What to ask other nodes about the hosts that fail on the device, once enough of them are
  /// unknown here. It asks less and less often, the longer this goes on.
  std::optional<find_well_hosts> question_about(const std::string& device);

  /// The answer to such a question. It counts until the device does well.
  void hear_of(const std::string& device, const well_hosts& elsewhere);

  void forget_device(const std::string& device);

private:
  static constexpr size_t witnesses_to_doubt = 3;
  /// Dealers can name any number of hosts: beyond this many, all are forgotten.
  static constexpr size_t most_hosts = 4'096;

  struct known_host {
    /// Who asked it first.
    dealer_id dealer;
    /// Whether another one has asked it too.
    bool is_shared = false;
    /// The devices that it did well on last time.
    std::set<std::string> well_on = {};

    bool does_well_elsewhere(const std::string& device) const;
  };

  /// What has failed on a device since its last success.
  struct failing_run {
    std::set<std::string> hosts = {};
    /// Those that have done well at other nodes meanwhile.
    std::set<std::string> well_elsewhere = {};
    instant since = now();
    size_t failures = 0;
    /// From how many failures on it is asked about the hosts.
    size_t ask_from = witnesses_to_doubt;
  };

  known_host& know(const std::string& name, dealer_id dealer);
  size_t count_witnesses(const std::string& device, const failing_run& run) const;

  std::map<std::string, known_host> hosts_;
  std::map<std::string, failing_run> failed_;
  /// The first dealer of all, and whether there was another.
  std::optional<dealer_id> first_dealer_;
  bool are_dealers_several_ = false;
};

} // namespace meisim
