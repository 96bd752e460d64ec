#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/published.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/provider_status.hpp"
#include "protocols/supply/bundle_routes.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace meisim {

// Chooses from which provider a product is bought that several sell. Dealers order a product by its
// name. Operators say which other products are the same, and which provider is to be asked.

/// All that operators have said about products that several providers sell. Made once and shared,
/// never changed.
class route_book {
public:
  route_book() = default;

  explicit route_book(route_list from);

  /// The product itself, and what may be bought in its place.
  std::vector<std::string> choices_for(const std::string& product) const;

  /// The prefix of the pinned provider; empty if none is set. The dealer's own pin for the product
  /// comes first, then the dealer's for all products, then everybody's for the product.
  std::string pin_for(dealer_id dealer, const std::string& product) const;

  bool is_held(const std::string& prefix) const {
    return held_.contains(prefix);
  }

private:
  std::map<std::string, std::vector<std::string>> others_;
  std::map<std::pair<dealer_id, std::string>, std::string> pins_;
  std::set<std::string> held_;
};

/// What is to be bought.
struct route_question {
  std::string product;
  dealer_id dealer;
  /// What the dealer pays for one; nothing if the cost does not matter.
  std::optional<money> price = {};
  instant at = now();
};

/// One product that may be bought for an order.
struct route_choice {
  std::string product;
  /// The prefix of the provider that sells it.
  std::string provider;
  /// Nothing if it is not listed.
  std::optional<money> cost;
  /// Why it is not asked for now; empty if it is.
  std::string obstacle;
  /// Whether the order is to be bought only from another provider.
  bool is_excluded = false;

  bool is_open() const {
    return obstacle.empty();
  }
};

/// All choices, in the order in which they are asked for. Those without an obstacle come first, the
/// cheapest in front; among equal ones the product itself. A pin counts if its provider sells one
/// of the choices.
std::vector<route_choice> choose_routes(const route_question& question, const route_book& book,
                                        const catalogue& current,
                                        const std::vector<provider_status>& providers);

/// The choice that is asked for first. If each has an obstacle, it is the product itself, or the
/// product of the pinned provider.
std::string first_choice(const std::vector<route_choice>& choices, const std::string& product);

/// The next choice without an obstacle, of a provider that was not asked yet; empty if there is
/// none. A provider that refused a reference may refuse it for its other products too, and one that
/// takes no orders takes none for those either.
std::string next_choice(const std::vector<route_choice>& choices,
                        const std::set<std::string>& asked);

/// Whether the order may now be placed with another provider: it certainly was not bought, and this
/// call will never buy it.
constexpr bool is_surely_not_bought(provider_verdict verdict) {
  return verdict == provider_verdict::refused || verdict == provider_verdict::unavailable
         || verdict == provider_verdict::ours;
}

/// The present sources by which routes are chosen.
struct route_sources {
  std::shared_ptr<const published<route_book>> routes;
  std::shared_ptr<const published<catalogue>> catalogues;
  std::shared_ptr<const provider_board> providers;

  /// Until all sources are known, only the product itself, without a cost.
  std::vector<route_choice> choose(const route_question& question) const;

  /// All products that may be bought for this one, now or at another time; nothing until that is
  /// known.
  std::optional<std::set<std::string>> all_for(const std::string& product) const;
};

/// What is wrong with a request, and the rule; empty for nothing.
struct route_flaw {
  std::string field;
  std::string rule;
};

/// Why the one product cannot be bought in place of the other.
route_flaw flaw_of(const bundle_route& route, const catalogue& current);

/// Products of several providers that are alike: the same country, the same days, and the same
/// data. Data may differ by 2.4 %, because some count 1,000 megabytes to a gigabyte and others
/// 1,024.
std::vector<bundle_route> propose_routes(const catalogue& current);

} // namespace meisim
