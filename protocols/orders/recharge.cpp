#include "protocols/orders/recharge.hpp"

#include "protocols/base/ascii.hpp"

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

bool is_e164(std::string_view text) {
  constexpr size_t fewest_digits = 8;
  constexpr size_t most_digits = 15;
  if (text.size() < 1 + fewest_digits || text.size() > 1 + most_digits || text[0] != '+'
      || text[1] == '0')
    return false;
  return std::all_of(text.begin() + 1, text.end(), is_digit);
}

std::string hundredths_to_string(int64_t value) {
  return to_string(money::from_cents(value));
}

} // namespace meisim
