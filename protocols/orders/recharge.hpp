#pragma once

#include "protocols/base/money.hpp"
#include "protocols/orders/foreign_charge.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// Top-ups of SIMs that are already in somebody's phone.

/// An extra that a network sells with a top-up.
struct network_bundle {
  std::string code;
  std::string description;
  /// Hundredths of the network's currency.
  int64_t value = 0;
};

/// A value that a network can be topped up with, if it does not take all values between two bounds.
struct network_value {
  /// Hundredths of the network's currency.
  int64_t value = 0;
  /// What the provider charges, in hundred-millionths of a dollar.
  int64_t usd_cost = 0;
  /// What it brings, if that is more than credit; otherwise empty.
  std::string description = {};
  /// The provider's own name for it.
  std::string code = {};
};

/// A network whose SIMs can be topped up.
struct network {
  /// `Vodafone-UK`.
  std::string name;
  std::string country_iso;
  /// ISO 4217.
  std::string currency;
  /// What a top-up may be worth, in hundredths of the currency.
  int64_t least = 0;
  int64_t most = 0;
  /// What the provider charges for one unit of the currency, in hundred-millionths of a dollar.
  int64_t usd_rate = 0;
  std::vector<network_bundle> bundles;
  /// What it charges besides for each top-up, in the same unit.
  int64_t usd_fee = 0;
  /// The only values that can be had, each with its own price. Empty if all values between `least`
  /// and `most` can be had.
  std::vector<network_value> values = {};
  /// Whether a SIM may be named by its serial number.
  bool takes_serials = true;
  /// The provider's own name for it, if that differs.
  std::string code = {};
  /// The currency in which the provider charges, if it is not dollars, and since when the rates
  /// hold.
  foreign_charge charge = {};
};

/// The extra of this code; null if the network has none.
const network_bundle* find_network_bundle(const network& from, std::string_view code);

/// The fixed value of this amount; null if the network has none.
const network_value* find_network_value(const network& from, int64_t value);

/// What the provider charges for `value` hundredths of the network's currency, rounded up to the
/// cent.
money price_of(const network& from, int64_t value);

/// Adds a network to a list. If its name is there already, only its values are added; of two equal
/// values the cheaper one stays. Values in another currency are not added. Returns whether anything
/// is new.
bool add_network(std::vector<network>& to, network what);

/// The name that dealers use for a network which a provider knows by a number: `Vodafone-UK-341`.
std::string network_name(std::string_view name, std::string_view number);

/// Which SIM is meant; exactly one of the two is there.
struct sim_target {
  /// E.164, with its plus sign.
  std::string contact_number;
  /// The ICCID's digits.
  std::string sim_serial;
};

/// A top-up that is ordered: credit onto a SIM of a network, or a bundle's data onto an eSIM that
/// was sold before.
struct recharge {
  /// The network's name, or the bundle's.
  std::string network;
  sim_target sim;
  /// The currency of the values below; empty for data.
  std::string currency;
  /// Hundredths of the currency; zero for data.
  int64_t value = 0;
  /// The extra that goes with it; empty and zero without one.
  std::string bundle_code;
  int64_t bundle_value = 0;

  /// Whether it brings the data of a bundle. Then `sim_serial` is the eSIM's ICCID.
  bool is_data() const {
    return value == 0;
  }
};

/// Is there such a SIM on the network? Nothing is charged for asking.
struct sim_question {
  std::string network;
  sim_target sim;
};

/// `20.00` for 2000 hundredths of any currency.
std::string hundredths_to_string(int64_t value);

} // namespace meisim
