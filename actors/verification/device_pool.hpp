#pragma once

#include "actors/verification/row_queue.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"
#include "protocols/verification/row_leases.hpp"

#include <array>
#include <chrono>
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
  /// The `device_report::site` of this node's own devices. A device of another site is not believed
  /// where it says that it asks nobody.
  explicit device_pool(std::string own_site = {});

  /// A row on its way to a device.
  struct assignment {
    validator_device_actor device;
    check_order order;
    /// The code's `key_of` if an SM-DP+ will be asked about it, because that is counted first;
    /// otherwise empty.
    std::string counted_code;
  };

  /// A row that is no longer with a device.
  struct returned_row {
    waiting_row row;
    std::string device;
    /// When the question to the SM-DP+ was counted; zero if it was not.
    instant counted_at{};
    /// Whether it was with a device of this node.
    bool is_own = true;
  };

  /// A device that is not taken in.
  struct stranger {
    device_report report;
    validator_device_actor device;
  };

  /// The actor of the device with this name; null if there is none.
  validator_device_actor find(const std::string& name) const;

  /// How a device is; nothing if there is none of this name.
  std::optional<device_report> report_of(const std::string& name) const;

  /// The name of the device whose actor has this address.
  std::optional<std::string> name_of(const caf::actor_addr& address) const;

  /// Whether a device of another process has this one's name.
  bool is_taken(const device_report& report) const;

  /// Remembers a device whose name is taken. True if it was not known.
  bool turn_away(const device_report& report, const validator_device_actor& device);

  /// The next device that waits for this name. It is no stranger from then on.
  std::optional<stranger> take_stranger(const std::string& name);

  void forget_stranger(const caf::actor_addr& address);

  /// Takes over what a device, which may be new, says of itself.
  void hear(const device_report& report, const validator_device_actor& device);

  /// Forgets a device, and returns the row that it had.
  std::optional<waiting_row> remove(const std::string& name);

  /// Exactly these devices are refused because of devices of other nodes.
  void refuse(const std::vector<refused_device>& devices);

  /// The devices that were refused for another device's card or name since the last call.
  std::vector<validator_device_actor> take_newly_refused();

  /// Gives rows to the devices that are free, beginning with the one that has waited longest.
  /// `time` is the present.
  std::vector<assignment> assign(row_queue& queue, std::chrono::steady_clock::time_point time);

  /// The check's question was counted. False if the row is with the device no longer.
  bool note_counted(uint64_t call_id, instant at);

  /// Ends a check that has not begun. Nothing comes back if the row has gone elsewhere meanwhile.
  std::optional<returned_row> take_back(uint64_t call_id);

  /// Takes over what a device says after a check. Nothing comes back if the row has gone elsewhere
  /// meanwhile.
  std::optional<returned_row> end_check(const check_done& result);

  /// How many devices are checking, or will check.
  size_t live() const {
    return live_;
  }

  /// The identities of their cards, see `identity_of`.
  std::vector<std::string> live_identities() const;

  bool is_checking() const {
    return !checks_.empty();
  }

  /// How many devices are in each state, in the enumeration's order.
  std::array<int, device_state_count> count_states() const;

  /// How the devices are, by name.
  std::vector<device_report> reports() const;

  /// Devices whose name another device already has.
  std::vector<device_report> strangers() const;

private:
  struct known_device {
    validator_device_actor handle;
    device_report report;
    std::optional<uint64_t> call_id;
    /// What it was before the check.
    device_state state_before = device_state::idle;
    /// Whether its name stands in `free_`.
    bool is_listed = false;
    /// Of two devices with one card, the one that came first has it.
    uint64_t turn = 0;
    /// Why it gets no rows: because of a device here, or of one at another node.
    std::string refused_here;
    std::string refused_elsewhere;

    bool is_refused() const {
      return !refused_here.empty() || !refused_elsewhere.empty();
    }

    bool is_free() const {
      return !call_id && !is_refused()
             && (report.state == device_state::idle || report.state == device_state::probing);
    }

    bool is_live() const {
      return !is_refused()
             && (report.state == device_state::idle || report.state == device_state::probing
                 || report.state == device_state::checking);
    }
  };

  /// Changes a device by `how(known)`, and what is counted and listed with it.
  template <class How>
  void change(known_device& known, How how);

  /// Refuses all but the first of the devices that have one card.
  void tell_cards_apart();

  /// Sets why a device gets no rows, or with an empty reason that it gets them.
  void refuse_for(known_device& known, std::string known_device::*whose, std::string reason);

  static device_report shown(const known_device& known);

  /// Whether `row` may go to the device. It does not go to a device where it failed, as long as
  /// there is another, and never to the device that must not check it.
  bool may_check(const known_device& device, const waiting_row& row) const;

  bool is_own(const known_device& device) const;

  uint64_t new_call_id() const;
  assignment give(known_device& to, const std::string& name, waiting_row row);

  std::string own_site_;
  std::unordered_map<std::string, known_device> devices_;
  /// Names of devices that may be free, the one that has waited longest first.
  std::deque<std::string> free_;
  /// By the id of the call.
  std::unordered_map<uint64_t, returned_row> checks_;
  uint64_t last_turn_ = 0;
  std::vector<stranger> strangers_;
  std::vector<validator_device_actor> newly_refused_;
  size_t live_ = 0;
};

} // namespace meisim
