#pragma once

#include "protocols/base/url.hpp"

#include <json/value.h>

#include <string>
#include <utility>
#include <vector>

namespace meisim {

// The values of the command line, as requests have them. Values that were not given are left out.

using given_values = std::vector<std::pair<std::string, std::string>>;

/// A body with these members.
inline Json::Value body_of(const given_values& values) {
  Json::Value result{Json::objectValue};
  for (const auto& [name, value] : values)
    if (!value.empty())
      result[name] = value;
  return result;
}

/// `?name=value&…`.
inline std::string query(const given_values& values) {
  std::string result;
  for (const auto& [name, value] : values)
    if (!value.empty())
      result += (result.empty() ? '?' : '&') + name + '=' + url_escaped(value);
  return result;
}

} // namespace meisim
