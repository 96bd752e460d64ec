#include "protocols/orders/reloadly_operators.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

/// Zero if there is none.
int64_t exact_in(const Json::Value& json, const char* name, std::string_view document) {
  return exact_up(plain_text(json, name, document)).value_or(0);
}

/// Credit onto a number is sold; data, bundles of others and vouchers are not.
bool is_credit(const Json::Value& item) {
  return !is_set(item, "pin") && !is_set(item, "bundle") && !is_set(item, "data")
         && !is_set(item, "comboProduct");
}

/// What a unit costs, by a discount and a fee in percent. If there is a fee, no discount is given.
int64_t rate_of(const Json::Value& item, std::string_view document) {
  constexpr int64_t whole = 100 * exact_unit;
  const auto& fees = member(item, "fees");
  auto fee = exact_in(fees, "internationalPercentage", document);
  auto discount = exact_in(item, "internationalDiscount", document);
  auto percent = fee > 0 ? whole + fee : std::max<int64_t>(whole - discount, 0);
  return product_up(percent, 1, 100);
}

/// The fixed values, each with its price.
std::vector<network_value> values_of(const Json::Value& item, int64_t rate,
                                     std::string_view document) {
  std::vector<network_value> result;
  const auto& amounts = member(item, "fixedAmounts");
  if (!amounts.isArray())
    return result;
  for (const auto& amount : amounts)
    if (auto value = cents_up(decimal_text(amount, document)); value && value->cents() > 0)
      result.push_back({value->cents(), product_up(value->cents(), rate, 100)});
  std::ranges::sort(result, {}, &network_value::value);
  return result;
}

/// Fills in what a top-up may be worth; false if that makes no sense.
bool read_bounds(network& to, const Json::Value& item, std::string_view document) {
  constexpr int64_t cent = exact_unit / 100;
  constexpr int64_t highest = 100'000'000;
  if (text_of(item, "denominationType") == "FIXED") {
    to.values = values_of(item, to.usd_rate, document);
    to.least = to.values.empty() ? 0 : to.values.front().value;
    to.most = to.values.empty() ? 0 : to.values.back().value;
  } else {
    auto least = exact_in(item, "minAmount", document);
    auto most = exact_in(item, "maxAmount", document);
    to.least = product_up(least, 1, cent);
    to.most = std::min(most / cent, highest);
  }
  return to.least > 0 && to.most >= to.least && to.most <= highest;
}

void add_operator(catalogue& to, const Json::Value& item, std::string_view document) {
  if (!is_credit(item)) {
    ++to.left_out;
    return;
  }
  const auto& place = member(item, "country");
  network seller;
  seller.code = plain_text(item, "operatorId", document);
  seller.name = network_name(text_of(item, "name"), seller.code);
  seller.country_iso = text_of(place, "isoName");
  seller.currency = text_of(item, "senderCurrencyCode");
  seller.charge.currency = seller.currency;
  seller.usd_rate = rate_of(item, document);
  seller.usd_fee = exact_in(member(item, "fees"), "international", document);
  seller.takes_serials = false;
  // No unit of a currency is worth more.
  constexpr int64_t highest_rate = 1'000 * exact_unit;
  bool is_whole = is_number(seller.code) && !seller.country_iso.empty() && !seller.currency.empty()
                  && seller.usd_rate > 0 && seller.usd_rate <= highest_rate;
  if (!is_whole || !read_bounds(seller, item, document)) {
    to.refused.push_back(fmt::format("{}: it has no amounts, currency or country", seller.name));
    return;
  }
  to.countries.push_back({seller.country_iso, text_of(place, "name"), {}});
  add_network(to.networks, std::move(seller));
}

} // namespace

caf::expected<catalogue> read_reloadly_operators(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::move(json.error());
  const auto& list = member(*json, "content");
  if (!list.isArray())
    return make_error(ec::internal, "no list of operators");
  catalogue result;
  for (const auto& item : list)
    add_operator(result, item, body);
  return result;
}

} // namespace meisim
