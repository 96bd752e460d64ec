#include "http/edge/on_account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "protocols/base/ascii.hpp"

#include <algorithm>
#include <iterator>

namespace meisim::http {

namespace {

std::string country_json(const country& item) {
  return fmt::format(R"({{"iso":{},"name":{},"region":{}}})", json_quoted(item.iso),
                     json_quoted(item.name), json_quoted(item.region));
}

// -- bundles --------------------------------------------------------------------------------------

struct bundle_wish {
  std::string country_iso;
  std::string country_name;
  std::string region;
  int64_t page = 1;
  int64_t page_size = 20;
};

caf::expected<bundle_wish> read_bundle_wish(const Json::Value& body) {
  fields in{body};
  bundle_wish wish;
  wish.country_iso = in.optional_text("countryISO", 2, 2);
  wish.country_name = in.optional_text("countryName", 1, 100);
  wish.region = in.optional_text("region", 1, 100);
  wish.page = in.whole_number("pageNumber", 1, 1'000'000, 1);
  wish.page_size = in.whole_number("pageSize", 1, 100, 20);
  if (auto failure = in.failure())
    return failure;
  return wish;
}

/// The ISO code that the wish means: empty for any, `-` for a country that there is not.
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

std::string bundle_json(const bundle& item, int32_t markup) {
  return fmt::format(
    R"({{"name":{},"description":{},"countryISO":{},"region":{},"dataMb":{},"validityDays":{},)"
    R"("price":{}}})",
    json_quoted(item.name), json_quoted(item.description),
    item.country_iso.empty() ? "null" : json_quoted(item.country_iso), json_quoted(item.region),
    item.data_mb, item.validity_days, to_string(item.price.with_markup(markup)));
}

std::string bundle_page(const catalogue& from, const bundle_wish& wish, int32_t markup) {
  auto country = country_of(from, wish);
  auto first = (wish.page - 1) * wish.page_size;
  int64_t total = 0;
  std::string list;
  for (const auto& item : from.bundles) {
    if (!matches(item, country, wish.region))
      continue;
    if (total >= first && total < first + wish.page_size) {
      if (!list.empty())
        list += ',';
      list += bundle_json(item, markup);
    }
    ++total;
  }
  return fmt::format(
    R"({{"bundles":[{}],"pageNumber":{},"pageSize":{},"total":{},"totalPages":{}}})", list,
    wish.page, wish.page_size, total, (total + wish.page_size - 1) / wish.page_size);
}

// -- orders ---------------------------------------------------------------------------------------

caf::expected<account_order> read_account_order(const exchange& x, const Json::Value& body,
                                                std::optional<money>& price_guard) {
  fields in{body};
  account_order wish;
  wish.product = in.required_text("bundleName", 1, 100);
  wish.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.email = in.optional_email("emailAddress");
  wish.mails_customer = in.flag("qrToCustomer", false);
  price_guard = in.optional_amount("maxPriceUsd");
  if (wish.mails_customer && wish.email.empty())
    in.reject("emailAddress", "is required when qrToCustomer is true");
  if (auto failure = in.failure())
    return failure;
  wish.dealer = x.dealer().id;
  return wish;
}

std::string order_json(const account_order& order, const account_outcome& outcome,
                       std::string_view status) {
  return fmt::format(
    R"({{"Status":"{}","OrderId":"{}","BundleName":{},"CustomerReference":{},"Iccid":{},)"
    R"("QrCode":{},"Amount":{}}})",
    status, to_string(order.id), json_quoted(order.product), text_or_null(order.customer_reference),
    text_or_null(outcome.iccid), text_or_null(outcome.lpa), to_string(outcome.terms.price));
}

// -- eSIMs that were sold -------------------------------------------------------------------------

/// Calls `go_on(sold)` if the body names an eSIM of the caller's.
template <class GoOn>
void with_own_esim(const exchange_pointer& x, GoOn go_on) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  auto iccid = in.required_text("iccid", 18, 22);
  if (!iccid.empty() && iccid.find_first_not_of("0123456789") != std::string::npos)
    in.reject("iccid", "must be 18 to 22 digits");
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<sold_esim>(
    x->node->records.next(), [go_on](const sold_esim& sold) { go_on(sold); },
    find_esim{x->dealer().id, iccid});
}

/// Calls `go_on(body)` with what the provider has to say of an eSIM.
template <class GoOn>
void ask_about_esim(const exchange_pointer& x, esim_question question, GoOn go_on) {
  ask_provider(x, std::move(question), [x, go_on](const provider_text& text) {
    if (text.status != 200)
      return x->fail(provider_refusal(text));
    go_on(text.body);
  });
}

} // namespace

void get_countries(const exchange_pointer& x) {
  x->with_catalogue([x](const catalogue& current) {
    std::string list;
    for (const auto& item : current.countries)
      list += (list.empty() ? "" : ",") + country_json(item);
    x->succeed(fmt::format(R"({{"countries":[{}]}})", list));
  });
}

void post_bundles(const exchange_pointer& x) {
  auto body = x->optional_json_body();
  if (!body)
    return;
  auto wish = read_bundle_wish(*body);
  if (!wish)
    return x->fail(wish.error());
  x->with_catalogue([x, wish = std::move(*wish)](const catalogue& current) {
    x->succeed(bundle_page(current, wish, x->dealer().markup_basis_points));
  });
}

void post_esim_order(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  std::optional<money> price_guard;
  auto wish = read_account_order(*x, *body, price_guard);
  if (!wish)
    return x->fail(wish.error());
  wish->id = id_under(x->dealer().id, *key);
  wish->request_hash = key->empty() ? std::string{} : x->request_hash();
  auto write = [order = *wish](const account_outcome& outcome, std::string_view status) {
    return order_json(order, outcome, status);
  };
  replay_or(x, *key, *wish, write, [x, wish = *wish, price_guard, write] {
    x->with_catalogue([x, wish, price_guard, write](const catalogue& current) {
      const auto* item = find_bundle(current, wish.product);
      if (!item)
        return x->fail(make_error(ec::not_found, "bundleName names no bundle"));
      auto order = wish;
      order.product_name = item->description;
      order.price = item->price.with_markup(x->dealer().markup_basis_points);
      if (passes_guard(x, order.price, price_guard))
        order_on_account(x, order, write);
    });
  });
}

void post_esim_details(const exchange_pointer& x) {
  with_own_esim(x, [x](const sold_esim& sold) {
    ask_about_esim(x, {sold.iccid, false, sold.product},
                   [x](const std::string& body) { x->succeed(body); });
  });
}

void post_esim_revoke(const exchange_pointer& x) {
  with_own_esim(x, [x](const sold_esim& sold) {
    ask_about_esim(x, {sold.iccid, true, sold.product},
                   [x, iccid = sold.iccid](const std::string& body) {
                     x->ask<done>(
                       x->node->jobs, [x, body](done) { x->succeed(body); }, esim_revoked{iccid});
                   });
  });
}

} // namespace meisim::http
