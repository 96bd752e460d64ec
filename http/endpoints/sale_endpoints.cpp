#include "http/edge/parameters.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/priced_goods.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/orders/losses.hpp"
#include "protocols/orders/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace meisim::http {

// For operators: how products are bought that several providers sell, and which products are not
// sold at all.

namespace {

constexpr size_t longest_name = 100;
constexpr size_t most_proposals = 1'000;

// -- what stands for what -------------------------------------------------------------------------

bundle_route read_route(fields& in) {
  return {in.required_text("product", 1, longest_name), in.required_text("other", 1, longest_name)};
}

named_values values_of(const bundle_route& route) {
  return {{"product", route.product}, {"other", route.other}};
}

void admin_add_route(const exchange_pointer& x) {
  auto wish = read_body(x, read_route);
  if (!wish)
    return;
  with_catalogue(x, [x, wish = std::move(*wish)](const catalogue& current) {
    auto flaw = flaw_of(wish, current);
    if (!flaw.rule.empty())
      return fail(x, make_error(cause::invalid_field, fmt::format("{} {}", flaw.field, flaw.rule),
                                flaw.field));
    change_at_desk(x, desk_action::add_route, values_of(wish));
  });
}

void admin_remove_route(const exchange_pointer& x) {
  if (auto wish = read_body(x, read_route))
    change_at_desk(x, desk_action::remove_route, values_of(*wish));
}

void write_proposal(json_writer& out, const bundle_route& route, const catalogue& from) {
  auto cost = [&](const std::string& name) {
    const auto* item = find_bundle(from, name);
    return item ? std::optional{item->price} : std::nullopt;
  };
  const auto* item = find_bundle(from, route.product);
  out.member("product", route.product)
    .member("other", route.other)
    .member("country", item->country_iso)
    .member("dataMb", item->data_mb > 0 ? std::optional{item->data_mb} : std::nullopt)
    .member("validityDays", item->validity_days)
    .member("costUsd", cost(route.product))
    .member("otherCostUsd", cost(route.other));
}

/// Only for a country or one product, because providers list thousands.
void admin_propose_routes(const exchange_pointer& x) {
  parameters in{x->incoming};
  auto country = lowered(in.text("country"));
  auto product = in.text("product");
  if (in.failure())
    return fail(x, in.failure());
  with_catalogue(x, [x, country, product](const catalogue& current) {
    auto proposals = propose_routes(current);
    std::erase_if(proposals, [&](const bundle_route& route) {
      const auto* item = find_bundle(current, route.product);
      return (!country.empty() && lowered(item->country_iso) != country)
             || (!product.empty() && route.product != product);
    });
    proposals.resize(std::min(proposals.size(), most_proposals));
    succeed(x, json_objects(proposals, [&](json_writer& out, const bundle_route& route) {
              write_proposal(out, route, current);
            }));
  });
}

// -- pins -----------------------------------------------------------------------------------------

void admin_pin_route(const exchange_pointer& x) {
  auto values = read_body(x, [](fields& in) {
    named_values by;
    by["product"] = in.optional_text("product", 1, longest_name);
    by["dealer"] = in.optional_account("dealer");
    by["provider"] = in.optional_text("provider", 1, 8);
    if (by["product"].empty() && by["dealer"].empty())
      in.miss("product", "or a dealer");
    return by;
  });
  if (!values)
    return;
  const auto& known = x->node->provider_prefixes;
  const auto& provider = values->at("provider");
  if (!provider.empty() && std::ranges::find(known, provider) == known.end())
    return fail(
      x, make_error(cause::not_found,
                    fmt::format("provider names no provider; there are {}", fmt::join(known, ", ")),
                    "provider"));
  change_at_desk(x, desk_action::pin_route, std::move(*values));
}

// -- why ------------------------------------------------------------------------------------------

void write_choice(json_writer& out, const route_choice& choice) {
  out.member("product", choice.product)
    .member("provider", choice.provider)
    .member("costUsd", choice.cost)
    .member("obstacle", or_null(choice.obstacle));
}

void explain_route(const exchange_pointer& x, const priced_good& good, const std::string& dealer,
                   const found_price_rules& found) {
  price_book book{found.rules};
  route_question question{good.product, found.dealer, {}};
  auto decision = book.decide(good.item(), {found.dealer, found.markup_basis_points, question.at});
  question.price = decision.price;
  auto choices = x->node->routes.choose(question);
  bool is_open = choices.front().is_open();
  succeed(x, json_object([&](json_writer& out) {
            out.member("product", good.product)
              .member("dealer", or_null(dealer))
              .member("priceUsd", decision.price)
              .member("sold", is_open || !decision.is_loss(good.item()))
              .member("first", first_choice(choices, good.product))
              .objects("choices", choices, write_choice);
          }));
}

void admin_explain_route(const exchange_pointer& x) {
  parameters in{x->incoming};
  auto product = in.text("product");
  auto dealer = lowered(in.text("dealer"));
  if (product.empty())
    in.reject("product", "is required", cause::missing_field);
  if (in.failure())
    return fail(x, in.failure());
  with_catalogue(x, [x, product, dealer](const catalogue& current) {
    auto good = find_good(current, {}, product);
    if (!good || good->kind == "topup")
      return fail(x, make_error(cause::not_found, "product names no product or bundle", "product"));
    ask_or<found_price_rules>(
      x, x->node->records.next(),
      [x, good, dealer](const found_price_rules& found) { explain_route(x, *good, dealer, found); },
      [x](const caf::error& failure) {
        fail(x, code_of(failure) == ec::not_found
                  ? make_error(cause::not_found, no_such_dealer, "dealer")
                  : failure);
      },
      find_price_rules{dealer, good->country, good->product, now()});
  });
}

// -- what is not sold -----------------------------------------------------------------------------

void write_loss(json_writer& out, const loss& item) {
  out.member("product", item.product)
    .member("dealer", item.dealer ? std::optional{item.dealer} : std::nullopt)
    .member("costUsd", item.cost)
    .member("priceUsd", item.price);
}

void admin_list_losses(const exchange_pointer& x) {
  with_goods(x, [x](const catalogue& current, const price_book_view& prices) {
    succeed(x, json_objects(losses_of(current, *prices.current, now()), write_loss));
  });
}

} // namespace

route_table sale_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  static constexpr std::array table{
    route{get,
          "/admin/v1/routes",
          viewer,
          none,
          list_at_desk<desk_list::routes>,
          {.parameters = "product"}},
    route{get,
          "/admin/v1/routes/proposals",
          viewer,
          none,
          admin_propose_routes,
          {.parameters = "country product"}},
    route{get,
          "/admin/v1/routes/explain",
          viewer,
          none,
          admin_explain_route,
          {.parameters = "product dealer"}},
    route{post,
          "/admin/v1/routes",
          finance,
          none,
          admin_add_route,
          {.is_repeatable = true, .audit = audit_kind::route_added}},
    route{post,
          "/admin/v1/routes/remove",
          finance,
          none,
          admin_remove_route,
          {.audit = audit_kind::route_removed, .told_by = "GET /admin/v1/routes tells"}},
    route{post,
          "/admin/v1/routes/pin",
          finance,
          none,
          admin_pin_route,
          {.is_repeatable = true, .audit = audit_kind::route_pinned}},
    route{get, "/admin/v1/prices/losses", viewer, none, admin_list_losses},
  };
  return table;
}

} // namespace meisim::http
