#include "protocols/orders/exchange_record.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace meisim {

namespace {

/// Members of JSON, and fields of forms, that are worth money or belong to a person.
constexpr std::array secret_names{
  "access_token",
  "activationCode",
  "address_line_1",
  "apiKey",
  "api_key",
  "appleInstallUrl",
  "client_id",
  "client_secret",
  "confirmationCode",
  "confirmation_code",
  "contact_number",
  "customerRef",
  "direct_apple_installation_url",
  "eid",
  "email",
  "first_name",
  "imei",
  "installUrl",
  "last_name",
  "matchingId",
  "matching_id",
  "phone",
  "pin",
  "puk",
  "qrCodeUrl",
  "qrcode_url",
  "recipientPhone",
  "token",
  "zip_code",
};

constexpr std::string_view code_start = "LPA:1$";
constexpr std::array<std::string_view, 3> failure_names{"none", "not_sent", "no_answer"};

bool is_secret_name(std::string_view name) {
  return std::ranges::find(secret_names, name) != secret_names.end();
}

bool is_decimal_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The end of a text in quotes that begins behind `from`.
size_t end_of_string(std::string_view text, size_t from) {
  for (auto at = from; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at;
  }
  return text.size();
}

size_t behind_blanks(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

/// The beginning of a member's value, if that is a text; otherwise nothing. The member's name ends
/// before `at`.
std::optional<size_t> start_of_value(std::string_view text, size_t at) {
  at = behind_blanks(text, at);
  if (at >= text.size() || text[at] != ':')
    return std::nullopt;
  at = behind_blanks(text, at + 1);
  return at < text.size() && text[at] == '"' ? std::optional{at + 1} : std::nullopt;
}

size_t end_of_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_decimal_digit(text[at]))
    ++at;
  return at;
}

void replace_all(std::string& in, const std::string& what, std::string_view by) {
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
    in.replace(at, what.size(), by);
}

} // namespace

void secret_mask::hide(std::string secret) {
  constexpr size_t shortest = 4;
  if (secret.size() >= shortest && std::ranges::find(hidden_, secret) == hidden_.end())
    hidden_.push_back(std::move(secret));
}

std::string secret_mask::stand_in(std::string_view secret) {
  auto number = known_.try_emplace(std::string{secret}, known_.size() + 1).first->second;
  return fmt::format("HIDDEN-{}", number);
}

/// As long as it was, and still a number of an eSIM.
std::string secret_mask::masked_iccid(std::string_view digits) {
  auto number = known_.try_emplace(std::string{digits}, known_.size() + 1).first->second;
  return fmt::format("89{:0{}}", number, digits.size() - 2);
}

// Each of these reads one kind of thing that begins at `at`, writes it as it may be seen, and
// returns where it ends; `at` itself if there is no such thing.

size_t secret_mask::take_iccid(std::string_view from, size_t at, std::string& to) {
  auto end = end_of_digits(from, at);
  bool is_inside = at > 0 && is_decimal_digit(from[at - 1]);
  if (is_inside || !from.substr(at).starts_with("89") || end - at < 18 || end - at > 20)
    return at;
  to += masked_iccid(from.substr(at, end - at));
  return end;
}

/// Only the part of an activation code behind the host is secret.
size_t secret_mask::take_code(std::string_view from, size_t at, std::string& to) {
  auto host_ends = from.find('$', at + code_start.size());
  if (!from.substr(at).starts_with(code_start) || host_ends == std::string_view::npos)
    return at;
  auto end = std::min(from.find_first_of("\"\\$&, \r\n", host_ends + 1), from.size());
  to.append(from.substr(at, host_ends + 1 - at));
  if (end > host_ends + 1)
    to += stand_in(from.substr(host_ends + 1, end - host_ends - 1));
  return end;
}

size_t secret_mask::take_member(std::string_view from, size_t at, std::string& to) {
  if (from[at] != '"')
    return at;
  auto name_ends = end_of_string(from, at + 1);
  bool is_secret = is_secret_name(from.substr(at + 1, name_ends - at - 1));
  auto value = is_secret ? start_of_value(from, name_ends + 1) : std::nullopt;
  if (!value)
    return at;
  auto end = end_of_string(from, *value);
  to.append(from.substr(at, *value - at));
  if (end > *value)
    to += stand_in(from.substr(*value, end - *value));
  return end;
}

size_t secret_mask::take_field(std::string_view from, size_t at, std::string& to) {
  constexpr size_t longest_name = 40;
  bool is_start = at == 0 || from[at - 1] == '&' || from[at - 1] == '?';
  auto equals = is_start ? from.substr(at, longest_name).find('=') : std::string_view::npos;
  if (equals == std::string_view::npos || !is_secret_name(from.substr(at, equals)))
    return at;
  auto value = at + equals + 1;
  auto end = std::min(from.find('&', value), from.size());
  to.append(from.substr(at, value - at));
  to += stand_in(from.substr(value, end - value));
  return end;
}

std::string secret_mask::mask(std::string_view original) {
  std::string text{original};
  for (const auto& secret : hidden_)
    replace_all(text, secret, "SECRET");
  std::string_view from = text;
  std::string result;
  result.reserve(text.size());
  for (size_t at = 0; at < from.size();) {
    auto end = at;
    for (auto take : {&secret_mask::take_iccid, &secret_mask::take_code, &secret_mask::take_member,
                      &secret_mask::take_field})
      if (end == at)
        end = (this->*take)(from, at, result);
    if (end == at)
      result += from[end++];
    at = end;
  }
  return result;
}

std::string to_json(const exchange_record& record) {
  Json::Value json{Json::objectValue};
  json["provider"] = record.provider;
  json["format"] = record.format;
  auto& request = json["request"];
  request["method"] = record.method;
  request["path"] = record.path;
  request["body"] = record.request_body;
  auto& answer = json["answer"];
  answer["failure"] = std::string{failure_names.at(static_cast<size_t>(record.failure))};
  answer["status"] = record.status;
  answer["retryAfterSeconds"] = record.retry_after_seconds;
  answer["body"] = record.answer_body;
  return write_json(json);
}

caf::expected<exchange_record> exchange_from_json(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  const auto& request = member(*json, "request");
  const auto& answer = member(*json, "answer");
  auto failure = std::ranges::find(failure_names, text_of(answer, "failure"));
  if (text_of(request, "method").empty() || failure == failure_names.end())
    return make_error(ec::internal, "this is no exchange with a provider");
  exchange_record result;
  result.provider = text_of(*json, "provider");
  result.format = text_of(*json, "format");
  result.method = text_of(request, "method");
  result.path = text_of(request, "path");
  result.request_body = text_of(request, "body");
  result.failure = static_cast<web_failure>(failure - failure_names.begin());
  result.status = static_cast<int32_t>(number_of(answer, "status"));
  result.retry_after_seconds = static_cast<int32_t>(number_of(answer, "retryAfterSeconds"));
  result.answer_body = text_of(answer, "body");
  return result;
}

} // namespace meisim
