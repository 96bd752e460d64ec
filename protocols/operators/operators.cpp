#include "protocols/operators/operators.hpp"

#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, operator_role_count> names{"viewer", "support", "finance",
                                                                  "admin"};

constexpr std::string_view token_prefix = "op_";

} // namespace

std::string make_operator_token() {
  sha256_digest bytes;
  random_bytes(bytes.data(), bytes.size());
  return std::string{token_prefix} + to_hex(bytes);
}

bool is_operator_token(std::string_view text) {
  return text.starts_with(token_prefix);
}

std::string_view to_string(operator_role role) {
  return names.at(static_cast<size_t>(role));
}

std::optional<operator_role> parse_operator_role(std::string_view text) {
  auto found = std::ranges::find(names, text);
  if (found == names.end())
    return std::nullopt;
  return static_cast<operator_role>(found - names.begin());
}

caf::error second_factor_missing(operator_role role) {
  return make_error(ec::unauthorized,
                    fmt::format("the role {} takes a one-time code beside the password: have an "
                                "admin set one up, by meisimctl operator totp EMAIL",
                                to_string(role)));
}

} // namespace meisim
