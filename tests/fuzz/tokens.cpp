#include "http/edge/token.hpp"
#include "protocols/base/base64.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <string>

// What callers show as a token. The library reads its head and its claims before it looks at who
// has signed them.

using namespace meisim;

namespace {

std::string base64url(std::string_view bytes) {
  auto result = to_base64(bytes);
  std::erase(result, '=');
  std::ranges::replace(result, '+', '-');
  std::ranges::replace(result, '/', '_');
  return result;
}

/// A token with the first line as its head and the rest as its claims, signed by nobody.
std::string token_of(std::string_view text) {
  auto end = std::min(text.find('\n'), text.size());
  auto claims = text.substr(std::min(end + 1, text.size()));
  return base64url(text.substr(0, end)) + '.' + base64url(claims) + '.' + std::string(43, 'A');
}

void check_refused(const std::string& token) {
  static const http::token_signer signer{std::string{"0123456789abcdef0123456789abcdef"}};
  using enum http::audience;
  for (auto to : {dealer, portal, page, view_pass, view})
    fuzz::require(!signer.read(token, to), "a forgery");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  check_refused(std::string{text});
  check_refused(token_of(text));
  return 0;
}
