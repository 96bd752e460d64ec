#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/provider_signatures.hpp"
#include "protocols/orders/reloadly_operators.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <sstream>

// Reloadly's airtime API. A top-up is ordered in the currency of our account there, and has our
// reference, by which it is searched for. Two calls at work at the same time under one reference
// top up twice, so the second waits until the first has certainly ended.

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr int page_size = 200;
constexpr int most_pages = 100;
constexpr int most_found = 50;
/// A call was seen to be at work for 52 seconds.
constexpr std::chrono::seconds settling_time = 90s;
/// Reloadly reads times as times of another zone.
constexpr auto search_margin = 36h;
constexpr std::string_view own_type = "application/com.reloadly.topups-v1+json";

provider_call own_call(std::string method, std::string path, std::string body = {}) {
  return {std::move(method), std::move(path), std::move(body), "application/json", own_type};
}

std::string digits_of(const std::string& number) {
  return number.starts_with('+') ? number.substr(1) : number;
}

// -- the token ------------------------------------------------------------------------------------

/// Reloadly's own addresses get their tokens from another address of Reloadly. Any other address
/// gives tokens itself.
std::string token_address(const std::string& url) {
  bool is_theirs =
    url == "https://topups.reloadly.com" || url == "https://topups-sandbox.reloadly.com";
  return is_theirs ? "https://auth.reloadly.com/oauth/token" : "/oauth/token";
}

/// Our credentials: `client_id:client_secret`, and behind another colon the secret by which
/// Reloadly signs its news. A missing part is empty.
std::array<std::string, 3> parts_of(const std::string& credentials) {
  std::array<std::string, 3> parts;
  std::istringstream text{credentials};
  for (auto& part : parts)
    std::getline(text, part, ':');
  return parts;
}

provider_call token_call(const std::string& credentials, const std::string& url) {
  auto [id, secret, of_webhook] = parts_of(credentials);
  Json::Value body{Json::objectValue};
  body["client_id"] = id;
  body["client_secret"] = secret;
  body["grant_type"] = "client_credentials";
  body["audience"] = url;
  return {"POST", token_address(url), write_json(body)};
}

std::optional<access_token> read_token(std::string_view body) {
  auto json = parse_json_object(body);
  return json ? token_in(*json) : std::nullopt;
}

// -- the catalogue --------------------------------------------------------------------------------

provider_call page_call(int32_t page) {
  return own_call("GET", fmt::format("/operators?page={}&size={}&includeBundles=false"
                                     "&includeData=false&includePin=false",
                                     page, page_size));
}

provider_call catalogue_call() {
  return page_call(1);
}

std::optional<provider_call> next_page_call(std::string_view body, int32_t page) {
  auto json = parse_json_object(body);
  auto pages = json ? number_of(*json, "totalPages") : 0;
  auto next = page + 2;
  return next <= std::min<int64_t>(pages, most_pages) ? std::optional{page_call(next)}
                                                      : std::nullopt;
}

// -- orders ---------------------------------------------------------------------------------------

/// An order is answered as soon as it is accepted. What becomes of it has to be asked.
provider_call order_call(const provider_order& order) {
  const auto& what = *order.top_up;
  return own_call("POST", "/topups-async", json_object([&](json_writer& out) {
                    out.member("operatorId", json_text{order.code})
                      .member("amount", money::from_cents(what.value))
                      .member("useLocalAmount", false)
                      .member("customIdentifier", order.reference)
                      .object("recipientPhone", [&] {
                        out.member("countryCode", order.country_iso)
                          .member("number", digits_of(what.sim.contact_number));
                      });
                  }));
}

provider_call look_up_call(const provider_order& order) {
  if (!order.provider_order_id.empty())
    return own_call("GET", fmt::format("/topups/{}/status", url_escaped(order.provider_order_id)));
  auto path = fmt::format("/topups/reports/transactions?customIdentifier={}&page=1&size={}",
                          url_escaped(order.reference), most_found);
  if (order.asked_at != instant{})
    path +=
      fmt::format("&startDate={}&endDate={}", query_time(order.first_asked_at() - search_margin),
                  query_time(order.asked_at + settling_time + search_margin));
  return own_call("GET", std::move(path));
}

bool tells_ours(std::string_view code) {
  return is_one_of(code, {"INSUFFICIENT_BALANCE", "INVALID_TOKEN", "TOKEN_EXPIRED",
                          "INVALID_CREDENTIALS", "INVALID_AUDIENCE", "INACTIVE_ACCOUNT"})
         || code.starts_with("MAX_DAILY_TRANSACTION_");
}

std::string reason_in(const Json::Value& json, int32_t status) {
  auto message = text_of(json, "message");
  auto code = text_of(json, "errorCode");
  return code.empty() ? reason_of(message, status)
                      : fmt::format("{}: {}", code, message.substr(0, 200));
}

/// Only an answer that is known to have topped nothing up is a refusal.
provider_outcome outcome_of(int32_t status, const Json::Value& json) {
  constexpr int32_t rest_of_a_number = 120;
  auto reason = reason_in(json, status);
  auto code = text_of(json, "errorCode");
  if (is_one_of(code, {"INVALID_RECIPIENT_PHONE", "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH",
                       "INVALID_AMOUNT_FOR_OPERATOR", "INVALID_LOCAL_AMOUNT_FOR_OPERATOR",
                       "LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR", "COUNTRY_NOT_SUPPORTED",
                       "COULD_NOT_AUTO_DETECT_OPERATOR", "INVALID_INPUT_PROVIDED"}))
    return refused(std::move(reason));
  if (code == "PHONE_RECENTLY_RECHARGED")
    return unavailable(std::move(reason), rest_of_a_number);
  if (code == "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE" || status == 429
      || (code == "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT" && status == 400))
    return unavailable(std::move(reason));
  if (status == 401 || status == 403 || tells_ours(code))
    return ours(std::move(reason));
  // There is an order under the reference, or there may be one. It has to be looked for, however
  // long that takes.
  if (is_one_of(code, {"CUSTOM_IDENTIFIER_ALREADY_USED", "PROVIDER_INTERNAL_ERROR"}))
    return unknown(std::move(reason));
  bool is_documented_refusal = status >= 400 && status < 500 && status != 408 && !code.empty();
  return is_documented_refusal ? contested(std::move(reason)) : unknown(std::move(reason));
}

/// What the provider charged, if it is in dollars.
std::optional<money> cost_in(const Json::Value& transaction, std::string_view document) {
  const auto& account = member(transaction, "balanceInfo");
  return text_of(account, "currencyCode") == "USD" ? cents_up(plain_text(account, "cost", document))
                                                   : std::nullopt;
}

/// The outcome that the transaction of this number tells.
provider_outcome read_status(const Json::Value& json, const std::string& number,
                             std::string_view document) {
  auto status = text_of(json, "status");
  if (status == "SUCCESSFUL")
    return placed({{}, {}, number, cost_in(member(json, "transaction"), document)});
  if (status == "FAILED" || status == "REFUNDED") {
    auto reason = text_of(json, "message");
    if (tells_ours(text_of(json, "code")))
      return ours(fmt::format("{}: {}", text_of(json, "code"), reason));
    return refused(reason.empty() ? "the top-up has failed" : reason.substr(0, 200));
  }
  return unknown(status == "PROCESSING" ? "the provider is still at work on it"
                                        : "the provider's answer cannot be read");
}

provider_outcome read_accepted(const Json::Value& json, std::string_view document) {
  auto number = plain_text(json, "transactionId", document);
  if (number.empty())
    return unknown("the provider's answer cannot be read");
  auto result = unknown("the provider is at work on it");
  result.candidates.push_back(std::move(number));
  return result;
}

/// The search does not tell capital letters from small ones.
provider_outcome read_found(const Json::Value& json, const provider_order& order,
                            std::string_view document) {
  const auto& list = member(json, "content");
  if (!list.isArray())
    return unknown("the provider's answer cannot be read");
  auto result = absent("the provider knows no such top-up");
  for (const auto& item : list) {
    if (!item.isObject() || !item.isMember("customIdentifier"))
      return unknown("the provider does not tell whose its top-ups are: an operator has to");
    if (text_of(item, "customIdentifier") == order.reference)
      result.candidates.push_back(plain_text(item, "transactionId", document));
  }
  if (result.candidates.empty() && (list.size() >= most_found || number_of(json, "totalPages") > 1))
    return unknown("too many top-ups at the provider to look through");
  return result;
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto json = parse_json_object(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  bool is_well = json && status >= 200 && status <= 202;
  if (is_well && !is_look_up)
    return read_accepted(answer, body);
  if (is_well && order.provider_order_id.empty())
    return read_found(answer, order, body);
  if (is_well)
    return read_status(answer, order.provider_order_id, body);
  return is_look_up ? unknown(reason_in(answer, status)) : outcome_of(status, answer);
}

// -- SIMs -----------------------------------------------------------------------------------------

provider_call sim_call(const sim_question& question, const network& of) {
  return own_call("GET", fmt::format("/operators/auto-detect/phone/{}/countries/{}",
                                     url_escaped(digits_of(question.sim.contact_number)),
                                     url_escaped(of.country_iso)));
}

int32_t read_sim(int32_t status, std::string_view body, const network& of) {
  auto json = parse_json_object(body);
  if (!json)
    return status == 200 ? 502 : status;
  if (status == 200)
    return plain_text(*json, "operatorId", body) == of.code ? 200 : 404;
  return text_of(*json, "errorCode") == "COULD_NOT_AUTO_DETECT_OPERATOR" ? 404 : status;
}

// -- the account ----------------------------------------------------------------------------------

provider_call balance_call() {
  return own_call("GET", "/accounts/balance");
}

std::optional<told_balance> read_balance(std::string_view body) {
  auto json = parse_json_object(body);
  return json ? balance_in(*json, "balance", "currencyCode", body) : std::nullopt;
}

// -- what it sends unasked ------------------------------------------------------------------------

/// `body` ends with the time that is signed.
bool is_signed(std::string_view body, std::string_view signature, const std::string& credentials) {
  return is_signed_by_reloadly(body, signature, parts_of(credentials)[2]);
}

/// The name of a top-up's event is not known. The transaction is in the event, or is all of it.
std::optional<provider_news> read_news(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  const auto& transaction = json->isMember("data") ? member(*json, "data") : *json;
  provider_news news;
  news.provider_order = plain_text(transaction, "transactionId", body);
  news.reference = text_of(transaction, "customIdentifier");
  return news;
}

} // namespace

const provider_format reloadly_format{
  .name = "reloadly",
  .credential = bearer_line,
  .catalogue_call = catalogue_call,
  .read_catalogue = read_reloadly_operators,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = nullptr,
  .read_esim = nullptr,
  .sim_call = sim_call,
  .revokes_esims = false,
  .read_sim = read_sim,
  .orders_by_code = true,
  .token_call = token_call,
  .read_token = read_token,
  .next_page_call = next_page_call,
  .catalogue_lifetime = std::chrono::minutes{60},
  .may_buy_twice = true,
  .settling_time = settling_time,
  .balance_call = balance_call,
  .read_balance = read_balance,
  .list_call = reloadly_list_call,
  .read_list = read_reloadly_list,
  .signature_header = "x-reloadly-signature",
  .signed_time_header = "x-reloadly-request-timestamp",
  .is_signed = is_signed,
  .read_news = read_news,
};

} // namespace meisim
