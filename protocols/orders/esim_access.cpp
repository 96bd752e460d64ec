#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/esim_access_esims.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/provider_signatures.hpp"

#include <fmt/core.h>

#include <algorithm>

// eSIM Access's open API v1. Every call is a POST. Every answer is an envelope with an error code,
// which counts whatever the HTTP status is. An order first gets only a number; its eSIM is
// allocated later, and read by that number.

namespace meisim {

namespace {

/// Orders that one look-up by time reads.
constexpr int page_size = 500;

/// The clocks of both sides may differ by as much.
constexpr auto clock_margin = std::chrono::minutes{2};

/// After this time no order of a lost call turns up any more.
constexpr auto settling_time = std::chrono::minutes{10};

/// The credentials are an access code, or `access code:secret` if calls are to be signed.
std::string access_code_in(const std::string& credentials) {
  return credentials.substr(0, credentials.find(':'));
}

std::string credential_of(const std::string& credentials) {
  return "RT-AccessCode: " + access_code_in(credentials);
}

std::vector<std::string> sign(const std::string& credentials, const std::string& body, instant at) {
  auto code = access_code_in(credentials);
  if (code.size() == credentials.size())
    return {};
  return esim_access_signature({code, credentials.substr(code.size() + 1)}, body, at);
}

// -- the catalogue --------------------------------------------------------------------------------

provider_call catalogue_call() {
  Json::Value body{Json::objectValue};
  body["locationCode"] = "";
  body["type"] = "BASE";
  return esim_access_call("/package/list", body);
}

std::string from_ten_thousandths(int64_t value) {
  return fmt::format("{}.{:04}", value / 10'000, value % 10'000);
}

/// By the slug, which stays the same when a package is renewed.
std::string code_of_package(const Json::Value& item) {
  auto slug = text_of(item, "slug");
  return slug.empty() ? text_of(item, "packageCode") : slug;
}

void add_package(catalogue& to, const Json::Value& item) {
  auto code = code_of_package(item);
  auto price = cents_up_from_ten_thousandths(number_of(item, "price", -1));
  auto currency = text_of(item, "currencyCode");
  if (code.empty() || !price || currency.empty()) {
    to.refused.push_back(fmt::format("{}: {} {} is no price in ten-thousandths", code,
                                     write_json(member(item, "price")), currency));
    return;
  }
  auto places = text_of(item, "location");
  constexpr int64_t tops_up = 2;
  bool is_country = places.size() == 2;
  // The list does not have the country's name.
  if (is_country)
    add_country(to, {places, places, {}});
  bundle offer{code,
               text_of(item, "name"),
               is_country ? places : std::string{},
               is_country ? std::string{} : std::string{"Several countries"},
               number_of(item, "volume") / esim_access_megabyte,
               static_cast<int32_t>(number_of(item, "duration")),
               *price};
  offer.tops_up = number_of(item, "supportTopUpType") == tops_up;
  if (offer.tops_up)
    offer.top_up_code = code;
  add_offer(to, std::move(offer), {currency, from_ten_thousandths(number_of(item, "price"))});
}

/// A package that is sold by the day needs a number of days, which our orders do not have.
bool is_sold_whole(const Json::Value& item) {
  return number_of(item, "dataType", 1) == 1 && text_of(item, "durationUnit") == "DAY";
}

caf::expected<catalogue> read_catalogue(std::string_view body) {
  auto answer = open_envelope(body);
  if (!answer.is_readable || answer.code != 0)
    return make_error(ec::internal, "no list of packages: " + answer.message);
  catalogue result;
  const auto& list = member(answer.object, "packageList");
  if (list.isArray())
    for (const auto& item : list)
      if (is_sold_whole(item))
        add_package(result, item);
  if (result.bundles.empty())
    return make_error(ec::internal, "the catalogue is empty");
  return result;
}

// -- orders ---------------------------------------------------------------------------------------

/// The price of the catalogue: the provider refuses an order at another price. Nothing if the
/// catalogue named none.
std::optional<int64_t> listed_price(const provider_order& order) {
  constexpr int64_t ten_thousandth = exact_unit / 10'000;
  auto price = exact_up(order.listed_price);
  return price ? std::optional{*price / ten_thousandth} : std::nullopt;
}

provider_call top_up_call(const provider_order& order) {
  Json::Value body{Json::objectValue};
  body["transactionId"] = order.reference;
  body["esimTranNo"] = order.esim_number;
  body["packageCode"] = order.code;
  if (auto price = listed_price(order))
    body["amount"] = Json::Int64{*price};
  return esim_access_call("/esim/topup", body);
}

provider_call order_call(const provider_order& order) {
  if (order.top_up)
    return top_up_call(order);
  Json::Value body{Json::objectValue};
  body["transactionId"] = order.reference;
  Json::Value package{Json::objectValue};
  package["packageCode"] = order.product;
  package["count"] = 1;
  if (auto price = listed_price(order))
    package["price"] = Json::Int64{*price};
  body["packageInfoList"].append(std::move(package));
  return esim_access_call("/esim/order", body);
}

provider_call look_up_call(const provider_order& order) {
  // No call tells the outcome of a top-up. This one only shows that the provider answers.
  if (order.top_up)
    return esim_access_call_about(order.top_up->sim.sim_serial);
  auto body = esim_access_query(page_size);
  if (!order.provider_order_id.empty()) {
    body["orderNo"] = order.provider_order_id;
  } else {
    body["startTime"] = rfc3339(order.first_asked_at() - clock_margin);
    body["endTime"] = rfc3339(order.asked_at + settling_time + clock_margin);
  }
  return esim_access_call("/esim/query", body);
}

provider_outcome read_order(const esim_access_envelope& answer) {
  auto number = text_of(answer.object, "orderNo");
  auto result = unknown(number.empty() ? "the provider's answer cannot be read"
                                       : "the provider is allocating the eSIM");
  if (!number.empty())
    result.candidates.push_back(std::move(number));
  return result;
}

/// A top-up has no number of its own.
provider_outcome read_top_up(const esim_access_envelope& answer, const provider_order& order) {
  auto number = text_of(answer.object, "transactionId");
  if (number != order.reference)
    return unknown("the provider's answer cannot be read");
  return placed({{}, {}, std::move(number)});
}

provider_outcome read_by_number(const Json::Value& list, const std::string& number,
                                std::string_view document) {
  for (const auto& item : list) {
    auto bought = whole_esim({plain_text(item, "iccid", document), text_of(item, "ac"), number});
    if (text_of(item, "orderNo") == number && bought)
      return placed(std::move(*bought));
  }
  return unknown("the provider is allocating the eSIM");
}

bool is_of_product(const Json::Value& item, const std::string& product) {
  const auto& packages = member(item, "packageList");
  return packages.isArray() && std::ranges::any_of(packages, [&](const auto& package) {
           return text_of(package, "slug") == product || text_of(package, "packageCode") == product;
         });
}

/// Only a whole list whose lines all have their reference proves that there is no such order.
provider_outcome read_by_time(const Json::Value& list, const provider_order& order) {
  auto result = absent("the provider knows no such order");
  for (const auto& item : list) {
    auto reference = text_of(item, "transactionId");
    if (reference.empty() && is_of_product(item, order.product))
      return unknown("the provider does not tell whose its orders are: an operator has to");
    if (reference == order.reference)
      result.candidates = {text_of(item, "orderNo")};
  }
  if (result.candidates.empty() && list.size() >= page_size)
    return unknown("too many orders at the provider to look through");
  return result;
}

provider_outcome read_look_up(const esim_access_envelope& answer, const provider_order& order,
                              std::string_view document) {
  if (order.top_up)
    return unknown("the provider does not tell what became of a top-up: an operator has to");
  const auto& list = member(answer.object, "esimList");
  if (answer.code != 0 || !list.isArray())
    return unknown(answer.code == 200'010
                     ? std::string{"the provider is allocating the eSIM"}
                     : fmt::format("error {:06}: {}", answer.code, answer.message));
  return order.provider_order_id.empty() ? read_by_time(list, order)
                                         : read_by_number(list, order.provider_order_id, document);
}

provider_outcome outcome_without_envelope(int32_t status) {
  auto reason = reason_of({}, status);
  if (status == 401)
    return ours(std::move(reason));
  return status == 429 ? unavailable(std::move(reason)) : unknown(std::move(reason));
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto answer = open_envelope(body);
  if (!answer.is_readable) {
    auto outcome = outcome_without_envelope(status);
    return is_look_up ? unknown(std::move(outcome.reason)) : outcome;
  }
  if (is_look_up)
    return read_look_up(answer, order, body);
  if (answer.code != 0)
    return outcome_of(answer);
  return order.top_up ? read_top_up(answer, order) : read_order(answer);
}

// -- before an order ------------------------------------------------------------------------------

/// A top-up needs the eSIM's own number, because its ICCID may belong to another by now.
std::optional<provider_call> check_call(const provider_order& order) {
  return order.top_up ? std::optional{esim_access_call_about(order.top_up->sim.sim_serial)}
                      : std::nullopt;
}

std::optional<provider_outcome> read_check(int32_t status, std::string_view body,
                                           provider_order& order) {
  auto answer = open_envelope(body);
  if (!answer.is_readable)
    return outcome_without_envelope(status);
  if (answer.code != 0)
    return outcome_of(answer);
  order.esim_number = number_of_esim_in(answer);
  return order.esim_number.empty()
           ? std::optional{refused("the provider knows no such eSIM, or it has ended")}
           : std::nullopt;
}

// -- the account ----------------------------------------------------------------------------------

provider_call balance_call() {
  return esim_access_call("/balance/query", Json::Value{Json::objectValue});
}

std::optional<told_balance> read_balance(std::string_view body) {
  auto answer = open_envelope(body);
  auto balance = number_of(answer.object, "balance", -1);
  if (!answer.is_readable || answer.code != 0 || balance < 0)
    return std::nullopt;
  return told_balance{from_ten_thousandths(balance)};
}

// -- what it sends unasked ------------------------------------------------------------------------

/// It bears no signature.
std::optional<provider_news> read_news(std::string_view body) {
  auto json = parse_json_object(body);
  const auto& content = json ? member(*json, "content") : Json::Value::nullSingleton();
  if (!content.isObject())
    return std::nullopt;
  provider_news news;
  news.provider_order = text_of(content, "orderNo");
  news.reference = text_of(content, "transactionId");
  news.iccid = plain_text(content, "iccid", body);
  return news;
}

} // namespace

const provider_format esim_access_format{
  .name = "esim-access",
  .credential = credential_of,
  .catalogue_call = catalogue_call,
  .read_catalogue = read_catalogue,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = esim_access_esim_call,
  .read_esim = read_esim_access_esim,
  .sim_call = nullptr,
  .tops_up_esims = true,
  .has_top_up_packages = true,
  .catalogue_lifetime = std::chrono::minutes{15},
  .revocation_call = esim_access_revocation_call,
  .may_buy_twice = true,
  .settling_time = settling_time,
  .call_pause = std::chrono::milliseconds{125},
  .call_burst = 4,
  .check_call = check_call,
  .read_check = read_check,
  .checks_price = true,
  .sign = sign,
  .balance_call = balance_call,
  .read_balance = read_balance,
  .list_call = esim_access_list_call,
  .read_list = read_esim_access_list,
  .refunds_esims = true,
  .read_news = read_news,
};

} // namespace meisim
