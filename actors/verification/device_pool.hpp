#pragma once

#include "actors/verification/row_queue.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim {

/// The devices that work for a node, and which row each of them checks.
class device_pool {
public:
  /// A row on its way to a device.
  struct assignment {
    validator_device_actor device;
    check_order order;
  };

  /// A row that is with a device no longer.
  struct returned_row {
    waiting_row row;
    std::string device;
  };

  /// The actor of the device with this name; null if there is none.
  validator_device_actor find(const std::string& name) const;

  /// The name of the device whose actor has this address.
  std::optional<std::string> name_of(const caf::actor_addr& address) const;

  /// Takes over what a device, which may be new, says of itself.
  void hear(const device_report& report, const validator_device_actor& device);

  /// Forgets a device that is there. Gives the row that it had.
  std::optional<waiting_row> remove(const std::string& name);

  /// Gives rows to the devices that are free, beginning with the one that has waited longest.
  std::vector<assignment> assign(row_queue& queue);

  /// Takes over what a device says after a check. Nothing comes back if the row has gone elsewhere
  /// meanwhile.
  std::optional<returned_row> end_check(const check_done& result);

  /// How many devices check, or will.
  size_t live() const {
    return live_;
  }

  /// Their names.
  std::vector<std::string> live_names() const;

  bool is_checking() const {
    return !checks_.empty();
  }

  /// How many devices are in each state, in the enumeration's order.
  std::array<int, device_state_count> count_states() const;

  /// What the devices say of themselves, by name.
  std::vector<device_report> reports() const;

private:
  struct known_device {
    validator_device_actor handle;
    device_report report;
    std::optional<uint64_t> call_id;
    /// Whether its name stands among the free ones.
    bool is_listed = false;

    bool is_free() const {
      return !call_id
             && (report.state == device_state::idle || report.state == device_state::probing);
    }

    bool is_live() const {
      return report.state != device_state::resting && report.state != device_state::drained;
    }
  };

  void update(known_device& known, const device_report& report);

  /// Whether `row` may go to the device: not where it failed, as long as there is another, and
  /// never to the device that must not check it.
  bool may_check(const std::string& name, const waiting_row& row) const;

  assignment give(known_device& to, const std::string& name, waiting_row row);

  std::unordered_map<std::string, known_device> devices_;
  /// Names of devices that may be free, the one that has waited longest first.
  std::deque<std::string> free_;
  /// By the id of the call.
  std::unordered_map<uint64_t, returned_row> checks_;
  uint64_t last_call_id_ = 0;
  size_t live_ = 0;
};

} // namespace meisim
