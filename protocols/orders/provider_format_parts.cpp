#include "protocols/orders/provider_format_parts.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/exact_decimal.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim {

std::string bearer_line(const std::string& token) {
  return "Authorization: Bearer " + token;
}

std::string query_time(instant time) {
  auto text = rfc3339(time);
  return url_escaped(text.substr(0, 10) + ' ' + text.substr(11, 8));
}

std::string plain_text(const Json::Value& json, const char* name, std::string_view document) {
  return decimal_text(member(json, name), document);
}

bool is_set(const Json::Value& json, const char* name) {
  return member(json, name) == Json::Value{true};
}

const Json::Value& first_of(const Json::Value& list) {
  return list.isArray() && !list.empty() ? list[0] : Json::Value::nullSingleton();
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::optional<int64_t> code_from(std::string_view text) {
  return is_number(text) && text.size() < 10 ? std::optional<int64_t>{std::stoll(std::string{text})}
                                             : std::nullopt;
}

std::string reason_of(const std::string& message, int32_t status) {
  return message.empty() ? fmt::format("the provider answered with status {}", status)
                         : message.substr(0, 200);
}

std::optional<access_token> token_in(const Json::Value& json) {
  auto token = text_of(json, "access_token");
  auto seconds = number_of(json, "expires_in");
  // A text that would break a header is no token.
  if (token.empty() || token.find_first_of("\r\n") != std::string::npos || seconds <= 0)
    return std::nullopt;
  return access_token{token, std::chrono::seconds{seconds}};
}

std::optional<told_balance> balance_in(const Json::Value& json, const char* amount,
                                       const char* currency, std::string_view document) {
  told_balance told{plain_text(json, amount, document), text_of(json, currency)};
  return told.currency.empty() ? std::nullopt : std::optional{std::move(told)};
}

std::optional<money> dollars_in(const Json::Value& order, const char* name,
                                std::string_view document) {
  auto currency = text_of(order, "currency");
  bool is_in_dollars = currency.empty() || currency == "USD";
  return is_in_dollars ? cents_up(plain_text(order, name, document)) : std::nullopt;
}

void add_country(catalogue& to, country where) {
  if (std::ranges::find(to.countries, where.iso, &country::iso) == to.countries.end())
    to.countries.push_back(std::move(where));
}

std::string activation_code_of(const std::string& host, const std::string& matching_id) {
  return host.empty() || matching_id.empty() ? std::string{}
                                             : fmt::format("LPA:1${}${}", host, matching_id);
}

std::optional<esim> whole_esim(esim bought) {
  if (bought.iccid.empty() || bought.lpa.empty())
    return std::nullopt;
  return in_one_form(std::move(bought));
}

} // namespace meisim
