#include "http/edge/token.hpp"

#include "protocols/base/ascii.hpp"

#include <jwt/jwt.hpp>

#include <algorithm>

namespace meisim::http {

namespace {

constexpr std::chrono::hours lifetime{12};
constexpr size_t longest_token = 4'096;

std::string name_of(audience to) {
  return to == audience::dealer ? "dealer" : "portal";
}

std::chrono::system_clock::time_point seconds_of(instant time) {
  return std::chrono::time_point_cast<std::chrono::seconds>(time);
}

bool is_base64url(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_';
}

/// Whether the text has the form of a signed token: three parts in base64url (RFC 7515). The
/// library reads past the end of others.
bool has_form_of_token(std::string_view text) {
  int parts = 0;
  while (true) {
    auto part = text.substr(0, text.find('.'));
    ++parts;
    if (part.empty() || part.size() % 4 == 1 || !std::ranges::all_of(part, is_base64url))
      return false;
    if (part.size() == text.size())
      return parts == 3;
    text.remove_prefix(part.size() + 1);
  }
}

} // namespace

issued_token token_signer::issue(dealer_id dealer, int32_t epoch, audience to, instant now) const {
  using namespace jwt::params;
  auto expires = now + lifetime;
  jwt::jwt_object token{algorithm("HS256"), secret(secret_)};
  token.add_claim("sub", to_string(dealer))
    .add_claim("aud", name_of(to))
    .add_claim("epoch", epoch)
    .add_claim("iat", seconds_of(now))
    .add_claim("exp", seconds_of(expires));
  return {token.signature(), expires};
}

caf::expected<token_claims> token_signer::read(const std::string& text, audience wanted) const {
  using namespace jwt::params;
  auto bad = [] {
    return make_error(ec::unauthorized, "the token is not good here or has expired");
  };
  if (text.size() > longest_token || !has_form_of_token(text))
    return bad();
  // For a text that is no token, the library throws exceptions of several families, even where it
  // takes an error code.
  try {
    auto token =
      jwt::decode(text, algorithms({"HS256"}), secret(secret_), verify(true), aud(name_of(wanted)));
    const auto& payload = token.payload();
    // To read a claim that is not there is undefined.
    for (const char* claim : {"exp", "iat", "aud", "sub", "epoch"})
      if (!payload.has_claim(claim))
        return bad();
    // We issue no token for several audiences.
    if (payload.get_claim_value<int64_t>("iat") <= 0
        || payload.get_claim_value<std::string>("aud") != name_of(wanted))
      return bad();
    auto dealer = dealer_id::parse(payload.get_claim_value<std::string>("sub"));
    if (!dealer)
      return bad();
    instant expires_at{std::chrono::seconds{payload.get_claim_value<int64_t>("exp")}};
    return token_claims{*dealer, payload.get_claim_value<int32_t>("epoch"), expires_at};
  } catch (...) {
    return bad();
  }
}

} // namespace meisim::http
