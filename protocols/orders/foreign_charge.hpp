#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

struct catalogue;

// Providers that charge in other currencies than dollars.

/// What a unit of a currency is taken to be worth.
struct exchange_rate {
  /// ISO 4217.
  std::string currency;
  /// In hundred-millionths of a dollar; a thousand dollars at most.
  int64_t usd = 0;
  /// Since when.
  instant at;
};

/// What a provider charges in another currency, and how it was turned into dollars.
struct foreign_charge {
  /// Empty for dollars.
  std::string currency = {};
  /// As the provider writes it; empty for networks, which have rates of their own.
  std::string amount = {};
  /// Zero until it is turned into dollars.
  int64_t usd_rate = 0;
  /// Since when the rate holds; for networks that charge dollars, when their own rate was told.
  instant rate_at = {};
};

/// An amount in dollars, rounded up to the cent. Nothing if it is no decimal number from zero to
/// ten million, or if its currency has no rate.
std::optional<money> dollars_up(std::string_view amount, std::string_view currency,
                                const std::vector<exchange_rate>& rates);

/// Turns all charges in other currencies into dollars. Items without a rate are taken out, and each
/// currency without a rate is noted, and named once among the refused lines. Networks with prices
/// above the highest are taken out too.
void charge_in_dollars(catalogue& what, const std::vector<exchange_rate>& rates);

} // namespace meisim
