#pragma once

#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/orders/provider_format.hpp"

#include <string>
#include <string_view>

// Calls of a format as the sandbox gets them.

namespace meisim::test {

inline std::string unescaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      result += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

inline sandbox::sandbox_request sandbox_call(std::string_view root, const provider_call& what) {
  auto query = what.path.find('?');
  sandbox::sandbox_request request;
  request.method = what.method;
  request.path = std::string{root} + unescaped(what.path.substr(0, query));
  request.query = query == std::string::npos ? "" : unescaped(what.path.substr(query + 1));
  request.body = what.body;
  return request;
}

} // namespace meisim::test
