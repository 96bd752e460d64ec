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

// From whom something is bought that several providers sell. Dealers order a product by its name.
// Operators say which others are the same, and who of all is to be asked.

/// All that operators have said about it. Made once and shared, never changed.
class route_book {
public:
  route_book() = default;

  explicit route_book(route_list from);

  /// The product itself, and what may be bought in its place.
  std::vector<std::string> choices_for(const std::string& product) const;

  /// The provider's prefix; empty where none is set. The dealer's own for the product comes before
  /// the dealer's for all, and that before everybody's for the product.
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
  /// What the dealer pays for one; nothing where it may cost whatever it costs.
  std::optional<money> price = {};
  instant at = now();
};

/// One product that may be bought for an order.
struct route_choice {
  std::string product;
  /// The prefix of who sells it.
  std::string provider;
  /// Nothing where it is not listed.
  std::optional<money> cost;
  /// Why it is not asked for now; empty if it is.
  std::string obstacle;
  /// Whether the order is to be bought of another provider alone.
  bool is_excluded = false;

  bool is_open() const {
    return obstacle.empty();
  }
};

/// All choices in the order in which they are asked for: those without an obstacle come first, the
/// cheapest in front; of equal ones the product itself. A pin counts where its provider sells one
/// of the choices.
std::vector<route_choice> choose_routes(const route_question& question, const route_book& book,
                                        const catalogue& current,
                                        const std::vector<provider_status>& providers);

/// What an order is asked for first. Where there is an obstacle to each, that is the product
/// itself, or whatever it is pinned to.
std::string first_choice(const std::vector<route_choice>& choices, const std::string& product);

/// The next choice without an obstacle of a provider that was not asked yet; empty if there is
/// none. What a provider refuses under a reference it may refuse for its other products too, and
/// one that takes no orders takes none of those either.
std::string next_choice(const std::vector<route_choice>& choices,
                        const std::set<std::string>& asked);

/// Whether it ended so that the order may be placed with another provider: it surely was not
/// bought, and never will be by what was asked.
constexpr bool is_surely_not_bought(provider_verdict verdict) {
  return verdict == provider_verdict::refused || verdict == provider_verdict::unavailable
         || verdict == provider_verdict::ours;
}

/// By what routes are chosen, as it stands.
struct route_sources {
  std::shared_ptr<const published<route_book>> routes;
  std::shared_ptr<const published<catalogue>> catalogues;
  std::shared_ptr<const provider_board> providers;

  /// Only the product itself, without a cost, until all of it is known.
  std::vector<route_choice> choose(const route_question& question) const;

  /// Whatever may be bought for this product now or at another time; nothing until that is known.
  std::optional<std::set<std::string>> all_for(const std::string& product) const;
};

/// What is wrong with a request, and the rule; empty for nothing.
struct route_flaw {
  std::string field;
  std::string rule;
};

/// Why one cannot be bought in the place of the other.
route_flaw flaw_of(const bundle_route& route, const catalogue& current);

/// Products of several providers that are alike: of one country, with as many days, and the same
/// data as far as that can be told, since some count 1,000 megabytes to a gigabyte and others
/// 1,024.
std::vector<bundle_route> propose_routes(const catalogue& current);

} // namespace meisim
