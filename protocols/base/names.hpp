#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace meisim {

/// The value of an enum that has this name. `names` has the names of all values, in order.
template <class Enum, size_t count>
std::optional<Enum> value_named(std::string_view name,
                                const std::array<std::string_view, count>& names) {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

} // namespace meisim
