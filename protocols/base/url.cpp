#include "protocols/base/url.hpp"

#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim {

std::string url_escaped(std::string_view text) {
  std::string result;
  for (char c : text)
    if (is_alphanumeric(c) || c == '-' || c == '_' || c == '.')
      result += c;
    else
      fmt::format_to(std::back_inserter(result), "%{:02X}", static_cast<unsigned char>(c));
  return result;
}

} // namespace meisim
