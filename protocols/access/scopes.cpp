#include "protocols/access/scopes.hpp"

#include <array>
#include <utility>

namespace meisim {

namespace {

constexpr std::array<std::pair<std::string_view, scope_set>, 5> named_scopes{{
  {"read", scopes::read},
  {"order", scopes::order},
  {"wallet", scopes::wallet},
  {"verify", scopes::verify},
  {"manage", scopes::manage},
}};

} // namespace

std::optional<scope_set> parse_scope(std::string_view name) {
  for (const auto& [known, scope] : named_scopes)
    if (known == name)
      return scope;
  return std::nullopt;
}

std::string to_string(scope_set scopes) {
  std::string result;
  for (const auto& [name, scope] : named_scopes)
    if (scopes.shares(scope))
      result.append(result.empty() ? "" : " ").append(name);
  return result;
}

} // namespace meisim
