#include "protocols/orders/recharge.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/orders/exact_decimal.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

const network_bundle* find_network_bundle(const network& from, std::string_view code) {
  auto found = std::ranges::find(from.bundles, code, &network_bundle::code);
  return found == from.bundles.end() ? nullptr : &*found;
}

bool add_network(std::vector<network>& to, network what) {
  auto known = std::ranges::find(to, what.name, &network::name);
  if (known == to.end()) {
    to.push_back(std::move(what));
    return true;
  }
  if (known->currency != what.currency || known->charge.currency != what.charge.currency)
    return false;
  bool is_new = false;
  for (auto& one : what.values) {
    auto place = std::ranges::lower_bound(known->values, one.value, {}, &network_value::value);
    if (place == known->values.end() || place->value != one.value) {
      known->values.insert(place, std::move(one));
      is_new = true;
    } else if (one.usd_cost < place->usd_cost) {
      *place = std::move(one);
    }
  }
  known->least = std::min(known->least, what.least);
  known->most = std::max(known->most, what.most);
  return is_new;
}

std::string network_name(std::string_view name, std::string_view number) {
  constexpr size_t longest = 60;
  std::string result;
  for (char c : name)
    if (is_alphanumeric(c))
      result += c;
    else if (!result.empty() && result.back() != '-')
      result += '-';
  result.resize(std::min(result.size(), longest));
  if (!result.ends_with('-') && !result.empty())
    result += '-';
  return result.append(number);
}

const network_value* find_network_value(const network& from, int64_t value) {
  auto found = std::ranges::find(from.values, value, &network_value::value);
  return found == from.values.end() ? nullptr : &*found;
}

money price_of(const network& from, int64_t value) {
  constexpr int64_t cent = exact_unit / 100;
  const auto* fixed = find_network_value(from, value);
  auto cents = fixed == nullptr ? product_up(value, from.usd_rate, 100 * cent)
                                : product_up(fixed->usd_cost, 1, cent);
  return money::from_cents(cents + product_up(from.usd_fee, 1, cent));
}

std::string hundredths_to_string(int64_t value) {
  return to_string(money::from_cents(value));
}

} // namespace meisim
