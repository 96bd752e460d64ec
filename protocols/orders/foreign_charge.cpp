#include "protocols/orders/foreign_charge.hpp"

#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace meisim {

namespace {

bool is_in_dollars(std::string_view currency) {
  return currency.empty() || currency == "USD";
}

const exchange_rate* find_rate(const std::vector<exchange_rate>& rates, std::string_view currency) {
  auto found = std::ranges::find(rates, currency, &exchange_rate::currency);
  return found == rates.end() ? nullptr : &*found;
}

std::optional<money> dollars_at(std::string_view amount, int64_t rate) {
  constexpr int64_t cent = exact_unit / 100;
  auto exact = exact_up(amount);
  if (!exact)
    return std::nullopt;
  auto result = money::from_cents(product_up(product_up(*exact, rate, exact_unit), 1, cent));
  return result <= highest_price ? std::optional{result} : std::nullopt;
}

bool charge_at(const exchange_rate& rate, auto& item) {
  auto price = dollars_at(item.charge.amount, rate.usd);
  item.price = price.value_or(money{});
  return price.has_value();
}

bool charge_at(const exchange_rate& rate, network& item) {
  item.usd_rate = product_up(item.usd_rate, rate.usd, exact_unit);
  item.usd_fee = product_up(item.usd_fee, rate.usd, exact_unit);
  for (auto& one : item.values)
    one.usd_cost = product_up(one.usd_cost, rate.usd, exact_unit);
  return true;
}

money dearest(const network& of) {
  auto result = price_of(of, of.most);
  for (const auto& one : of.values)
    result = std::max(result, price_of(of, one.value));
  return result;
}

/// How many lines were taken out for the lack of a rate, by their currency.
using missing_rates = std::map<std::string, size_t>;

/// Whether the item has its price in dollars now.
bool charge_item(auto& item, catalogue& of, const std::vector<exchange_rate>& rates,
                 missing_rates& missing) {
  if (item.charge.currency.empty())
    item.charge.currency = of.currency;
  if (is_in_dollars(item.charge.currency)) {
    item.charge = {};
    item.charge.rate_at = of.fetched_at;
    return true;
  }
  const auto* rate = find_rate(rates, item.charge.currency);
  if (rate == nullptr) {
    ++missing[item.charge.currency];
    return false;
  }
  if (!charge_at(*rate, item)) {
    of.refused.push_back(
      fmt::format("{} {} is above the highest price", item.charge.amount, item.charge.currency));
    return false;
  }
  item.charge.usd_rate = rate->usd;
  item.charge.rate_at = rate->at;
  return true;
}

} // namespace

std::optional<money> dollars_up(std::string_view amount, std::string_view currency,
                                const std::vector<exchange_rate>& rates) {
  if (is_in_dollars(currency))
    return cents_up(amount);
  const auto* rate = find_rate(rates, currency);
  return rate == nullptr ? std::nullopt : dollars_at(amount, rate->usd);
}

void charge_in_dollars(catalogue& what, const std::vector<exchange_rate>& rates) {
  missing_rates missing;
  auto charge_all = [&](auto& items) {
    std::erase_if(items, [&](auto& item) { return !charge_item(item, what, rates, missing); });
  };
  charge_all(what.bundles);
  charge_all(what.products);
  charge_all(what.networks);
  std::erase_if(what.networks, [&](const auto& item) {
    bool is_too_dear = dearest(item) > highest_price;
    if (is_too_dear)
      what.refused.push_back(
        fmt::format("{}: a top-up costs more than {}", item.name, to_string(highest_price)));
    return is_too_dear;
  });
  for (const auto& [currency, lines] : missing) {
    what.unrated.push_back(currency);
    what.refused.push_back(fmt::format("{} lines: the provider charges {}, for which no rate-{} is "
                                       "configured",
                                       lines, currency, currency));
  }
}

} // namespace meisim
