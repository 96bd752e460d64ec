#pragma once

#include "http/edge/token.hpp"
#include "http/server/request.hpp"

#include <string>
#include <string_view>

namespace meisim::http {

// Our own pages keep their token in a cookie that no script can read.

/// Browsers do not tell ports from each other: the cookies of two ports need two names.
struct page_cookie {
  /// Where the page is not encrypted.
  std::string_view name;
  /// Where it is: browsers take a cookie of such a name over TLS alone, and one of `__Host-` from
  /// no neighbour of the host either. That one would be sent to all ports of the host.
  std::string_view secure_name;
  /// It is sent to nothing else.
  std::string_view path;
};

constexpr page_cookie dealers_cookie{"page_session", "__Host-page_session", "/"};
constexpr page_cookie operators_cookie{"console_session", "__Secure-console_session", "/admin"};

/// Whether the request came to a proxy by TLS. Whoever says so without a proxy's doing makes it
/// harder for himself alone.
bool is_from_tls_proxy(const request& incoming);

/// The token in the cookie; empty without one. A request that was encrypted has it in none that
/// others could have set.
std::string_view page_token(const request& incoming, const page_cookie& of);

/// Whether a browser says that a page of this very host has sent the request. What changes
/// something needs that, because the cookie alone does not tell whose page it was.
bool is_from_own_page(const request& incoming);

/// The value of `Set-Cookie` that hands this token out. It is kept from what is not encrypted if
/// the page is.
std::string session_cookie(const page_cookie& of, const request& incoming,
                           const issued_token& token, instant now);

/// The value of `Set-Cookie` that takes it back.
std::string ended_session_cookie(const page_cookie& of, const request& incoming);

} // namespace meisim::http
