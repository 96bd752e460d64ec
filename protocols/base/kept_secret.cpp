#include "protocols/base/kept_secret.hpp"

#include "protocols/base/crypto.hpp"

namespace meisim {

bool kept_secret::is(std::string_view shown) const {
  if (*is_closed_)
    return false;
  auto now = latest();
  return !shown.empty() && (same_secret(shown, now->text) || same_secret(shown, now->before));
}

std::string key_id(std::string_view secret) {
  return secret.empty() ? std::string{} : to_hex(hmac_sha256(secret, "key id")).substr(0, 8);
}

} // namespace meisim
