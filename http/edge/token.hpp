#pragma once

#include "protocols/access/accounts.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim::http {

/// What a token is good for: the dealers' endpoints, the portal's, or both within the cookie of our
/// own pages (page_session.hpp).
enum class audience : uint8_t { dealer, portal, page };

struct issued_token {
  std::string text;
  instant expires_at;
};

struct token_claims {
  dealer_id dealer;
  int32_t epoch = 0;
  instant expires_at;
  session_id session;
};

/// Makes and reads our JSON Web Tokens (RFC 7519): HS256 and nothing else, for twelve hours, for
/// one audience.
class token_signer {
public:
  /// Signs by `secret`. Tokens that were signed by the one before are good for as long as it is
  /// given; it may be empty.
  explicit token_signer(std::string secret, std::string before = {})
    : secret_(std::move(secret)), before_(std::move(before)) {
    // nop
  }

  /// A token of this session.
  issued_token issue(const session& of, audience to, instant now) const;

  /// What a good token says; `unauthorized` for any other text.
  caf::expected<token_claims> read(const std::string& text, audience wanted) const;

private:
  std::string secret_;
  std::string before_;
};

} // namespace meisim::http
