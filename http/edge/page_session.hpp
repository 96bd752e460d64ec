#pragma once

#include "http/edge/token.hpp"
#include "http/server/request.hpp"

#include <string>
#include <string_view>

namespace meisim::http {

// Our own pages keep their token in a cookie that no script can read.

/// A browser does not tell ports apart, so the cookies of two ports need two names.
struct page_cookie {
  /// The name if the page is not encrypted.
  std::string_view name;
  /// The name if it is. Browsers accept a cookie of such a name only over TLS, and a `__Host-`
  /// cookie from no neighbour of the host either. But a `__Host-` cookie is sent to all ports of
  /// the host.
  std::string_view secure_name;
  /// The only path to which it is sent.
  std::string_view path;
};

constexpr page_cookie dealers_cookie{"page_session", "__Host-page_session", "/"};
constexpr page_cookie operators_cookie{"console_session", "__Secure-console_session", "/admin"};

/// Whether the request came to a proxy by TLS. A client that claims this falsely only makes things
/// harder for itself.
bool is_from_tls_proxy(const request& incoming);

/// The token in the cookie; empty without one. In an encrypted request only the cookie counts that
/// nobody else could have set.
std::string_view page_token(const request& incoming, const page_cookie& of);

/// Whether a browser says that a page of this very host has sent the request. Changes need that,
/// because the cookie alone does not tell whose page it was.
bool is_from_own_page(const request& incoming);

/// The value of `Set-Cookie` that hands this token out. If the page is encrypted, the cookie is
/// sent only over TLS.
std::string session_cookie(const page_cookie& of, const request& incoming,
                           const issued_token& token, instant now);

/// The value of `Set-Cookie` that deletes the cookie.
std::string ended_session_cookie(const page_cookie& of, const request& incoming);

} // namespace meisim::http
