#include "actors/orders/catalogue_merger.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meisim {

catalogue_merger::catalogue_merger(std::vector<std::string> prefixes,
                                   std::shared_ptr<published<catalogue>> board)
  : prefixes_(std::move(prefixes)), board_(std::move(board)), latest_(prefixes_.size()) {
  // nop
}

void catalogue_merger::put(size_t place, std::shared_ptr<const catalogue> latest) {
  std::lock_guard guard{lock_};
  latest_.at(place) = std::move(latest);
  auto whole = std::make_shared<catalogue>();
  for (size_t i = 0; i < latest_.size(); ++i)
    if (latest_[i])
      add(*whole, i);
  board_->publish(std::move(whole));
}

bool catalogue_merger::is_foreign(size_t place, const std::string& name) const {
  auto prefix = provider_prefix(name);
  return !prefix.empty() && prefix != prefixes_[place];
}

void catalogue_merger::add(catalogue& to, size_t place) const {
  const auto& from = *latest_[place];
  for (const auto& item : from.countries) {
    auto known = std::ranges::find(to.countries, item.iso, &country::iso);
    if (known == to.countries.end())
      to.countries.push_back(item);
    // One provider has the country's name, and the other only its code.
    else if (known->name == known->iso)
      *known = item;
  }
  auto own = [this, place](auto name) {
    return [this, place, name](const auto& item) { return !is_foreign(place, item.*name); };
  };
  std::ranges::copy_if(from.bundles, std::back_inserter(to.bundles), own(&bundle::name));
  std::ranges::copy_if(from.products, std::back_inserter(to.products), own(&product::id));
  std::ranges::copy_if(from.networks, std::back_inserter(to.networks), own(&network::name));
  to.fetched_at = std::max(to.fetched_at, from.fetched_at);
}

} // namespace meisim
