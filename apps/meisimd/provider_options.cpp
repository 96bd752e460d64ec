#include "apps/meisimd/provider_options.hpp"

#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace meisim {

namespace {

/// A call and the patience after it together end before the edge gives a caller up.
constexpr uint32_t longest_wait_ms = 27'000;

/// The limits by the names that a line of configuration has for them.
constexpr std::array<std::pair<std::string_view, uint32_t provider_limits::*>, 7> limit_names{{
  {"concurrency", &provider_limits::concurrency},
  {"timeout-ms", &provider_limits::timeout_ms},
  {"patience-ms", &provider_limits::patience_ms},
  {"breaker-failures", &provider_limits::breaker_failures},
  {"breaker-pause-ms", &provider_limits::breaker_pause_ms},
  {"breaker-longest-pause-ms", &provider_limits::breaker_longest_pause_ms},
  {"low-balance-usd", &provider_limits::low_balance_usd},
}};

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw std::invalid_argument(fmt::format("provider \"{}\": {}", text, why));
}

/// Takes off and returns what stands before the separator.
std::string_view take_until(std::string_view& text, char separator) {
  auto at = std::min(text.find(separator), text.size());
  auto result = text.substr(0, at);
  text = text.substr(std::min(at + 1, text.size()));
  return result;
}

bool is_prefix(std::string_view text) {
  return text.size() >= 2 && text.size() <= 8 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

constexpr std::string_view rate_prefix = "rate-";

/// `rate-EUR=1.09`: what one of the currency is worth in dollars.
void set_rate(provider_options& to, std::string_view currency, std::string_view value,
              std::string_view line) {
  constexpr int64_t highest = 1'000 * exact_unit;
  bool is_currency = currency.size() == 3 && currency != "USD"
                     && std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_currency)
    refuse(line, "a rate is for another currency than USD, named by its three letters");
  if (std::ranges::find(to.rates, currency, &exchange_rate::currency) != to.rates.end())
    refuse(line, fmt::format("{}{} is given twice", rate_prefix, currency));
  auto usd = exact_up(value).value_or(0);
  if (usd <= 0 || usd > highest)
    refuse(line, fmt::format("{}{} must be a decimal number of dollars, above 0 and at most 1000",
                             rate_prefix, currency));
  to.rates.push_back({std::string{currency}, usd, now()});
}

void set_limit(provider_options& to, std::string_view setting, std::string_view line) {
  auto name = take_until(setting, '=');
  if (name.starts_with(rate_prefix))
    return set_rate(to, name.substr(rate_prefix.size()), setting, line);
  auto known = std::ranges::find(limit_names, name, [](const auto& entry) { return entry.first; });
  if (known == limit_names.end())
    refuse(line, fmt::format("there is no setting \"{}\"", name));
  uint32_t value = 0;
  auto end = setting.data() + setting.size();
  auto read = std::from_chars(setting.data(), end, value);
  if (setting.empty() || read.ec != std::errc{} || read.ptr != end)
    refuse(line, fmt::format("{} must be a whole number", name));
  to.limits.*(known->second) = value;
}

} // namespace

provider_options read_provider(std::string_view text, const provider_limits& fallback) {
  auto rest = text;
  provider_options result;
  result.limits = fallback;
  result.prefix = take_until(rest, '=');
  result.format = take_until(rest, '@');
  result.url = take_until(rest, ',');
  if (!is_prefix(result.prefix))
    refuse(text, "the prefix must be 2 to 8 lower-case letters and digits");
  if (find_provider_format(result.format) == nullptr)
    refuse(text, fmt::format("there is no format \"{}\"", result.format));
  if (!result.url.starts_with("http://") && !result.url.starts_with("https://"))
    refuse(text, "the address must begin with http:// or https://");
  while (!rest.empty())
    set_limit(result, take_until(rest, ','), text);
  check_limits(result.limits);
  return result;
}

void check_limits(const provider_limits& limits) {
  auto demand = [](bool is_true, const char* rule) {
    if (!is_true)
      throw std::invalid_argument(rule);
  };
  demand(limits.concurrency >= 1 && limits.concurrency <= 10'000,
         "a provider's concurrency must be 1 to 10000");
  demand(limits.timeout_ms >= 100 && limits.patience_ms >= 100
           && limits.timeout_ms <= longest_wait_ms && limits.patience_ms <= longest_wait_ms
           && limits.timeout_ms + limits.patience_ms <= longest_wait_ms,
         "a provider's timeout and patience must be at least 100 ms each, and 27000 ms together "
         "at most");
  demand(limits.breaker_failures >= 1, "a provider's breaker needs at least one failure to open");
  demand(limits.breaker_pause_ms >= 1 && limits.breaker_longest_pause_ms >= limits.breaker_pause_ms
           && limits.breaker_longest_pause_ms <= 3'600'000,
         "a provider's breaker pauses must be at least 1 ms, the longest not the shorter one, and "
         "an hour at most");
}

} // namespace meisim
