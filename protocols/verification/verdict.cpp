#include "protocols/verification/verdict.hpp"

#include "protocols/base/names.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, verdict_count> names{"available", "used", "invalid", "error",
                                                            "unknown"};

} // namespace

std::string_view to_string(verdict what) {
  return names.at(static_cast<size_t>(what));
}

std::optional<verdict> parse_verdict(std::string_view text) {
  return value_named<verdict>(text, names);
}

bool may_be_the_hosts(const finding& found) {
  return found.what == verdict::error
         && (found.fault == blame::host || found.seen.http_status != 0);
}

finding malformed_code(std::string_view flaw) {
  finding result;
  result.what = verdict::invalid;
  result.reason = fmt::format("the activation code {}", flaw);
  return result;
}

} // namespace meisim
