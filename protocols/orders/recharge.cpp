#include "protocols/orders/recharge.hpp"

#include <algorithm>

namespace meisim {

const network_bundle* find_network_bundle(const network& from, std::string_view code) {
  auto found = std::ranges::find(from.bundles, code, &network_bundle::code);
  return found == from.bundles.end() ? nullptr : &*found;
}

money price_of(const network& from, int64_t value) {
  constexpr int64_t unit = 10'000;
  return money::from_cents((value * from.usd_rate + unit / 2) / unit);
}

std::string hundredths_to_string(int64_t value) {
  return to_string(money::from_cents(value));
}

} // namespace meisim
