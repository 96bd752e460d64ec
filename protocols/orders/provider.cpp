#include "protocols/orders/provider.hpp"

#include <algorithm>

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
