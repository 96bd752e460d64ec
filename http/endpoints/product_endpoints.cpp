#include "http/edge/etag.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/parameters.hpp"
#include "http/edge/pricing.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/country_code.hpp"
#include "protocols/orders/provider.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace meisim::http {

// What POST /dealer/order sells.

namespace {

struct product_filter {
  std::string country;
  std::string region;
  std::string words;
  int32_t limit = 0;
  /// The product that the page before ended with; empty for the first page.
  std::string behind;
};

std::string country_name(const catalogue& from, const std::string& iso) {
  auto found = std::ranges::find(from.countries, iso, &country::iso);
  return found == from.countries.end() ? std::string{} : found->name;
}

bool holds(const std::string& text, const std::string& words) {
  return lowered(text).find(lowered(words)) != std::string::npos;
}

bool matches(const catalogue& from, const product& item, const product_filter& filter) {
  bool is_there = filter.country.empty() || same_but_for_case(item.country_iso, filter.country)
                  || same_but_for_case(country_name(from, item.country_iso), filter.country);
  return is_there && (filter.region.empty() || same_but_for_case(item.region, filter.region))
         && (filter.words.empty() || holds(item.id, filter.words) || holds(item.name, filter.words))
         && item.id > filter.behind;
}

std::vector<std::string_view> needs_of(const product& item) {
  std::vector<std::string_view> needs;
  if (item.needs_imei)
    needs.emplace_back("imei");
  if (item.needs_eid)
    needs.emplace_back("eid");
  if (item.needs_address)
    needs.emplace_back("address");
  return needs;
}

void write_offer(json_writer& out, const product& item, money price) {
  out.member("id", item.id)
    .member("name", item.name)
    .member("country", or_null(item.country_iso))
    .member("region", or_null(item.region))
    .member("dataMb", item.data_mb > 0 ? std::optional{item.data_mb} : std::nullopt)
    .member("validityDays",
            item.validity_days > 0 ? std::optional{item.validity_days} : std::nullopt)
    .member("priceUsd", price)
    .array("requires", needs_of(item))
    .member("refundable", item.is_refundable)
    .member("topUp", item.tops_up)
    .member("updatedAt", item.updated_at);
}

/// In the order of their ids.
std::vector<const product*> find_offers(const catalogue& from, const product_filter& filter,
                                        const caller_prices& prices) {
  std::vector<const product*> offers;
  for (const auto& item : from.products)
    if (matches(from, item, filter) && prices.sells(item))
      offers.push_back(&item);
  std::ranges::sort(offers, {}, &product::id);
  return offers;
}

void get_products(const exchange_pointer& x) {
  constexpr int32_t most_products = 100;
  constexpr std::array<std::string_view, 2> whether{"true", "false"};
  auto limit = x->incoming.whole_parameter("limit", 1, most_products, most_products);
  if (!limit)
    return fail(x, limit.error());
  parameters in{x->incoming};
  product_filter filter{read_country(in.text("country")), in.text("region"), in.text("q"), *limit,
                        in.text("cursor")};
  if (in.choice("all", whether) == "true")
    filter.limit = std::numeric_limits<int32_t>::max();
  if (in.failure())
    return fail(x, in.failure());
  with_priced_catalogue(x, [x, filter](const catalogue& current, const caller_prices& prices) {
    auto offers = find_offers(current, filter, prices);
    bool has_more = std::ssize(offers) > filter.limit;
    if (has_more)
      offers.resize(static_cast<size_t>(filter.limit));
    answer(x, tagged(x, "application/json", json_object([&](json_writer& out) {
                       out
                         .objects("data", offers,
                                  [&](json_writer& line, const product* item) {
                                    write_offer(line, *item, prices.of(*item));
                                  })
                         .member("next_cursor",
                                 has_more ? std::optional{offers.back()->id} : std::nullopt);
                     })));
  });
}

} // namespace

route_table product_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{
      get,
      "/dealer/products",
      dealer,
      read,
      get_products,
      {.parameters = "country region q limit cursor all", .scopes = scopes::read | scopes::order}},
  };
  return table;
}

} // namespace meisim::http
