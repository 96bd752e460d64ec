#include "http/edge/fields.hpp"

#include "protocols/access/common_passwords.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/date_time.hpp"
#include "protocols/base/email.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace meisim::http {

namespace {

bool is_number(const Json::Value& value) {
  return value.isNumeric() && !value.isBool();
}

double dollars_of(money amount) {
  return static_cast<double>(amount.cents()) / 100;
}

/// `50`, `50.25`.
std::string short_amount(money amount) {
  return amount.cents() % 100 == 0 ? fmt::format("{}", amount.cents() / 100) : to_string(amount);
}

bool is_one_time_code(std::string_view text) {
  return text.size() == 6 && std::ranges::all_of(text, is_digit);
}

size_t character_count(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

} // namespace

std::optional<money> amount_of(const Json::Value& value) {
  constexpr double most = 1e12;
  double number = is_number(value) ? value.asDouble() : -1;
  // An amount with two decimals has the same nearest double as its cents. If the cents give another
  // double, the amount had more decimals.
  auto cents = static_cast<int64_t>(number > 0 && number < most ? std::llround(number * 100) : 0);
  if (cents <= 0 || static_cast<double>(cents) / 100 != number)
    return std::nullopt;
  return money::from_cents(cents);
}

const Json::Value& fields::take(const char* name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end())
    known_.emplace_back(name);
  return look_up(name);
}

const Json::Value& fields::look_up(std::string_view name) const {
  const auto* found =
    object_.isObject() ? object_.find(name.data(), name.data() + name.size()) : nullptr;
  return found != nullptr ? *found : Json::Value::nullSingleton();
}

bool fields::has(const char* name) const {
  return !look_up(name).isNull();
}

void fields::reject(const char* name, std::string_view rule, cause why) {
  if (first_failure_)
    return;
  first_failure_ = make_error(why, fmt::format("{}{} {}", prefix_, name, rule), prefix_ + name);
  is_missing_ = why == cause::missing_field;
}

void fields::miss(const char* name, std::string_view when) {
  reject(name, fmt::format("is required{}{}", when.empty() ? "" : " ", when), cause::missing_field);
}

// -- texts ----------------------------------------------------------------------------------------

std::string fields::bounded(const char* name, std::string text, size_t least, size_t most) {
  auto size = character_count(text);
  if (size < least || size > most)
    reject(name, least == most ? fmt::format("must have {} characters", most)
                               : fmt::format("must have {} to {} characters", least, most));
  return text;
}

std::string fields::required_text(const char* name, size_t least, size_t most) {
  auto text = optional_text(name, least, most);
  if (!has(name))
    miss(name);
  return text.empty() ? bounded(name, {}, least, most) : text;
}

std::string fields::optional_text(const char* name, size_t least, size_t most) {
  const auto& value = take(name);
  if (!value.isNull() && !value.isString())
    reject(name, "must be a text");
  auto whole = value.isString() ? value.asString() : std::string{};
  auto text = trimmed_text(whole);
  if (text.empty())
    return {};
  if (has_control_character(text))
    reject(name, "must be one line, without control characters");
  return bounded(name, std::string{text}, least, most);
}

std::string fields::required_raw_text(const char* name, size_t least, size_t most) {
  auto text = optional_raw_text(name, least, most);
  if (!has(name))
    miss(name);
  return text;
}

std::string fields::optional_raw_text(const char* name, size_t least, size_t most) {
  const auto& value = take(name);
  if (!value.isNull() && !value.isString())
    reject(name, "must be a text");
  return value.isString() ? bounded(name, value.asString(), least, most) : std::string{};
}

std::string fields::required_new_password(const char* name) {
  constexpr size_t shortest_password = 8;
  auto password = required_raw_text(name, shortest_password, longest_password);
  if (is_common_password(password))
    reject(name, "is one of the passwords that are used most: choose another");
  return password;
}

std::string fields::required_email(const char* name) {
  auto address = optional_email(name);
  if (!has(name))
    miss(name);
  else if (address.empty())
    reject(name, "must be an email address");
  return address;
}

std::string fields::optional_email(const char* name) {
  constexpr size_t longest = 1'000;
  auto text = optional_text(name, 1, longest);
  if (text.empty())
    return {};
  auto reading = read_email(text);
  if (!reading.address)
    reject(name, reading.flaw);
  return reading.address.value_or("");
}

std::string fields::required_one_time_code(const char* name) {
  auto code = optional_one_time_code(name);
  if (!has(name))
    miss(name);
  if (code.empty())
    reject(name, "must be 6 digits");
  return code;
}

std::string fields::optional_one_time_code(const char* name) {
  auto code = optional_factor_code(name);
  std::erase(code, '-');
  if (!code.empty() && !is_one_time_code(code))
    reject(name, "must be 6 digits");
  return code;
}

std::string fields::required_factor_code(const char* name) {
  auto code = optional_factor_code(name);
  if (!has(name))
    miss(name);
  if (code.empty())
    reject(name, "must have 1 to 32 characters");
  return code;
}

std::string fields::optional_factor_code(const char* name) {
  constexpr size_t longest_code = 32;
  // Recovery codes are written in small letters.
  return lowered(compact_text(optional_text(name, 1, longest_code)));
}

std::string fields::required_account(const char* name) {
  return account_of(required_email(name));
}

std::string fields::optional_account(const char* name) {
  return account_of(optional_email(name));
}

std::string fields::required_iccid(const char* name) {
  auto digits = optional_iccid(name);
  if (!has(name))
    miss(name);
  else if (digits.empty())
    reject(name, "must be an ICCID");
  return digits;
}

std::string fields::optional_iccid(const char* name) {
  constexpr size_t longest = 64;
  if (take(name).isNumeric())
    reject(name, "must be a text: a number of so many digits is not exact");
  auto text = optional_text(name, 1, longest);
  if (text.empty())
    return {};
  auto reading = read_iccid(text);
  if (!reading.number)
    reject(name, reading.flaw);
  return reading.number ? reading.number->digits : std::string{};
}

// -- numbers --------------------------------------------------------------------------------------

int64_t fields::whole_number(const char* name, int64_t least, int64_t most,
                             std::optional<int64_t> fallback) {
  const auto& value = take(name);
  if (value.isNull()) {
    if (!fallback)
      miss(name);
    return fallback.value_or(least);
  }
  if (!is_number(value)) {
    reject(name, "must be a number");
    return least;
  }
  if (std::trunc(value.asDouble()) != value.asDouble()) {
    reject(name, "must be a whole number");
    return least;
  }
  if (!value.isInt64() || value.asInt64() < least || value.asInt64() > most) {
    reject(name, fmt::format("must be a whole number from {} to {}", least, most));
    return least;
  }
  return value.asInt64();
}

std::optional<money> fields::optional_amount(const char* name) {
  const auto& value = take(name);
  if (value.isNull())
    return std::nullopt;
  auto amount = amount_of(value);
  if (!is_number(value))
    reject(name, "must be a number");
  else if (!amount)
    reject(name, "must be an amount above 0 with at most two decimals");
  return amount;
}

money fields::required_amount(const char* name, money least, money most) {
  const auto& value = take(name);
  auto amount = amount_of(value);
  if (value.isNull())
    miss(name);
  else if (!is_number(value))
    reject(name, "must be a number");
  else if (value.asDouble() < dollars_of(least) || value.asDouble() > dollars_of(most))
    reject(name, fmt::format("must be between {} and {}", short_amount(least), short_amount(most)));
  else if (!amount)
    reject(name, "must have at most two decimals");
  return amount.value_or(least);
}

std::optional<int32_t> fields::optional_percentage(const char* name, int32_t most) {
  const auto& value = take(name);
  if (value.isNull())
    return std::nullopt;
  // It is written like an amount, and has hundredths like one.
  constexpr double hundredths = 100;
  auto number = is_number(value) ? value.asDouble() : 0;
  if (!is_number(value))
    reject(name, "must be a number");
  else if (number < 0 || number > most / hundredths)
    reject(name, fmt::format("must be between 0 and {}", short_amount(money::from_cents(most))));
  else if (number != 0 && !amount_of(value))
    reject(name, "must have at most two decimals");
  return static_cast<int32_t>(amount_of(value).value_or(money{}).cents());
}

std::optional<instant> fields::optional_time(const char* name) {
  constexpr size_t longest = 40;
  auto text = optional_text(name, 1, longest);
  if (text.empty())
    return std::nullopt;
  auto reading = read_time(text);
  if (!reading.time)
    reject(name, reading.flaw);
  return reading.time;
}

// -- other types ----------------------------------------------------------------------------------

bool fields::flag(const char* name, bool fallback) {
  const auto& value = take(name);
  if (value.isNull())
    return fallback;
  if (!value.isBool())
    reject(name, "must be true or false");
  return value.isBool() && value.asBool();
}

const Json::Value& fields::optional_object(const char* name) {
  const auto& value = take(name);
  if (value.isObject())
    return value;
  if (!value.isNull() && !(value.isArray() && value.empty()))
    reject(name, "must be an object");
  return Json::Value::nullSingleton();
}

const Json::Value& fields::optional_array(const char* name) {
  const auto& value = take(name);
  if (value.isArray() || value.isNull())
    return value;
  reject(name, "must be an array");
  return Json::Value::nullSingleton();
}

const Json::Value& fields::required_array(const char* name) {
  const auto& value = take(name);
  if (value.isArray())
    return value;
  if (value.isNull())
    miss(name);
  else
    reject(name, "must be an array");
  return Json::Value::nullSingleton();
}

// -- what is wrong --------------------------------------------------------------------------------

void fields::adopt(const caf::error& inner) {
  if (!first_failure_)
    first_failure_ = inner;
}

void fields::reject_unknown() {
  constexpr size_t longest_shown = 64;
  for (const auto& name : object_.getMemberNames()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end())
      continue;
    auto rule = std::string{"is not a field of this request, which takes "};
    for (auto separator = ""; const auto& known : known_)
      rule.append(std::exchange(separator, ", ")).append(known);
    return reject(beginning_of(name, longest_shown).c_str(), rule, cause::unknown_field);
  }
}

caf::error fields::failure() {
  if ((first_failure_ && !is_missing_) || !object_.isObject())
    return first_failure_;
  auto missing = std::exchange(first_failure_, caf::error{});
  reject_unknown();
  if (!first_failure_)
    first_failure_ = std::move(missing);
  return first_failure_;
}

} // namespace meisim::http
