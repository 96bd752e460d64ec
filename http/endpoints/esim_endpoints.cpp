#include "http/edge/auditing.hpp"
#include "http/edge/dry_run.hpp"
#include "http/edge/pricing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/on_account.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/country_code.hpp"

#include <algorithm>
#include <array>

namespace meisim::http {

namespace {

// -- the catalogue --------------------------------------------------------------------------------

void write_country(json_writer& out, const country& item) {
  out.member("iso", item.iso).member("name", item.name).member("region", item.region);
}

void get_countries(const exchange_pointer& x) {
  with_catalogue(x, [x](const catalogue& current) {
    succeed(x, json_object([&](json_writer& out) {
              out.objects("countries", current.countries, write_country);
            }));
  });
}

struct bundle_wish {
  std::string country_iso;
  std::string country_name;
  std::string region;
  int64_t page = 1;
  int64_t page_size = 20;
};

bundle_wish read_bundle_wish(fields& in) {
  bundle_wish wish;
  wish.country_iso = read_country(in.optional_text("countryISO", 2, 2));
  wish.country_name = in.optional_text("countryName", 1, 100);
  wish.region = in.optional_text("region", 1, 100);
  wish.page = in.whole_number("pageNumber", 1, 1'000'000, 1);
  wish.page_size = in.whole_number("pageSize", 1, 100, 20);
  return wish;
}

/// The ISO code of the country that is asked for. Empty for any country, `-` for one that does not
/// exist.
std::string country_of(const catalogue& from, const bundle_wish& wish) {
  if (wish.country_name.empty())
    return wish.country_iso;
  auto named = std::ranges::find_if(
    from.countries, [&](const country& c) { return same_but_for_case(c.name, wish.country_name); });
  bool agrees = named != from.countries.end()
                && (wish.country_iso.empty() || same_but_for_case(named->iso, wish.country_iso));
  return agrees ? named->iso : "-";
}

bool matches(const bundle& item, std::string_view country_iso, std::string_view region) {
  return (country_iso.empty() || same_but_for_case(item.country_iso, country_iso))
         && (region.empty() || same_but_for_case(item.region, region));
}

/// The bundles that match. `total` counts all of them, `shown` are those of the page.
struct bundle_page {
  std::vector<const bundle*> shown;
  int64_t total = 0;
};

bundle_page find_bundles(const catalogue& from, const bundle_wish& wish,
                         const caller_prices& prices) {
  auto country = country_of(from, wish);
  auto first = (wish.page - 1) * wish.page_size;
  bundle_page page;
  for (const auto& item : from.bundles) {
    if (!matches(item, country, wish.region) || !prices.sells(item))
      continue;
    if (page.total >= first && page.total < first + wish.page_size)
      page.shown.push_back(&item);
    ++page.total;
  }
  return page;
}

void write_bundles(json_writer& out, const bundle_page& page, const bundle_wish& wish,
                   const caller_prices& prices) {
  auto write_bundle = [&](json_writer& item, const bundle* what) {
    item.member("name", what->name)
      .member("description", what->description)
      .member("countryISO", or_null(what->country_iso))
      .member("region", what->region)
      .member("dataMb", what->data_mb)
      .member("validityDays", what->validity_days)
      .member("price", prices.of(*what))
      .member("refundable", what->is_refundable)
      .member("topUp", what->tops_up);
  };
  out.objects("bundles", page.shown, write_bundle)
    .member("pageNumber", wish.page)
    .member("pageSize", wish.page_size)
    .member("total", page.total)
    .member("totalPages", (page.total + wish.page_size - 1) / wish.page_size);
}

void post_bundles(const exchange_pointer& x) {
  auto wish = read_optional_body(x, read_bundle_wish);
  if (!wish)
    return;
  with_priced_catalogue(
    x, [x, wish = std::move(*wish)](const catalogue& current, const caller_prices& prices) {
      succeed(x, json_object(write_bundles, find_bundles(current, wish, prices), wish, prices));
    });
}

// -- orders ---------------------------------------------------------------------------------------

struct account_wish {
  account_order order;
  idempotency known_as;
  std::optional<money> price_guard;
  bool is_dry_run = false;
};

account_wish read_account_order(fields& in, idempotency known_as) {
  account_wish wish;
  wish.order.product = in.required_text("bundleName", 1, 100);
  wish.order.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.order.email = in.optional_email("emailAddress");
  wish.order.mails_customer = in.flag("qrToCustomer", false);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  wish.is_dry_run = in.flag("validateOnly", false);
  if (wish.order.mails_customer && wish.order.email.empty())
    in.miss("emailAddress", "when qrToCustomer is true");
  wish.known_as = std::move(known_as);
  return wish;
}

/// How an order is answered.
auto order_writer(const account_order& order) {
  return [order](json_writer& out, const account_outcome& outcome, std::string_view status) {
    out.member("Status", status)
      .member("OrderId", order.id)
      .member("BundleName", order.product)
      .member("CustomerReference", or_null(order.customer_reference))
      .member("Iccid", or_null(outcome.iccid))
      .member("QrCode", or_null(outcome.lpa))
      .member("Amount", outcome.terms.price);
  };
}

/// Calls `go_on(order)` with the order at its price, if its bundle is sold.
template <class GoOn>
void with_priced_order(const exchange_pointer& x, const account_order& wish, GoOn go_on) {
  with_priced_catalogue(x, [x, wish, go_on](const catalogue& current, const caller_prices& prices) {
    const auto* item = find_bundle(current, wish.product);
    if (!item)
      return fail(x, make_error(cause::not_found, "bundleName names no bundle", "bundleName"));
    if (!prices.sells(*item))
      return fail(x, not_sold("bundleName"));
    if (wish.top_up && !item->tops_up)
      return fail(x, make_error(cause::wrong_state,
                                "bundleName brings no data onto an eSIM that was sold: topUp tells "
                                "which bundles do",
                                "bundleName"));
    auto order = wish;
    order.product_name = item->description;
    order.country = item->country_iso;
    order.price = prices.of(*item);
    go_on(order);
  });
}

void post_esim_order(const exchange_pointer& x) {
  auto wish = read_body(x, read_account_order);
  if (!wish)
    return;
  if (wish->is_dry_run)
    return with_priced_order(x, wish->order,
                             [x, most = wish->price_guard](const account_order& order) {
                               answer_dry_run(x, {order.price, most, false});
                             });
  identify(wish->order, x, wish->known_as);
  auto write = order_writer(wish->order);
  replay_or(x, wish->order, write, [x, wish = *wish, write] {
    with_priced_order(x, wish.order, [x, wish, write](const account_order& order) {
      if (passes_guard(x, order.price, wish.price_guard))
        order_on_account(x, order, write);
    });
  });
}

// -- eSIMs that were sold -------------------------------------------------------------------------

/// Calls `go_on(sold)` if the body names an eSIM of the caller's.
template <class GoOn>
void with_own_esim(const exchange_pointer& x, GoOn go_on) {
  auto iccid = read_body(x, [](fields& in) { return in.required_iccid("iccid"); });
  if (iccid)
    ask<sold_esim>(
      x, x->node->records.next(), [go_on](const sold_esim& sold) { go_on(sold); },
      find_esim{x->dealer().id, *iccid});
}

/// Calls `go_on(body)` with what the provider answers about an eSIM.
template <class GoOn>
void ask_about_esim(const exchange_pointer& x, esim_question question, GoOn go_on) {
  ask_provider(x, std::move(question), [x, go_on](const provider_text& text) {
    if (text.status != 200)
      return fail(x, provider_refusal(text));
    go_on(text.body);
  });
}

struct data_wish {
  account_order order;
  idempotency known_as;
  std::optional<money> price_guard;
  bool is_dry_run = false;
};

data_wish read_data_order(fields& in, idempotency known_as) {
  data_wish wish;
  wish.order.top_up.emplace();
  wish.order.top_up->sim.sim_serial = in.required_iccid("iccid");
  wish.order.product = in.required_text("bundleName", 1, 100);
  wish.order.top_up->network = wish.order.product;
  wish.order.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  wish.is_dry_run = in.flag("validateOnly", false);
  wish.known_as = std::move(known_as);
  return wish;
}

/// How data for an eSIM is answered.
auto data_writer(const account_order& order) {
  return [order](json_writer& out, const account_outcome& outcome, std::string_view status) {
    out.member("Status", status)
      .member("OrderId", order.id)
      .member("Iccid", order.top_up->sim.sim_serial)
      .member("BundleName", order.product)
      .member("CustomerReference", or_null(order.customer_reference))
      .member("Reference", or_null(outcome.provider_reference))
      .member("Amount", outcome.terms.price);
  };
}

/// Whether both may be of one provider. A name without a prefix is the first provider's, whose
/// prefix is not known here. A provider that did not sell the eSIM refuses.
bool may_share_provider(std::string_view bundle, std::string_view sold) {
  auto a = provider_prefix(bundle);
  auto b = provider_prefix(sold);
  return a.empty() || b.empty() || a == b;
}

/// Calls `go_on(order)` with the bundle's data at its price, if it is for an eSIM of the caller's,
/// from the provider that has sold it.
template <class GoOn>
void with_priced_data(const exchange_pointer& x, const account_order& wish, GoOn go_on) {
  auto priced = [x, wish, go_on](const sold_esim& sold) {
    if (!may_share_provider(wish.product, sold.product))
      return fail(x, make_error(cause::invalid_field,
                                "bundleName must be of the provider that sold the eSIM",
                                "bundleName"));
    auto order = wish;
    order.top_up->sim.sim_serial = sold.iccid;
    with_priced_order(x, order, go_on);
  };
  ask<sold_esim>(x, x->node->records.next(), priced,
                 find_esim{x->dealer().id, wish.top_up->sim.sim_serial});
}

void post_esim_topup(const exchange_pointer& x) {
  auto wish = read_body(x, read_data_order);
  if (!wish)
    return;
  if (wish->is_dry_run)
    return with_priced_data(x, wish->order,
                            [x, most = wish->price_guard](const account_order& order) {
                              answer_dry_run(x, {order.price, most, false});
                            });
  identify(wish->order, x, wish->known_as);
  auto write = data_writer(wish->order);
  replay_or(x, wish->order, write, [x, wish = *wish, write] {
    with_priced_data(x, wish.order, [x, wish, write](const account_order& order) {
      if (passes_guard(x, order.price, wish.price_guard))
        order_on_account(x, order, write);
    });
  });
}

void post_esim_details(const exchange_pointer& x) {
  with_own_esim(x, [x](const sold_esim& sold) {
    ask_about_esim(x, {sold.iccid, false, sold.product},
                   [x](const std::string& body) { succeed(x, body); });
  });
}

void post_esim_revoke(const exchange_pointer& x) {
  with_own_esim(x, [x](const sold_esim& sold) {
    ask_about_esim(
      x, {sold.iccid, true, sold.product}, [x, iccid = sold.iccid](const std::string& body) {
        ask<done>(
          x, x->node->jobs, [x, body](done) { succeed(x, body); },
          esim_revoked{iccid, x->dealer().id, stamp_of(x).as(audit_kind::esim_revoked)});
      });
  });
}

} // namespace

route_table esim_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/api/v1/esim/countries", dealer, read, get_countries,
          open_to(scopes::read | scopes::order)},
    route{post, "/api/v1/esim/bundles", dealer, read, post_bundles,
          repeatable_for(scopes::read | scopes::order)},
    route{post, "/api/v1/esim/order", dealer, order, post_esim_order, keyed_for(scopes::order)},
    route{post, "/api/v1/esim/topup", dealer, order, post_esim_topup, keyed_for(scopes::order)},
    route{post,
          "/api/v1/esim/details",
          dealer,
          read,
          post_esim_details,
          {.is_repeatable = true, .is_for_viewers = true, .scopes = scopes::read | scopes::order}},
    route{post,
          "/api/v1/esim/revoke",
          dealer,
          revoke,
          post_esim_revoke,
          {.scopes = scopes::order, .told_by = "POST /api/v1/esim/details tells"}},
  };
  return table;
}

} // namespace meisim::http
