#pragma once

#include "protocols/access/accounts.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/kept_secret.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace meisim::http {

/// What a token is good for: the dealers' endpoints, the portal's, or both within the cookie of our
/// own pages (page_session.hpp). An operator gets a pass, which has to be exchanged within a minute
/// for a view. A view is such a cookie; it holds for half an hour and only for reading.
enum class audience : uint8_t { dealer, portal, page, view_pass, view };

/// The former key signs for so long. By then all nodes know the new key.
constexpr std::chrono::seconds signing_delay{30};

struct issued_token {
  std::string text;
  instant expires_at;
};

struct token_claims {
  dealer_id dealer;
  int32_t epoch = 0;
  instant expires_at;
  session_id session;
  /// The operator of a pass or view; empty for other tokens.
  std::string viewer = {};
};

/// Makes and reads our JSON Web Tokens (RFC 7519): HS256 and nothing else, for twelve hours or what
/// the audience has, for one audience.
class token_signer {
public:
  /// Signs by `key`. Tokens that were signed by the former key are good while that holds.
  explicit token_signer(kept_secret key) : key_(std::move(key)) {
    // nop
  }

  /// The keys by which tokens are good now.
  std::shared_ptr<const secret_value> keys() const {
    return key_.latest();
  }

  /// A token of this session; a pass or a view names its operator.
  issued_token issue(const session& of, audience to, instant now,
                     const std::string& viewer = {}) const;

  /// What a good token says; `unauthorized` for any other text.
  caf::expected<token_claims> read(const std::string& text, audience wanted) const;

private:
  kept_secret key_;
};

} // namespace meisim::http
