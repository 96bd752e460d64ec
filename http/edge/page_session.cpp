#include "http/edge/page_session.hpp"

#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

/// Strict also keeps the cookie from links of the owner's other sites.
constexpr std::string_view out_of_reach = "HttpOnly; SameSite=Strict";

/// The host, with its port, of an origin like `https://meisimusa.com`.
std::string_view host_of(std::string_view origin) {
  constexpr std::string_view separator = "://";
  auto end_of_scheme = origin.find(separator);
  return end_of_scheme == std::string_view::npos ? std::string_view{}
                                                 : origin.substr(end_of_scheme + separator.size());
}

bool is_encrypted(const request& incoming) {
  return is_from_tls_proxy(incoming) || incoming.header("origin").starts_with("https://");
}

std::string_view cookie_value(const request& incoming, std::string_view name) {
  auto rest = incoming.header("cookie");
  while (!rest.empty()) {
    auto end = rest.find(';');
    auto pair = trimmed(rest.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size(), 1) == "=")
      return pair.substr(name.size() + 1);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return {};
}

/// The value of `Set-Cookie` with this content.
std::string set_cookie(const page_cookie& of, const request& incoming, std::string_view content,
                       int64_t seconds) {
  bool secure = is_encrypted(incoming);
  return fmt::format("{}={}; Max-Age={}; Path={}; {}{}", secure ? of.secure_name : of.name, content,
                     seconds, of.path, out_of_reach, secure ? "; Secure" : "");
}

} // namespace

bool is_from_tls_proxy(const request& incoming) {
  return incoming.header("x-forwarded-proto") == "https";
}

std::string_view page_token(const request& incoming, const page_cookie& of) {
  auto token = cookie_value(incoming, of.secure_name);
  return token.empty() && !is_from_tls_proxy(incoming) ? cookie_value(incoming, of.name) : token;
}

bool is_from_own_page(const request& incoming) {
  auto site = incoming.header("sec-fetch-site");
  if (!site.empty())
    return site == "same-origin";
  // Browsers send Sec-Fetch-Site only where they trust the connection, but the origin everywhere.
  auto host = host_of(incoming.header("origin"));
  return !host.empty() && host == incoming.header("host");
}

std::string session_cookie(const page_cookie& of, const request& incoming,
                           const issued_token& token, instant now) {
  auto left = std::chrono::duration_cast<std::chrono::seconds>(token.expires_at - now);
  return set_cookie(of, incoming, token.text, left.count());
}

std::string ended_session_cookie(const page_cookie& of, const request& incoming) {
  return set_cookie(of, incoming, {}, 0);
}

} // namespace meisim::http
