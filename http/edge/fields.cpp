#include "http/edge/fields.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace meisim::http {

namespace {

/// An address that a mail server could take; not each that RFC 5322 allows.
bool is_email(std::string_view text) {
  auto at = text.find('@');
  if (text.size() > 254 || at == 0 || at == std::string_view::npos || at > 64
      || text.find('@', at + 1) != std::string_view::npos)
    return false;
  auto domain = text.substr(at + 1);
  auto dot = domain.find('.');
  if (dot == std::string_view::npos || dot == 0 || domain.back() == '.' || domain.front() == '-')
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) {
                       return static_cast<unsigned char>(c) > 0x20
                              && static_cast<unsigned char>(c) < 0x7f
                              && std::string_view{"\"(),:;<>[\\]"}.find(c)
                                   == std::string_view::npos;
                     })
         && domain.find("..") == std::string_view::npos;
}

/// An amount above zero with at most two decimals.
std::optional<money> amount_of(const Json::Value& value) {
  constexpr double most = 1e12;
  double number = value.type() == Json::booleanValue || !value.isNumeric() ? -1 : value.asDouble();
  // A text with two decimals and its cents have the same nearest double. An amount whose cents give
  // another double had more decimals.
  auto cents = static_cast<int64_t>(number > 0 && number < most ? std::llround(number * 100) : 0);
  if (cents <= 0 || static_cast<double>(cents) / 100 != number)
    return std::nullopt;
  return money::from_cents(cents);
}

double dollars_of(money amount) {
  return static_cast<double>(amount.cents()) / 100;
}

/// `50`, `50.25`.
std::string short_amount(money amount) {
  return amount.cents() % 100 == 0 ? fmt::format("{}", amount.cents() / 100) : to_string(amount);
}

size_t character_count(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

} // namespace

const Json::Value& fields::take(const char* name) {
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

void fields::reject(const char* name, std::string_view rule) {
  if (first_failure_.empty())
    first_failure_ = fmt::format("{}{} {}", prefix_, name, rule);
}

std::string fields::required_text(const char* name, size_t least, size_t most) {
  if (!has(name))
    reject(name, "is required");
  return optional_text(name, least, most);
}

std::string fields::optional_text(const char* name, size_t least, size_t most) {
  const auto& value = take(name);
  if (value.isNull())
    return {};
  if (!value.isString()) {
    reject(name, "must be a text");
    return {};
  }
  auto text = value.asString();
  auto size = character_count(text);
  if (size < least || size > most)
    reject(name, fmt::format("must have {} to {} characters", least, most));
  return text;
}

std::string fields::required_email(const char* name) {
  if (!has(name))
    reject(name, "is required");
  return optional_email(name);
}

std::string fields::optional_email(const char* name) {
  const auto& value = take(name);
  if (value.isNull())
    return {};
  auto text = value.isString() ? value.asString() : std::string{};
  if (!is_email(text))
    reject(name, "must be an email address");
  return lowered(text);
}

std::string fields::required_new_password(const char* name) {
  constexpr size_t shortest_password = 8;
  return required_text(name, shortest_password, longest_password);
}

int64_t fields::whole_number(const char* name, int64_t least, int64_t most,
                             std::optional<int64_t> fallback) {
  const auto& value = take(name);
  if (value.isNull()) {
    if (!fallback)
      reject(name, "is required");
    return fallback.value_or(least);
  }
  // isInt64 alone would take 1.0 and true.
  bool is_whole = value.type() == Json::intValue || value.type() == Json::uintValue;
  if (!is_whole || !value.isInt64() || value.asInt64() < least || value.asInt64() > most) {
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
  if (!amount)
    reject(name, "must be an amount above 0 with at most two decimals");
  return amount;
}

money fields::required_amount(const char* name, money least, money most) {
  const auto& value = take(name);
  auto amount = amount_of(value);
  if (value.isNull())
    reject(name, "is required");
  else if (!value.isNumeric() || value.isBool() || value.asDouble() < dollars_of(least)
           || value.asDouble() > dollars_of(most))
    reject(name, fmt::format("must be between {} and {}", short_amount(least), short_amount(most)));
  else if (!amount)
    reject(name, "must have at most two decimals");
  return amount.value_or(least);
}

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
  if (!value.isNull() && !value.isObject()) {
    reject(name, "must be an object");
    return Json::Value::nullSingleton();
  }
  return value;
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
  reject(name, value.isNull() ? "is required" : "must be an array");
  return Json::Value::nullSingleton();
}

void fields::adopt(const caf::error& inner) {
  if (inner && first_failure_.empty())
    first_failure_ = message_of(inner);
}

caf::error fields::failure() {
  if (first_failure_.empty() && object_.isObject())
    for (const auto& name : object_.getMemberNames())
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        first_failure_ = fmt::format("{}{} is not a field of this request, which takes ", prefix_,
                                     name.substr(0, 64));
        for (auto separator = ""; const auto& known : known_)
          first_failure_.append(std::exchange(separator, ", ")).append(known);
        break;
      }
  if (first_failure_.empty())
    return {};
  return make_error(ec::invalid, first_failure_);
}

} // namespace meisim::http
