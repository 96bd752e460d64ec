#include "http/edge/auditing.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/parameters.hpp"
#include "http/edge/path_id.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/priced_goods.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/orders/exact_decimal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

namespace meisim::http {

// The rules by which prices are made (protocols/supply/price_rules.hpp), for operators.

namespace {

constexpr size_t longest_product = 100;

std::string in_upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), upper);
  return text;
}

caf::error names_no(std::string_view field, std::string_view what) {
  return make_error(cause::not_found, fmt::format("{} names no {}", field, what),
                    std::string{field});
}

void answer_with_rule(const exchange_pointer& x, const json_document& rule) {
  succeed_as_written(x, rule.text);
}

// -- the list -------------------------------------------------------------------------------------

void admin_list_prices(const exchange_pointer& x) {
  auto wanted = read_page_wish(x);
  if (!wanted)
    return;
  constexpr std::array<std::string_view, 2> flags{"true", "false"};
  parameters in{x->incoming};
  browse_price_rules question{in.text("dealer"), in_upper_case(in.text("country")),
                              in.text("product"), in.choice("all", flags) == "true", *wanted};
  if (in.failure())
    return fail(x, in.failure());
  answer_page(x, x->node->slow_records, std::move(question));
}

// -- setting a rule -------------------------------------------------------------------------------

struct price_wish {
  set_price_rule rule;
  bool is_dry_run = false;
};

/// Reads what the rule does: exactly one of two things.
void read_price(fields& in, set_price_rule& rule) {
  constexpr int32_t highest_markup = 100'000;
  rule.price = in.optional_amount("priceUsd");
  if (rule.price && *rule.price > highest_price)
    in.reject("priceUsd", "must be at most " + to_string(highest_price));
  rule.markup_basis_points = in.optional_percentage("markupPct", highest_markup).value_or(0);
  if (in.has("priceUsd") == in.has("markupPct"))
    in.reject("priceUsd", "or markupPct must be given, and not both",
              in.has("priceUsd") ? cause::invalid_field : cause::missing_field);
}

price_wish read_price_wish(fields& in) {
  price_wish wish;
  wish.rule.product = in.optional_text("product", 1, longest_product);
  wish.rule.country = in_upper_case(in.optional_text("country", 2, 2));
  wish.rule.dealer = in.optional_account("dealer");
  read_price(in, wish.rule);
  wish.rule.from = in.optional_time("from");
  wish.rule.may_be_below_cost = in.flag("belowCost", false);
  wish.is_dry_run = in.flag("validateOnly", false);
  if (!wish.rule.country.empty() && !wish.rule.product.empty())
    in.reject("country", "must not be given with a product, which has its own");
  if (wish.rule.price && wish.rule.product.empty())
    in.miss("product", "for a fixed price: for many things give markupPct");
  return wish;
}

/// Compares the wish with what is sold.
caf::error flaw_of_rule(const price_wish& wish, const catalogue& current,
                        const std::vector<sku>& skus) {
  const auto& rule = wish.rule;
  if (!rule.country.empty()
      && std::ranges::find(current.countries, rule.country, &country::iso)
           == current.countries.end())
    return names_no("country", "country of the catalogue");
  if (rule.product.empty())
    return {};
  auto good = find_good(current, skus, rule.product);
  if (!good)
    return names_no("product", "product, bundle, network or SKU");
  if (rule.price && good->kind == "topup")
    return make_error(cause::invalid_field,
                      "priceUsd does not fit a top-up, whose value the dealer chooses: give "
                      "markupPct",
                      "priceUsd");
  if (rule.price && good->cost && *rule.price < *good->cost && !rule.may_be_below_cost
      && !wish.is_dry_run)
    return make_error(cause::invalid_field,
                      fmt::format("priceUsd must not be below the cost of {}, unless belowCost is "
                                  "true",
                                  to_string(*good->cost)),
                      "priceUsd");
  return {};
}

// -- what a rule would change ---------------------------------------------------------------------

struct price_change {
  priced_good good;
  money before;
  money after;
};

void write_change(json_writer& out, const price_change& change) {
  out.member("product", change.good.product)
    .member("name", change.good.name)
    .member("country", or_null(change.good.country))
    .member("costUsd", change.good.cost)
    .member("oldPriceUsd", change.before)
    .member("newPriceUsd", change.after);
}

/// The goods whose price for this payer differs between the two books.
std::vector<price_change> changes_between(const price_book& old_book, const price_book& new_book,
                                          const std::vector<priced_good>& all, const payer& by) {
  std::vector<price_change> changes;
  for (const auto& good : all) {
    auto before = old_book.decide(good.item(), by).price;
    auto after = new_book.decide(good.item(), by).price;
    if (before != after)
      changes.push_back({good, before, after});
  }
  return changes;
}

bool is_below_cost(const price_change& change) {
  return change.good.cost && change.after < *change.good.cost;
}

void answer_preview(const exchange_pointer& x, const std::vector<price_change>& changes) {
  constexpr ptrdiff_t most_shown = 100;
  auto shown = std::span{changes}.first(std::min(changes.size(), size_t{most_shown}));
  succeed(x, json_object([&](json_writer& out) {
            out.member("ok", true)
              .member("validateOnly", true)
              .member("changed", std::ssize(changes))
              .member("belowCost", std::ranges::count_if(changes, is_below_cost))
              .objects("products", shown, write_change);
          }));
}

/// Shows the prices before and after the rule begins: those of its dealer, or those of a dealer
/// without rules of its own.
void preview_rule(const exchange_pointer& x, const set_price_rule& wish,
                  const price_book_view& prices, std::vector<priced_good> all) {
  auto at = std::max(now(), wish.from.value_or(instant{}));
  auto show = [x, wish, at, book = prices.current,
               all = std::move(all)](const found_price_rules& dealer) {
    price_rule rule;
    rule.scope = {dealer.dealer, wish.country, wish.product};
    rule.price = wish.price;
    rule.markup_basis_points = wish.markup_basis_points;
    rule.from = wish.from.value_or(at);
    rule.may_be_below_cost = wish.may_be_below_cost;
    answer_preview(x, changes_between(*book, book->with(rule), all,
                                      {dealer.dealer, dealer.markup_basis_points, at}));
  };
  ask_or<found_price_rules>(
    x, x->node->records.next(), show,
    [x](const caf::error& failure) {
      fail(x, code_of(failure) == ec::not_found
                ? make_error(cause::not_found, no_such_dealer, "dealer")
                : failure);
    },
    find_price_rules{wish.dealer, wish.country, wish.product, at});
}

void admin_set_rule(const exchange_pointer& x) {
  auto asked = read_body(x, read_price_wish);
  if (!asked)
    return;
  asked->rule.by = stamp_of(x);
  with_goods(
    x, [x, wish = std::move(*asked)](const catalogue& current, const price_book_view& prices) {
      if (auto flaw = flaw_of_rule(wish, current, prices.skus))
        return fail(x, flaw);
      if (wish.is_dry_run)
        return preview_rule(x, wish.rule, prices, all_goods(current, prices.skus));
      ask<json_document>(
        x, x->node->accounts, [x](const json_document& rule) { answer_with_rule(x, rule); },
        wish.rule);
    });
}

void admin_end_rule(const exchange_pointer& x) {
  auto id = id_in_path<price_rule_id>(x, "rule");
  if (!id)
    return;
  ask<json_document>(
    x, x->node->accounts, [x](const json_document& rule) { answer_with_rule(x, rule); },
    end_price_rule{*id, stamp_of(x)});
}

// -- why something costs what it costs ------------------------------------------------------------

/// A question why.
struct price_question {
  std::string product;
  std::string dealer;
  instant at;
};

std::string_view decider_of(const price_decision& decision) {
  if (decision.rule)
    return "rule";
  return decision.is_by_account ? "account" : "list";
}

void write_rule_line(json_writer& out, const price_rule& rule, const priced_good& good,
                     const std::string& dealer, bool wins) {
  out.member("id", rule.id)
    .member("level", to_string(level_of(rule.scope)))
    .member("dealer", or_null(rule.scope.dealer ? dealer : std::string{}))
    .member("country", or_null(rule.scope.country))
    .member("product", or_null(rule.scope.product))
    .member("priceUsd", rule.price);
  // GCC 12 takes an optional of a number for uninitialized here.
  if (rule.price)
    out.member("markupPct", nullptr);
  else
    out.member("markupPct", rule.markup_basis_points / 100.0);
  out.member("belowCost", rule.may_be_below_cost)
    .member("from", rule.from)
    .member("givesUsd", price_by(rule, good.base))
    .member("wins", wins);
}

/// Hundredths of a percent of the price that are left after the cost.
int64_t margin_of(money price, money cost) {
  constexpr int64_t all_of_it = 10'000;
  return price.cents() == 0 ? 0 : (price - cost).cents() * all_of_it / price.cents();
}

/// The rules that count for this, the most exact first; of equally exact ones the latest first.
std::vector<price_rule> in_order(std::vector<price_rule> rules, goods what) {
  std::erase_if(rules, [what](const price_rule& rule) { return !counts_for(rule, what); });
  std::ranges::sort(rules, {}, [](const price_rule& rule) {
    return std::tuple{level_of(rule.scope), -micros(rule.from), -rule.number};
  });
  return rules;
}

void explain_to(const exchange_pointer& x, const price_question& question, const priced_good& good,
                const found_price_rules& found) {
  price_book book{found.rules};
  auto decision = book.decide(good.item(), {found.dealer, found.markup_basis_points, question.at});
  bool is_foreign = !good.charge.currency.empty();
  auto rate = is_foreign ? exact_to_string(good.charge.usd_rate) : std::string{};
  bool is_loss = decision.is_loss(good.item());
  auto winner = decision.rule ? std::optional{decision.rule->id} : std::nullopt;
  auto margin = good.cost ? std::optional{decision.price - *good.cost} : std::nullopt;
  auto margin_pct =
    good.cost ? std::optional{static_cast<double>(margin_of(decision.price, *good.cost)) / 100.0}
              : std::nullopt;
  succeed(x, json_object([&](json_writer& out) {
            out.member("product", good.product)
              .member("name", good.name)
              .member("kind", good.kind)
              .member("country", or_null(good.country))
              .member("dealer", or_null(question.dealer))
              .member("at", question.at)
              .member("costUsd", good.cost)
              .member("chargedIn", or_null(good.charge.currency))
              .member("chargedAmount", or_null(good.charge.amount))
              .member("rateUsd", or_null(rate))
              .member("rateAt", is_foreign ? good.charge.rate_at : instant{})
              .member("priceUsd", decision.price)
              .member("marginUsd", margin)
              .member("marginPct", margin_pct)
              .member("sold", !is_loss)
              .member("decidedBy", decider_of(decision))
              .member("winner", winner)
              .member("accountMarkupPct", found.markup_basis_points / 100.0)
              .objects("rules", in_order(found.rules, good.item().what),
                       [&](json_writer& line, const price_rule& rule) {
                         write_rule_line(line, rule, good, question.dealer, winner == rule.id);
                       });
          }));
}

/// Nothing if the query is wrong; then it has been answered.
std::optional<price_question> read_price_question(const exchange_pointer& x) {
  price_question question;
  parameters in{x->incoming};
  question.product = in.text("product");
  question.dealer = lowered(in.text("dealer"));
  question.at = in.time("at").value_or(now());
  if (question.product.empty())
    in.reject("product", "is required", cause::missing_field);
  if (!in.failure())
    return question;
  fail(x, in.failure());
  return std::nullopt;
}

void admin_explain_price(const exchange_pointer& x) {
  auto asked = read_price_question(x);
  if (!asked)
    return;
  with_goods(
    x, [x, question = std::move(*asked)](const catalogue& current, const price_book_view& prices) {
      auto good = find_good(current, prices.skus, question.product);
      if (!good)
        return fail(x, names_no("product", "product, bundle, network or SKU"));
      ask_or<found_price_rules>(
        x, x->node->records.next(),
        [x, question, good](const found_price_rules& found) {
          explain_to(x, question, *good, found);
        },
        [x](const caf::error& failure) {
          fail(x, code_of(failure) == ec::not_found
                    ? make_error(cause::not_found, no_such_dealer, "dealer")
                    : failure);
        },
        find_price_rules{question.dealer, good->country, good->product, question.at});
    });
}

} // namespace

route_table price_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  static constexpr std::array table{
    route{get,
          "/admin/v1/prices",
          viewer,
          none,
          admin_list_prices,
          {.parameters = "dealer country product all limit cursor"}},
    // The same rule is not set twice in a row.
    route{post,
          "/admin/v1/prices",
          finance,
          none,
          admin_set_rule,
          {.is_repeatable = true, .audit = audit_kind::price_rule_set}},
    route{get,
          "/admin/v1/prices/explain",
          viewer,
          none,
          admin_explain_price,
          {.parameters = "product dealer at"}},
    route{del,
          "/admin/v1/prices/:id",
          finance,
          none,
          admin_end_rule,
          {.audit = audit_kind::price_rule_ended}},
  };
  return table;
}

} // namespace meisim::http
