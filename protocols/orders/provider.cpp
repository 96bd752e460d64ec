#include "protocols/orders/provider.hpp"

#include "protocols/base/iccid.hpp"
#include "protocols/verification/activation_code.hpp"

#include <algorithm>
#include <tuple>

namespace meisim {

const product* find_product(const catalogue& from, std::string_view id) {
  auto found = std::ranges::find(from.products, id, &product::id);
  return found == from.products.end() ? nullptr : &*found;
}

const bundle* find_bundle(const catalogue& from, std::string_view name) {
  auto found = std::ranges::find(from.bundles, name, &bundle::name);
  return found == from.bundles.end() ? nullptr : &*found;
}

const network* find_network(const catalogue& from, std::string_view name) {
  auto found = std::ranges::find(from.networks, name, &network::name);
  return found == from.networks.end() ? nullptr : &*found;
}

void add_offer(catalogue& to, bundle offer, foreign_charge charge) {
  to.products.push_back({offer.name, offer.description, offer.country_iso, offer.price, false,
                         false, false, offer.region, offer.data_mb, offer.validity_days});
  to.products.back().charge = charge;
  to.products.back().tops_up = offer.tops_up;
  offer.listed_price = charge.amount;
  offer.charge = std::move(charge);
  to.bundles.push_back(std::move(offer));
}

bool is_same_offer(const product& a, const product& b) {
  auto told = [](const product& x) {
    return std::tie(x.id, x.name, x.country_iso, x.price, x.needs_imei, x.needs_eid,
                    x.needs_address, x.region, x.data_mb, x.validity_days);
  };
  return told(a) == told(b);
}

std::string_view provider_prefix(std::string_view name) {
  auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
}

esim in_one_form(esim bought) {
  if (auto iccid = read_iccid(bought.iccid); iccid.number)
    bought.iccid = iccid.number->digits;
  if (auto code = read_activation_code(bought.lpa);
      code.code && code.code->confirmation_code.empty())
    bought.lpa = to_string(*code.code);
  return bought;
}

std::optional<money> cost_of(const provider_order& order, const catalogue& by) {
  if (order.top_up && !order.top_up->is_data()) {
    const auto* seller = find_network(by, order.product);
    if (!seller)
      return std::nullopt;
    return price_of(*seller, order.top_up->value + order.top_up->bundle_value);
  }
  if (const auto* plan = find_product(by, order.product))
    return plan->price;
  if (const auto* data = find_bundle(by, order.product))
    return data->price;
  return std::nullopt;
}

std::string_view to_string(provider_verdict verdict) {
  switch (verdict) {
  case provider_verdict::placed:
    return "placed";
  case provider_verdict::refused:
    return "refused";
  case provider_verdict::unknown:
    return "unknown";
  case provider_verdict::unavailable:
    return "unavailable";
  case provider_verdict::ours:
    return "ours";
  case provider_verdict::contested:
    return "contested";
  case provider_verdict::absent:
    return "absent";
  }
  return "unknown";
}

} // namespace meisim
