#include "http/edge/parameters.hpp"

#include "protocols/base/email.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace meisim::http {

namespace {

/// A day, or the day of a time.
time_reading read_day_of_any(std::string_view text) {
  auto moment = read_moment(text);
  if (!moment.time)
    return read_day(text);
  return {std::chrono::floor<std::chrono::days>(*moment.time), {}};
}

} // namespace

void parameters::reject(std::string_view name, std::string_view rule, cause why) {
  if (!first_failure_)
    first_failure_ = make_error(why, fmt::format("{} {}", name, rule), std::string{name});
}

std::string parameters::text(const char* name) {
  std::string value{trimmed_text(of_.parameter(name).value_or(""))};
  if (has_control_character(value))
    reject(name, "must be one line, without control characters");
  return value;
}

std::string parameters::choice(const char* name, std::span<const std::string_view> words) {
  auto value = text(name);
  if (!value.empty() && std::ranges::find(words, value) == words.end())
    reject(name, fmt::format("must be one of {}", fmt::join(words, ", ")));
  return value;
}

std::string parameters::email(const char* name) {
  auto value = text(name);
  if (value.empty())
    return value;
  auto reading = read_email(value);
  if (!reading.address)
    reject(name, reading.flaw);
  return reading.address.value_or("");
}

std::string parameters::iccid(const char* name) {
  auto value = text(name);
  if (value.empty())
    return value;
  auto reading = read_iccid(value);
  if (!reading.number)
    reject(name, reading.flaw);
  return reading.number ? reading.number->digits : std::string{};
}

std::optional<instant> parameters::instant_by(time_reading (*read)(std::string_view),
                                              const char* name) {
  auto value = text(name);
  if (value.empty())
    return std::nullopt;
  auto reading = read(value);
  if (!reading.time)
    reject(name, reading.flaw);
  return reading.time;
}

std::optional<instant> parameters::day(const char* name) {
  return instant_by(read_day_of_any, name);
}

std::optional<instant> parameters::time(const char* name) {
  return instant_by(read_time, name);
}

std::optional<instant> parameters::moment(const char* name) {
  return instant_by(read_moment, name);
}

} // namespace meisim::http
