#pragma once

#include "persistence/base/session.hpp"
#include "protocols/supply/prices.hpp"

#include <optional>
#include <string>

namespace meisim {

/// All SKUs at their list prices, and all rules that hold or will.
price_list all_prices(database& db);

/// The SKU, without a price; nothing if there is none.
std::optional<sku> find_sku(database& db, sku_id id);

/// The rules that may count; nothing if the mail address is no dealer's.
std::optional<found_price_rules> price_rules_for(database& db, const find_price_rules& question);

json_page browse(database& db, const browse_price_rules& question);

/// What became of a rule that was to be set or ended.
struct price_rule_change {
  /// What the rule is about: the product, or else the country, or else the dealer's mail address.
  std::string subject;
  /// None for a rule for all dealers.
  dealer_id dealer;
  /// As JSON. `before` is empty if no rule held.
  std::string before;
  std::string after;
  /// False if everything already was as it should be.
  bool is_change = true;
};

/// Sets a rule as part of the caller's transaction, which locks the rules from then on. Nothing if
/// the mail address is no dealer's.
std::optional<price_rule_change> put_price_rule(database& db, const set_price_rule& wish);

/// Ends a rule as part of the caller's transaction, likewise. Nothing if there is no such rule.
std::optional<price_rule_change> end_rule(database& db, price_rule_id rule);

} // namespace meisim
