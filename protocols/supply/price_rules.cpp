#include "protocols/supply/price_rules.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 6> level_names{
  "dealer+product", "dealer+country", "dealer", "product", "country", "default",
};

auto age_of(const price_rule& rule) {
  return std::tuple{rule.from, rule.number};
}

/// The rule that holds at this time; null if none does. The rules stand in the order of their age.
const price_rule* rule_at(const std::vector<price_rule>& rules, const priced_item& item,
                          instant at) {
  auto holds = [&](const price_rule& rule) {
    return rule.from <= at && counts_for(rule, item.what);
  };
  auto last = std::find_if(rules.rbegin(), rules.rend(), holds);
  return last == rules.rend() ? nullptr : &*last;
}

template <class Rules>
const price_rule* rule_named(const Rules& rules, std::string_view name, const priced_item& item,
                             instant at) {
  auto found = rules.find(name);
  return found == rules.end() ? nullptr : rule_at(found->second, item, at);
}

/// The most exact rule of a shelf.
template <class Shelf>
const price_rule* rule_on(const Shelf& where, const priced_item& item, instant at) {
  if (const auto* rule = rule_named(where.products, item.product, item, at))
    return rule;
  if (const auto* rule = rule_named(where.countries, item.country, item, at))
    return rule;
  return rule_at(where.others, item, at);
}

} // namespace

price_level level_of(const price_scope& scope) {
  bool is_own = static_cast<bool>(scope.dealer);
  if (!scope.product.empty())
    return is_own ? price_level::dealer_product : price_level::product;
  if (!scope.country.empty())
    return is_own ? price_level::dealer_country : price_level::country;
  return is_own ? price_level::dealer : price_level::any;
}

std::string_view to_string(price_level level) {
  return level_names.at(static_cast<size_t>(level));
}

bool counts_for(const price_rule& rule, goods what) {
  switch (what) {
  case goods::product:
    return true;
  case goods::top_up:
    return !rule.price;
  case goods::sku:
    return !rule.scope.product.empty();
  }
  return false;
}

money price_by(const price_rule& rule, money base) {
  return rule.price ? *rule.price : base.with_markup(rule.markup_basis_points);
}

price_book::price_book(std::vector<price_rule> rules) {
  std::ranges::sort(rules, {}, age_of);
  for (auto& rule : rules)
    add(std::move(rule));
}

price_decision price_book::decide(const priced_item& item, const payer& by) const {
  const price_rule* rule = nullptr;
  if (auto own = own_.find(by.dealer); own != own_.end())
    rule = rule_on(own->second, item, by.at);
  if (!rule && by.markup_basis_points != 0 && item.what != goods::sku)
    return {item.base.with_markup(by.markup_basis_points), nullptr, true};
  if (!rule)
    rule = rule_on(for_all_, item, by.at);
  return rule ? price_decision{price_by(*rule, item.base), rule} : price_decision{item.base};
}

void price_book::for_each_product(
  const std::function<void(dealer_id, const std::string&)>& visit) const {
  for (const auto& [product, rules] : for_all_.products)
    visit({}, product);
  for (const auto& [dealer, own] : own_)
    for (const auto& [product, rules] : own.products)
      visit(dealer, product);
}

price_book price_book::with(price_rule another) const {
  auto result = *this;
  another.number = std::numeric_limits<int64_t>::max();
  auto& where = another.scope.dealer ? result.own_[another.scope.dealer] : result.for_all_;
  auto& rules = place_in(where, another.scope);
  auto behind = std::ranges::upper_bound(rules, age_of(another), {}, age_of);
  rules.insert(behind, std::move(another));
  return result;
}

std::vector<price_rule>& price_book::place_in(shelf& where, const price_scope& scope) {
  if (!scope.product.empty())
    return where.products[scope.product];
  if (!scope.country.empty())
    return where.countries[scope.country];
  return where.others;
}

void price_book::add(price_rule rule) {
  auto& where = rule.scope.dealer ? own_[rule.scope.dealer] : for_all_;
  auto& rules = place_in(where, rule.scope);
  rules.push_back(std::move(rule));
}

} // namespace meisim
