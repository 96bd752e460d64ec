#include "protocols/orders/provider_lists.hpp"

#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/esim_access_envelope.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

constexpr int listed_at_once = 100;

/// A time by RFC 3339, or `2026-05-05 12:34:56`.
instant listed_time(const Json::Value& item, const char* name) {
  constexpr size_t date_size = 10;
  auto text = text_of(item, name);
  if (text.size() > date_size && text[date_size] == ' ')
    text = text.substr(0, date_size) + 'T' + text.substr(date_size + 1) + 'Z';
  return parse_time(text).value_or(instant{});
}

std::string listed_day(instant time) {
  return rfc3339(time).substr(0, 10);
}

/// Reads the items of a list by `read`, which returns nothing for an item that does not count.
template <class Read>
std::optional<order_page> read_listed(const Json::Value& list, bool has_more, Read read) {
  if (!list.isArray() && !list.isObject())
    return std::nullopt;
  order_page page;
  page.has_more = has_more;
  for (const auto& item : list) {
    std::optional<listed_order> order = read(item);
    if (order && order->id.empty())
      return std::nullopt;
    if (order)
      page.orders.push_back(std::move(*order));
  }
  return page;
}

bool is_full(const Json::Value& list) {
  return list.size() >= listed_at_once;
}

} // namespace

// -- our own format -------------------------------------------------------------------------------

provider_call standard_list_call(const list_wish& wish) {
  return {"GET", fmt::format("/v1/orders?from={}&to={}&page={}", url_escaped(rfc3339(wish.from)),
                             url_escaped(rfc3339(wish.to)), wish.page)};
}

std::optional<order_page> read_standard_list(std::string_view body, int32_t) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  return read_listed(
    member(*json, "orders"), is_set(*json, "has_more"), [&](const Json::Value& item) {
      return std::optional{listed_order{text_of(item, "order_id"), text_of(item, "reference"),
                                        plain_text(item, "price", body), "USD",
                                        listed_time(item, "created_at")}};
    });
}

// -- Airalo ---------------------------------------------------------------------------------------

provider_call airalo_list_call(const list_wish& wish) {
  auto time = listed_day(wish.from) + " - " + listed_day(wish.to);
  return {"GET", fmt::format("/orders?filter%5Bcreated_at%5D={}&limit={}&page={}&include=status",
                             url_escaped(time), listed_at_once, wish.page + 1)};
}

std::optional<order_page> read_airalo_list(std::string_view body, int32_t page) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  bool has_more = number_of(member(*json, "meta"), "last_page") > page + 1;
  return read_listed(
    member(*json, "data"), has_more, [&](const Json::Value& item) -> std::optional<listed_order> {
      auto status = text_of(member(item, "status"), "slug");
      if (status == "failed" || status == "refunded")
        return std::nullopt;
      auto currency = text_of(item, "currency");
      return listed_order{plain_text(item, "id", body), text_of(item, "description"),
                          plain_text(item, "price", body), currency.empty() ? "USD" : currency,
                          listed_time(item, "created_at")};
    });
}

// -- DT One ---------------------------------------------------------------------------------------

provider_call dt_one_list_call(const list_wish& wish) {
  return {"GET", fmt::format("/transactions?from_date={}&to_date={}&page={}&per_page={}",
                             url_escaped(rfc3339(wish.from)), url_escaped(rfc3339(wish.to)),
                             wish.page + 1, listed_at_once)};
}

std::optional<order_page> read_dt_one_list(std::string_view body, int32_t) {
  constexpr int64_t completed = 7;
  auto json = parse_json(body);
  if (!json || !json->isArray())
    return std::nullopt;
  return read_listed(
    *json, is_full(*json), [&](const Json::Value& item) -> std::optional<listed_order> {
      if (number_of(member(member(item, "status"), "class"), "id") != completed)
        return std::nullopt;
      // A fee comes on top of the amount, so neither of them is the sum.
      const auto& wholesale = member(member(item, "prices"), "wholesale");
      auto fee = exact_up(plain_text(wholesale, "fee", body)).value_or(0);
      return listed_order{plain_text(item, "id", body), text_of(item, "external_id"),
                          fee == 0 ? plain_text(wholesale, "amount", body) : std::string{},
                          text_of(wholesale, "unit"), listed_time(item, "creation_date")};
    });
}

// -- eSIM Access ----------------------------------------------------------------------------------

provider_call esim_access_list_call(const list_wish& wish) {
  auto query = esim_access_query(listed_at_once, wish.page);
  query["startTime"] = rfc3339(wish.from);
  query["endTime"] = rfc3339(wish.to);
  return esim_access_call("/esim/query", query);
}

std::optional<order_page> read_esim_access_list(std::string_view body, int32_t) {
  auto answer = open_envelope(body);
  const auto& list = member(answer.object, "esimList");
  if (!answer.is_readable || answer.code != 0 || !list.isArray())
    return std::nullopt;
  return read_listed(
    list, is_full(list), [](const Json::Value& item) -> std::optional<listed_order> {
      // An eSIM that is cancelled before it is installed is refunded.
      if (text_of(item, "esimStatus") == "CANCEL")
        return std::nullopt;
      return listed_order{text_of(item, "orderNo"), text_of(item, "transactionId")};
    });
}

// -- eSIM Go --------------------------------------------------------------------------------------

/// A filter has only one bound. Whoever compares passes over what is later.
provider_call esim_go_list_call(const list_wish& wish) {
  return {"GET",
          fmt::format("/orders?page={}&limit={}&includeIccids=true&createdAt={}", wish.page + 1,
                      listed_at_once, url_escaped("gte:" + rfc3339(wish.from)))};
}

std::optional<order_page> read_esim_go_list(std::string_view body, int32_t page) {
  auto json = parse_json(body);
  if (!json)
    return std::nullopt;
  const auto& list = json->isArray() ? *json : member(*json, "orders");
  if (!list.isArray())
    return std::nullopt;
  bool has_more = is_full(list) || number_of(*json, "pageCount") > page + 1;
  return read_listed(list, has_more, [&](const Json::Value& item) {
    auto currency = text_of(item, "currency");
    return std::optional{listed_order{text_of(item, "orderReference"),
                                      {},
                                      plain_text(item, "total", body),
                                      currency.empty() ? "USD" : currency,
                                      listed_time(item, "createdDate")}};
  });
}

// -- Reloadly -------------------------------------------------------------------------------------

provider_call reloadly_list_call(const list_wish& wish) {
  return {"GET",
          fmt::format("/topups/reports/transactions?startDate={}&endDate={}&page={}&size={}",
                      query_time(wish.from), query_time(wish.to), wish.page + 1, listed_at_once),
          {},
          "application/json",
          "application/com.reloadly.topups-v1+json"};
}

std::optional<order_page> read_reloadly_list(std::string_view body, int32_t page) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  bool has_more = number_of(*json, "totalPages") > page + 1;
  return read_listed(member(*json, "content"), has_more,
                     [&](const Json::Value& item) -> std::optional<listed_order> {
                       auto status = text_of(item, "status");
                       if (status == "FAILED" || status == "REFUNDED")
                         return std::nullopt;
                       const auto& account = member(item, "balanceInfo");
                       auto currency = text_of(account, "currencyCode");
                       return listed_order{
                         plain_text(item, "transactionId", body), text_of(item, "customIdentifier"),
                         plain_text(account, "cost", body), currency.empty() ? "USD" : currency,
                         listed_time(item, "transactionDate")};
                     });
}

} // namespace meisim
