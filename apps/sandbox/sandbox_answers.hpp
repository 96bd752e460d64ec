#pragma once

#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/base/strict_json.hpp"

#include <json/value.h>

#include <string>
#include <string_view>

namespace meisim::sandbox {

// What the providers of the sandbox have in common.

inline sandbox_answer json_answer(int status, const Json::Value& body) {
  sandbox_answer result;
  result.status = status;
  result.body = write_json(body);
  return result;
}

/// The value of a name in a query; empty without one.
inline std::string value_in(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return std::string{part.substr(name.size() + 1)};
  }
  return {};
}

/// How often a flaky thing is turned away.
constexpr int flaky_refusals = 2;

} // namespace meisim::sandbox
