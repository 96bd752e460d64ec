#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// What things cost dealers. Each rule is for some dealers and goods, from some time on. The most
// exact rule wins. Among equally exact rules it is the one that began last, and among those that
// began together the one that was set last.

using price_rule_id = id<struct price_rule_tag>;

/// What a rule is for. An empty member (zero) stands for any. A product and a country are never
/// both named.
struct price_scope {
  dealer_id dealer;
  /// ISO 3166-1 alpha-2, upper case.
  std::string country;
  /// A product's id, a bundle's or network's name, or a SKU's id.
  std::string product;
};

/// How exactly a rule names what it is for; the most exact first.
enum class price_level : uint8_t { dealer_product, dealer_country, dealer, product, country, any };

price_level level_of(const price_scope& scope);

/// `dealer+product`; `default` for a rule that names nothing.
std::string_view to_string(price_level level);

struct price_rule {
  price_rule_id id;
  /// Greater than that of each rule that was set before.
  int64_t number = 0;
  price_scope scope;
  /// The price itself. Without one, the price is the provider's price with the markup on top.
  std::optional<money> price;
  /// Hundredths of a percent.
  int32_t markup_basis_points = 0;
  instant from;
  /// Whether the price may intentionally be below the cost. If not, a thing that costs more is not
  /// sold.
  bool may_be_below_cost = false;
};

/// What is sold, which decides the rules that count.
enum class goods : uint8_t {
  /// A product or bundle: all rules.
  product,
  /// A top-up of any value. No fixed price fits it, so only markups count.
  top_up,
  /// A SKU. Its list price already has a margin, so only rules that name it count.
  sku,
};

bool counts_for(const price_rule& rule, goods what);

/// One thing that is to be priced.
struct priced_item {
  std::string_view product;
  /// Empty if it has none.
  std::string_view country;
  /// What it costs without any rule: the provider's price, or a SKU's list price.
  money base;
  goods what = goods::product;
};

/// Who buys, and when.
struct payer {
  dealer_id dealer;
  /// The account's own markup, in hundredths of a percent. If it is not zero, it counts as a rule
  /// for the dealer that is as old as the account.
  int32_t markup_basis_points = 0;
  instant at;
};

struct price_decision {
  money price;
  /// The rule that won; null if none did. It lives as long as the book.
  const price_rule* rule = nullptr;
  /// Whether the account's own markup won.
  bool is_by_account = false;

  /// Whether it would be sold at a loss that nobody has meant.
  bool is_loss(const priced_item& item) const {
    return item.what == goods::product && price < item.base && !(rule && rule->may_be_below_cost);
  }
};

/// The price by a rule, made from the price without rules.
money price_by(const price_rule& rule, money base);

/// Rules, ready to be asked. Made once and shared, never changed.
class price_book {
public:
  price_book() = default;

  explicit price_book(std::vector<price_rule> rules);

  /// The one place where a price is decided.
  price_decision decide(const priced_item& item, const payer& by) const;

  /// Calls `visit(dealer, product)` for each product that a rule names. The dealer is zero for a
  /// rule of all dealers.
  void for_each_product(const std::function<void(dealer_id, const std::string&)>& visit) const;

  /// This book with one more rule, which counts as the last that was set.
  price_book with(price_rule another) const;

private:
  using rules_by_name = std::map<std::string, std::vector<price_rule>, std::less<>>;

  /// The rules of one dealer, or those for all dealers.
  struct shelf {
    rules_by_name products;
    rules_by_name countries;
    std::vector<price_rule> others;
  };

  static std::vector<price_rule>& place_in(shelf& where, const price_scope& scope);

  void add(price_rule rule);

  shelf for_all_;
  std::map<dealer_id, shelf> own_;
};

} // namespace meisim
