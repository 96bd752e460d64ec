#include "http/endpoints/priced_goods.hpp"

#include <algorithm>

namespace meisim::http {

namespace {

priced_good good_of(const product& item) {
  return {"product", item.id, item.name, item.country_iso, item.price, item.price, item.charge};
}

priced_good good_of(const bundle& item) {
  return {"bundle",   item.name,  item.description, item.country_iso,
          item.price, item.price, item.charge};
}

/// A network has a rate of its own if the provider charges dollars for another currency.
foreign_charge charge_of(const network& item) {
  bool has_own_rate = item.charge.currency.empty() && item.currency != "USD" && item.values.empty();
  return has_own_rate ? foreign_charge{item.currency, hundredths_to_string(item.least),
                                       item.usd_rate, item.charge.rate_at}
                      : item.charge;
}

priced_good good_of(const network& item) {
  auto price = price_of(item, item.least);
  return {"topup", item.name, item.name, item.country_iso, price, price, charge_of(item)};
}

priced_good good_of(const sku& item) {
  return {"sku", to_string(item.id), item.name, {}, item.price, item.cost};
}

} // namespace

priced_item priced_good::item() const {
  auto what = kind == "topup" ? goods::top_up : kind == "sku" ? goods::sku : goods::product;
  return {product, country, base, what};
}

std::vector<priced_good> all_goods(const catalogue& from, const std::vector<sku>& skus) {
  std::vector<priced_good> result;
  auto add = [&](const auto& items) {
    for (const auto& item : items)
      result.push_back(good_of(item));
  };
  add(from.products);
  add(from.bundles);
  add(from.networks);
  add(skus);
  return result;
}

std::optional<priced_good> find_good(const catalogue& from, const std::vector<sku>& skus,
                                     const std::string& product) {
  if (const auto* item = find_product(from, product))
    return good_of(*item);
  if (const auto* item = find_bundle(from, product))
    return good_of(*item);
  if (const auto* item = find_network(from, product))
    return good_of(*item);
  auto id = sku_id::parse(product);
  auto found = id ? std::ranges::find(skus, *id, &sku::id) : skus.end();
  return found == skus.end() ? std::nullopt : std::optional{good_of(*found)};
}

} // namespace meisim::http
