#include "protocols/orders/losses.hpp"

#include <string_view>
#include <unordered_map>

namespace meisim {

std::vector<loss> losses_of(const catalogue& current, const price_book& book, instant at) {
  std::unordered_map<std::string_view, priced_item> listed;
  for (const auto& item : current.bundles)
    listed.insert_or_assign(item.name, priced_item{item.name, item.country_iso, item.price});
  for (const auto& item : current.products)
    listed.insert_or_assign(item.id, priced_item{item.id, item.country_iso, item.price});
  std::vector<loss> result;
  book.for_each_product([&](dealer_id dealer, const std::string& name) {
    auto found = listed.find(name);
    if (found == listed.end())
      return;
    auto decision = book.decide(found->second, {dealer, 0, at});
    if (decision.is_loss(found->second))
      result.push_back(
        {name, std::string{provider_prefix(name)}, dealer, found->second.base, decision.price});
  });
  return result;
}

} // namespace meisim
