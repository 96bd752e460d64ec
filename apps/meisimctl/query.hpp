#pragma once

#include "protocols/base/url.hpp"

#include <string>
#include <utility>
#include <vector>

namespace meisim {

/// `?name=value&…` of those that have a value.
inline std::string query(const std::vector<std::pair<std::string, std::string>>& values) {
  std::string result;
  for (const auto& [name, value] : values)
    if (!value.empty())
      result += (result.empty() ? '?' : '&') + name + '=' + url_escaped(value);
  return result;
}

} // namespace meisim
