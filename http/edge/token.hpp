#pragma once

#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim::http {

/// Which endpoints a token is good for.
enum class audience : uint8_t { dealer, portal };

struct issued_token {
  std::string text;
  instant expires_at;
};

struct token_claims {
  dealer_id dealer;
  int32_t epoch = 0;
  instant expires_at;
};

/// Makes and reads our JSON Web Tokens (RFC 7519): HS256 and nothing else, for twelve hours, for
/// one audience.
class token_signer {
public:
  explicit token_signer(std::string secret) : secret_(std::move(secret)) {
    // nop
  }

  issued_token issue(dealer_id dealer, int32_t epoch, audience to, instant now) const;

  /// What a good token says; `unauthorized` for any other text.
  caf::expected<token_claims> read(const std::string& text, audience wanted) const;

private:
  std::string secret_;
};

} // namespace meisim::http
