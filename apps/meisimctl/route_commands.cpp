#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/strict_json.hpp"

#include <memory>

namespace meisim {

namespace {

struct route_arguments {
  std::string product, other, dealer, provider, country;
};

using route_arguments_pointer = std::shared_ptr<route_arguments>;

outcome list_routes(const admin_client& node, const route_arguments& a) {
  auto json = node.get("/admin/v1/routes" + query({{"product", a.product}}));
  auto answer = parse_answer(json);
  auto text = table_of(answer["routes"], {"product", "other", "createdAt"}, "No routes.");
  if (!answer["pins"].empty())
    text += "\n\n" + table_of(answer["pins"], {"product", "dealer", "provider", "createdAt"}, {});
  return {json, text, true};
}

outcome change_route(const admin_client& node, const route_arguments& a, const char* path) {
  Json::Value body{Json::objectValue};
  body["product"] = a.product;
  body["other"] = a.other;
  auto json = node.post(path, body);
  return {json, lines_of(parse_answer(json)), true};
}

outcome propose_routes(const admin_client& node, const route_arguments& a) {
  auto json = node.get("/admin/v1/routes/proposals"
                       + query({{"country", a.country}, {"product", a.product}}));
  return {
    json,
    table_of(parse_answer(json),
             {"product", "other", "country", "dataMb", "validityDays", "costUsd", "otherCostUsd"},
             "Nothing is alike."),
    true};
}

/// Without a provider the pin is removed.
outcome pin_route(const admin_client& node, const route_arguments& a) {
  auto json =
    node.post("/admin/v1/routes/pin",
              body_of({{"product", a.product}, {"dealer", a.dealer}, {"provider", a.provider}}));
  return {json, lines_of(parse_answer(json)), true};
}

outcome explain_route(const admin_client& node, const route_arguments& a) {
  auto json =
    node.get("/admin/v1/routes/explain" + query({{"product", a.product}, {"dealer", a.dealer}}));
  auto answer = parse_answer(json);
  auto choices = answer["choices"];
  answer.removeMember("choices");
  return {json,
          lines_of(answer) + "\n\n"
            + table_of(choices, {"product", "provider", "costUsd", "obstacle"}, "No choices."),
          true};
}

void declare_map(CLI::App& group, const route_arguments_pointer& a, command& chosen) {
  auto* map = group.add_subcommand("map", "Which bundles of several providers are the same")
                ->require_subcommand(1);
  auto* list = map->add_subcommand("list", "List what may be bought for what, and the pins");
  list->add_option("--product", a->product, "Only of this product");
  list->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_routes(node, *a); }; });
  auto with_both = [=](const char* name, const char* help) {
    auto* sub = map->add_subcommand(name, help);
    sub->add_option("product", a->product, "What dealers order")->required();
    sub->add_option("other", a->other, "What may be bought for it")->required();
    return sub;
  };
  with_both("add", "Let one be bought for the other")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return change_route(node, *a, "/admin/v1/routes"); };
  });
  with_both("remove", "Buy it no more for the other")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return change_route(node, *a, "/admin/v1/routes/remove"); };
  });
  auto* propose =
    map->add_subcommand("propose", "List what is alike by country, data and days, and set nothing");
  propose->add_option("--country", a->country, "Only of this country, by its two letters");
  propose->add_option("--product", a->product, "Only of this product");
  propose->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return propose_routes(node, *a); }; });
}

void declare_pin(CLI::App& group, const route_arguments_pointer& a, command& chosen) {
  auto* pin = group.add_subcommand("pin", "Buy of one provider alone");
  pin->add_option("--product", a->product, "A product; else all of the dealer's");
  pin->add_option("--dealer", a->dealer, "The dealer's mail address; else everybody's orders");
  pin->add_option("--provider", a->provider, "The provider's prefix; without it the pin goes");
  pin->callback([=, &chosen] {
    if (a->product.empty() && a->dealer.empty())
      throw CLI::RequiredError("--product or --dealer");
    chosen = [=](const auto& node) { return pin_route(node, *a); };
  });
}

} // namespace

void declare_route_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<route_arguments>();
  auto* bundle =
    app.add_subcommand("bundle", "Buy the same of several providers")->require_subcommand(1);
  declare_map(*bundle, a, chosen);
  declare_pin(*bundle, a, chosen);
  auto* route = app.add_subcommand("route", "From whom things are bought")->require_subcommand(1);
  auto* explain = route->add_subcommand("explain", "Tell of whom a product is bought now, and why");
  explain->add_option("product", a->product, "A product's id or a bundle's name")->required();
  explain->add_option("--dealer", a->dealer, "The dealer's mail address");
  explain->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return explain_route(node, *a); }; });
}

} // namespace meisim
