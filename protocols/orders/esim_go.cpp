#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/esim_go_assignments.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/provider_signatures.hpp"

#include <fmt/core.h>

#include <algorithm>

// eSIM Go's API v2.5. Its orders have no reference of ours: an order is found by its product and
// its time. The list of bundles does not tell its currency, so the account is asked for that first,
// as page 0 of the catalogue.

namespace meisim {

namespace {

constexpr int page_size = 100;
constexpr int most_pages = 500;
constexpr auto clock_margin = std::chrono::minutes{1};
constexpr auto settling_time = std::chrono::minutes{10};

std::string credential_of(const std::string& api_key) {
  return "X-API-Key: " + api_key;
}

/// The array of an answer, which is the answer itself or stands in an object.
const Json::Value& list_in(const Json::Value& json, const char* name) {
  return json.isArray() ? json : member(json, name);
}

// -- the account ----------------------------------------------------------------------------------

provider_call account_call() {
  return {"GET", "/organisation"};
}

/// The account, which may be the first of a list.
const Json::Value& account_in(const Json::Value& json) {
  const auto& list = member(json, "organisations");
  return list.isArray() && !list.empty() ? list[0] : json;
}

bool is_account(const Json::Value& json) {
  const auto& account = account_in(json);
  return account.isObject() && account.isMember("balance");
}

std::optional<told_balance> read_balance(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json || !is_account(*json))
    return std::nullopt;
  return balance_in(account_in(*json), "balance", "currency", body);
}

// -- the catalogue --------------------------------------------------------------------------------

std::optional<provider_call> next_page_call(std::string_view body, int32_t page) {
  auto json = parse_json(body);
  const auto& list = list_in(json ? *json : Json::Value::nullSingleton(), "bundles");
  bool is_behind_last = page > 0 && (!list.isArray() || list.empty());
  auto pages = json && json->isObject() ? number_of(*json, "pageCount", most_pages) : most_pages;
  if (is_behind_last || page >= std::min<int64_t>(pages, most_pages))
    return std::nullopt;
  return provider_call{"GET", fmt::format("/catalogue?page={}&perPage={}", page + 1, page_size)};
}

/// A country of a bundle is an object, or its code alone.
country country_of(const Json::Value& item) {
  if (item.isString())
    return {item.asString(), {}, {}};
  return {text_of(item, "iso"), text_of(item, "name"), text_of(item, "region")};
}

void add_bundle(catalogue& to, const Json::Value& item, std::string_view document) {
  auto name = text_of(item, "name");
  auto written = plain_text(item, "price", document);
  auto price = cents_up(written);
  if (name.empty() || !price) {
    to.refused.push_back(fmt::format("{}: {} is no price", name, written));
    return;
  }
  const auto& places = member(item, "countries");
  bool is_country = places.isArray() && places.size() == 1;
  auto where = places.isArray() && !places.empty() ? country_of(places[0]) : country{};
  if (is_country && !where.iso.empty() && !where.name.empty())
    add_country(to, where);
  bool is_unlimited = is_set(item, "unlimited");
  add_offer(to,
            {name, text_of(item, "description"), is_country ? where.iso : std::string{},
             where.region, is_unlimited ? 0 : number_of(item, "dataAmount"),
             static_cast<int32_t>(number_of(item, "duration")), *price},
            {{}, written});
}

caf::expected<catalogue> read_catalogue(std::string_view body) {
  auto json = parse_json(body);
  if (!json)
    return std::move(json.error());
  if (is_account(*json)) {
    catalogue terms;
    terms.currency = text_of(account_in(*json), "currency");
    if (terms.currency.empty())
      return make_error(ec::internal, "the account does not tell its currency");
    return terms;
  }
  const auto& list = list_in(*json, "bundles");
  if (!list.isArray())
    return make_error(ec::internal, "no list of bundles");
  catalogue result;
  for (const auto& item : list)
    add_bundle(result, item, body);
  return result;
}

// -- orders ---------------------------------------------------------------------------------------

/// The body of an order: `validate` only checks it, `transaction` buys.
std::string order_body(const provider_order& order, const char* type) {
  Json::Value item{Json::objectValue};
  item["type"] = "bundle";
  item["quantity"] = 1;
  item["item"] = order.product;
  item["iccids"] = Json::Value{Json::arrayValue};
  if (order.top_up)
    item["iccids"].append(order.top_up->sim.sim_serial);
  item["allowReassign"] = false;
  Json::Value body{Json::objectValue};
  body["type"] = type;
  body["assign"] = true;
  body["order"].append(std::move(item));
  return write_json(body);
}

provider_call order_call(const provider_order& order) {
  return {"POST", "/orders", order_body(order, "transaction")};
}

provider_call look_up_call(const provider_order& order) {
  if (order.provider_order_id.empty())
    return {"GET",
            fmt::format("/orders?page=1&limit={}&includeIccids=true&createdAt={}", page_size,
                        url_escaped("gte:" + rfc3339(order.first_asked_at() - clock_margin)))};
  auto number = url_escaped(order.provider_order_id);
  if (order.top_up)
    return {"GET", "/orders/" + number};
  return {"GET", "/esims/assignments?reference=" + number};
}

/// The host may come with a scheme.
std::string code_of_profile(const Json::Value& item) {
  auto host = text_of(item, "smdpAddress");
  if (auto scheme = host.find("://"); scheme != std::string::npos)
    host.erase(0, scheme + 3);
  return activation_code_of(host, text_of(item, "matchingId"));
}

/// The eSIM in a line, under the order's number; nothing while it is not allocated.
std::optional<esim> profile_in(const Json::Value& item, const std::string& number,
                               std::string_view document) {
  return whole_esim({plain_text(item, "iccid", document), code_of_profile(item), number});
}

provider_outcome read_order(const Json::Value& json, std::string_view body, bool is_top_up) {
  auto number = text_of(json, "orderReference");
  if (number.empty())
    return unknown("the provider's answer cannot be read");
  auto result = unknown("the provider is still at work on it");
  const auto& line = first_of(member(json, "order"));
  auto profile = profile_in(first_of(member(line, "esims")), number, body);
  if (is_top_up && same_but_for_case(text_of(json, "status"), "completed"))
    result = placed({{}, {}, number});
  else if (!is_top_up && profile)
    result = placed(*profile);
  result.bought.cost = dollars_in(json, "total", body);
  result.candidates.push_back(number);
  return result;
}

/// Whether it tells what was bought. If it does not, it may be any order.
bool is_readable(const Json::Value& candidate) {
  return !text_of(first_of(member(candidate, "order")), "item").empty()
         && !text_of(candidate, "orderReference").empty();
}

bool is_like(const Json::Value& candidate, const provider_order& order) {
  const auto& lines = member(candidate, "order");
  if (lines.size() != 1 || text_of(lines[0], "item") != order.product
      || number_of(lines[0], "quantity") != 1)
    return false;
  auto at = parse_time(text_of(candidate, "createdDate"));
  return !at
         || (*at >= order.first_asked_at() - clock_margin
             && *at <= order.asked_at + settling_time + clock_margin);
}

/// Every order at the provider that this one may be.
provider_outcome read_by_time(const Json::Value& json, const provider_order& order) {
  const auto& list = list_in(json, "orders");
  if (!list.isArray())
    return unknown("the provider's answer cannot be read");
  bool has_more =
    number_of(json, "pageCount") > 1 || number_of(json, "rows") > static_cast<int64_t>(list.size());
  if (list.size() >= page_size || has_more)
    return unknown("too many orders at the provider to look through");
  if (!std::ranges::all_of(list, is_readable))
    return unknown("the provider's answer cannot be read");
  auto result = absent("the provider has no order of the product at that time");
  for (const auto& candidate : list)
    if (is_like(candidate, order))
      result.candidates.push_back(text_of(candidate, "orderReference"));
  // It may also be an order that the database has lost, whose eSIM somebody has.
  if (order.placed_since != instant{} && !result.candidates.empty())
    return unknown("the database was restored: an operator has to tell whose the provider's "
                   "orders are");
  return result;
}

provider_outcome read_look_up(const Json::Value& json, std::string_view body,
                              const provider_order& order) {
  if (order.provider_order_id.empty())
    return read_by_time(json, order);
  if (order.top_up) {
    auto result = read_order(json, body, true);
    result.candidates.clear();
    return result;
  }
  const auto& list = list_in(json, "assignments");
  const auto& item = list.isArray() && !list.empty() ? list[0] : json;
  auto profile = profile_in(item, order.provider_order_id, body);
  return profile ? placed(*profile) : unknown("the provider is still at work on it");
}

bool names_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words,
                             [&](auto word) { return text.find(word) != std::string_view::npos; });
}

/// Only a status that is documented to buy nothing is a refusal, and any other with which it turns
/// us down because there is no stock: how it tells that is not documented.
provider_outcome outcome_of(int32_t status, std::string reason) {
  auto words = lowered(reason);
  bool is_about_credit = names_any(words, {"insufficient", "balance", "credit"});
  bool is_about_key =
    names_any(words, {"token", "api key", "access denied", "unauthor", "forbidden"});
  switch (status) {
  case 400:
    return is_about_credit ? ours(std::move(reason)) : refused(std::move(reason));
  case 401:
  case 402:
    return ours(std::move(reason));
  case 403:
    return !is_about_credit && !is_about_key
               && names_any(words, {"bundle", "iccid", "esim", "stock"})
             ? refused(std::move(reason))
             : ours(std::move(reason));
  case 429:
    return unavailable(std::move(reason));
  default:
    break;
  }
  bool is_turned_down = status > 403 && status < 500 && status != 408;
  return is_turned_down && names_any(words, {"stock"}) ? refused(std::move(reason))
                                                       : unknown(std::move(reason));
}

bool is_success(int32_t status) {
  return status == 200 || status == 201;
}

std::string reason_in(const Json::Value& answer, int32_t status) {
  return reason_of(text_of(answer, "message"), status);
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto json = parse_json(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  if (json && is_success(status))
    return is_look_up ? read_look_up(answer, body, order)
                      : read_order(answer, body, order.top_up.has_value());
  auto reason = reason_in(answer, status);
  return is_look_up ? unknown(std::move(reason)) : outcome_of(status, std::move(reason));
}

// -- before an order ------------------------------------------------------------------------------

std::optional<provider_call> check_call(const provider_order& order) {
  return provider_call{"POST", "/orders", order_body(order, "validate")};
}

/// The bundle's own price, which not every answer has; otherwise empty.
std::string bundle_price_in(const Json::Value& answer, std::string_view document) {
  const auto& line = first_of(member(answer, "order"));
  auto price = plain_text(line, "subTotal", document);
  return price.empty() ? plain_text(line, "pricePerUnit", document) : price;
}

/// Whether an order that comes to this total in the account's currency costs more than it brings.
bool is_loss(int64_t total, const provider_order& order) {
  constexpr int64_t cent = exact_unit / 100;
  auto rate = order.usd_rate == 0 ? exact_unit : order.usd_rate;
  return !order.price || product_up(total, rate, exact_unit) > order.price->cents() * cent;
}

/// Why the order would be too dear; nothing if it is not. The total may hold taxes that the
/// catalogue does not have: these may take all of our margin, and no more.
std::optional<provider_outcome> too_dear(const Json::Value& answer, std::string_view document,
                                         const provider_order& order) {
  auto listed = exact_up(order.listed_price);
  auto refuse = [&](const std::string& now) {
    return refused(
      fmt::format("it costs {} now, and {} by the catalogue", now, order.listed_price));
  };
  auto own = bundle_price_in(answer, document);
  if (auto price = exact_up(own); listed && price && *price > *listed)
    return refuse(own);
  auto total = plain_text(answer, "total", document);
  if (auto all = exact_up(total); listed && all && *all > *listed && is_loss(*all, order))
    return refuse(total);
  return std::nullopt;
}

/// A missing field of the answer is no objection: the provider checks the order itself again.
std::optional<provider_outcome> read_check(int32_t status, std::string_view body,
                                           provider_order& order) {
  auto json = parse_json(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  if (!json || !is_success(status))
    return outcome_of(status, reason_in(answer, status));
  if (member(answer, "valid") == Json::Value{false})
    return outcome_of(400, reason_in(answer, status));
  return too_dear(answer, body, order);
}

// -- what it sends unasked ------------------------------------------------------------------------

std::optional<provider_news> read_news(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  provider_news news;
  news.iccid = plain_text(*json, "iccid", body);
  news.provider_order = text_of(member(*json, "bundle"), "reference");
  return news;
}

} // namespace

const provider_format esim_go_format{
  .name = "esim-go",
  .credential = credential_of,
  .catalogue_call = account_call,
  .read_catalogue = read_catalogue,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = assignments_call,
  .read_esim = read_assignments,
  .sim_call = nullptr,
  .tops_up_esims = true,
  .next_page_call = next_page_call,
  .catalogue_lifetime = std::chrono::minutes{60},
  .revocation_call = revocation_of_assignment,
  .may_buy_twice = true,
  .is_one_of_a_product = true,
  .settling_time = settling_time,
  .call_pause = std::chrono::milliseconds{100},
  .order_pause = std::chrono::seconds{3},
  .call_burst = 5,
  .check_call = check_call,
  .read_check = read_check,
  .checks_price = true,
  .balance_call = account_call,
  .read_balance = read_balance,
  .list_call = esim_go_list_call,
  .read_list = read_esim_go_list,
  .signature_header = "x-signature-sha256",
  .is_signed = is_signed_by_esim_go,
  .read_news = read_news,
};

} // namespace meisim
