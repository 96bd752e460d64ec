#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <optional>
#include <vector>

namespace meisim {

namespace {

/// What the options are read into.
struct price_arguments {
  std::string product, dealer, country, price, from, at, id, cursor;
  std::optional<double> markup;
  int limit = 100;
  bool is_below_cost = false;
  bool with_past = false;
};

using price_arguments_pointer = std::shared_ptr<price_arguments>;

/// A price as a JSON number.
double price_number(const std::string& price) {
  constexpr double cents_per_dollar = 100;
  auto amount = money::parse(price);
  if (!amount)
    throw CLI::ValidationError("--price", "must be an amount like 5.00");
  return static_cast<double>(amount->cents()) / cents_per_dollar;
}

Json::Value rule_body(const price_arguments& a) {
  auto body = body_of(
    {{"product", a.product}, {"dealer", a.dealer}, {"country", a.country}, {"from", a.from}});
  if (!a.price.empty())
    body["priceUsd"] = price_number(a.price);
  if (a.markup)
    body["markupPct"] = *a.markup;
  if (a.is_below_cost)
    body["belowCost"] = true;
  return body;
}

outcome price_rule(const std::string& json) {
  return {json, lines_of(parse_answer(json)), true};
}

outcome set_rule(const admin_client& node, const price_arguments& a) {
  return price_rule(node.post("/admin/v1/prices", rule_body(a)));
}

outcome preview_rule(const admin_client& node, const price_arguments& a) {
  auto body = rule_body(a);
  body["validateOnly"] = true;
  auto json = node.post("/admin/v1/prices", body);
  auto answer = parse_answer(json);
  const auto& products = answer["products"];
  auto text = fmt::format("{} would cost something else, {} of them less than they cost us",
                          answer["changed"].asInt64(), answer["belowCost"].asInt64());
  if (!products.empty())
    text += "\n\n"
            + table_of(products,
                       {"product", "name", "country", "costUsd", "oldPriceUsd", "newPriceUsd"}, {});
  if (answer["changed"].asUInt64() > products.size())
    text += fmt::format("\nThe first {} are shown.", products.size());
  return {json, text, true};
}

outcome end_rule(const admin_client& node, const price_arguments& a) {
  return price_rule(node.remove("/admin/v1/prices/" + url_escaped(a.id)));
}

outcome list_rules(const admin_client& node, const price_arguments& a) {
  auto json = node.get("/admin/v1/prices"
                       + query({{"dealer", a.dealer},
                                {"country", a.country},
                                {"product", a.product},
                                {"all", a.with_past ? "true" : ""},
                                {"limit", std::to_string(a.limit)},
                                {"cursor", a.cursor}}));
  auto page = parse_answer(json);
  if (page["data"].empty())
    demand_dealer(node, a.dealer);
  auto text = table_of(
    page["data"],
    {"id", "dealer", "country", "product", "priceUsd", "markupPct", "from", "state", "createdBy"},
    "No rules.");
  if (page["next_cursor"].isString())
    text += "\nMore follow: --cursor " + page["next_cursor"].asString();
  return {json, text, true};
}

outcome explain_price(const admin_client& node, const price_arguments& a) {
  auto json = node.get("/admin/v1/prices/explain"
                       + query({{"product", a.product}, {"dealer", a.dealer}, {"at", a.at}}));
  auto answer = parse_answer(json);
  auto rules = answer["rules"];
  answer.removeMember("rules");
  auto text = lines_of(answer);
  if (!rules.empty())
    text += "\n\n"
            + table_of(rules,
                       {"wins", "level", "givesUsd", "priceUsd", "markupPct", "from", "dealer",
                        "country", "product", "id"},
                       {});
  return {json, text, true};
}

outcome list_losses(const admin_client& node) {
  auto json = node.get("/admin/v1/prices/losses");
  return {json,
          table_of(parse_answer(json), {"product", "dealer", "costUsd", "priceUsd"}, "No losses."),
          true};
}

void add_product(CLI::App& sub, const price_arguments_pointer& a) {
  sub.add_option("product", a->product,
                 "A product's id, a bundle's or network's name, or a SKU's id");
}

void add_dealer(CLI::App& sub, const price_arguments_pointer& a) {
  sub.add_option("--dealer", a->dealer, "The dealer's mail address");
}

void add_country(CLI::App& sub, const price_arguments_pointer& a) {
  sub.add_option("--country", a->country, "A country's two letters, such as JP");
}

/// The options that say what a rule is.
void add_rule_options(CLI::App& sub, const price_arguments_pointer& a) {
  add_product(sub, a);
  add_dealer(sub, a);
  add_country(sub, a);
  auto* price = sub.add_option("--price", a->price, "The price, for a product")->type_name("USD");
  auto* markup = sub.add_option("--markup", a->markup, markup_help)
                   ->check(within(0.0, 1000.0))
                   ->type_name("PERCENT");
  price->excludes(markup);
  sub.add_option("--from", a->from, "From when on (UTC), such as 2026-05-01T00:00:00Z; else now");
}

/// What CLI11 cannot say by itself.
void check_rule(const price_arguments& a) {
  if (a.price.empty() && !a.markup)
    throw CLI::RequiredError("--price or --markup");
  if (!a.price.empty())
    price_number(a.price);
}

void declare_changes(CLI::App& group, const price_arguments_pointer& a, command& chosen) {
  auto* set = group.add_subcommand("set", "Set a price or a markup; the most exact one wins");
  add_rule_options(*set, a);
  set->add_flag("--below-cost", a->is_below_cost, "It is meant, though it is below the cost");
  set->callback([=, &chosen] {
    check_rule(*a);
    chosen = [=](const auto& node) { return set_rule(node, *a); };
  });
  auto* preview = group.add_subcommand("preview", "Show what a rule would change, and set nothing");
  add_rule_options(*preview, a);
  preview->callback([=, &chosen] {
    check_rule(*a);
    chosen = [=](const auto& node) { return preview_rule(node, *a); };
  });
  auto* remove = group.add_subcommand("remove", "End a rule, and what it has replaced");
  remove->add_option("id", a->id, "The rule's id")->required();
  remove->callback([=, &chosen] { chosen = [=](const auto& node) { return end_rule(node, *a); }; });
}

} // namespace

void declare_price_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<price_arguments>();
  auto* group = app.add_subcommand("price", "What dealers pay")->require_subcommand(1);
  declare_changes(*group, a, chosen);
  auto* list = group->add_subcommand("list", "List the rules that hold or will, the latest first");
  add_dealer(*list, a);
  add_country(*list, a);
  list->add_option("--product", a->product, "Only those for this product");
  list->add_flag("--all", a->with_past, "Also those that were replaced or have ended");
  list->add_option("--limit", a->limit, "How many, at most 100")
    ->check(within(1, 100))
    ->capture_default_str();
  list->add_option("--cursor", a->cursor, "Where the page before ended");
  list->callback([=, &chosen] { chosen = [=](const auto& node) { return list_rules(node, *a); }; });
  group->add_subcommand("losses", "List what is not sold, since it costs us more than its price")
    ->callback([&chosen] { chosen = list_losses; });
  auto* explain = group->add_subcommand("explain", "Tell why something costs what it costs");
  add_product(*explain, a);
  explain->get_option("product")->required();
  add_dealer(*explain, a);
  explain->add_option("--at", a->at, "When (UTC), such as 2026-05-01T00:00:00Z; else now");
  explain->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return explain_price(node, *a); }; });
}

} // namespace meisim
