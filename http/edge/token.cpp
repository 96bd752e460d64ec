#include "http/edge/token.hpp"

#include "protocols/base/ascii.hpp"

#include <jwt/jwt.hpp>

#include <algorithm>

namespace meisim::http {

namespace {

constexpr size_t longest_token = 4'096;

std::string name_of(audience to) {
  switch (to) {
  case audience::dealer:
    return "dealer";
  case audience::portal:
    return "portal";
  case audience::page:
    return "page";
  case audience::view_pass:
    return "view_pass";
  case audience::view:
    return "view";
  }
  return {};
}

std::chrono::seconds lifetime_of(audience to) {
  using namespace std::chrono_literals;
  if (to == audience::view_pass)
    return 1min;
  return to == audience::view ? 30min : std::chrono::seconds{session_lifetime};
}

std::chrono::system_clock::time_point seconds_of(instant time) {
  return std::chrono::time_point_cast<std::chrono::seconds>(time);
}

bool is_base64url(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_';
}

/// Whether the text has the form of a signed token: three parts in base64url (RFC 7515). The
/// library would read past the end of other texts.
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

caf::error bad_token() {
  return make_error(ec::unauthorized, "the token is not good here or has expired");
}

caf::expected<token_claims> read_with(const std::string& key, const std::string& text,
                                      audience wanted) {
  using namespace jwt::params;
  // For a text that is no token, the library throws exceptions of several families, even from
  // functions that take an error code.
  try {
    auto token =
      jwt::decode(text, algorithms({"HS256"}), secret(key), verify(true), aud(name_of(wanted)));
    const auto& payload = token.payload();
    // Reading a claim that is not there is undefined behaviour.
    for (const char* claim : {"exp", "iat", "aud", "sub", "epoch", "jti"})
      if (!payload.has_claim(claim))
        return bad_token();
    // We issue no token for several audiences.
    if (payload.get_claim_value<int64_t>("iat") <= 0
        || payload.get_claim_value<std::string>("aud") != name_of(wanted))
      return bad_token();
    auto dealer = dealer_id::parse(payload.get_claim_value<std::string>("sub"));
    auto opened = session_id::parse(payload.get_claim_value<std::string>("jti"));
    if (!dealer || !opened)
      return bad_token();
    instant expires_at{std::chrono::seconds{payload.get_claim_value<int64_t>("exp")}};
    token_claims claims{*dealer, payload.get_claim_value<int32_t>("epoch"), expires_at, *opened};
    if (payload.has_claim("by"))
      claims.viewer = payload.get_claim_value<std::string>("by");
    return claims;
  } catch (const jwt::TokenExpiredError&) {
    return make_error(ec::credential_expired, "the token has expired: sign in again");
  } catch (...) {
    return bad_token();
  }
}

} // namespace

issued_token token_signer::issue(const session& of, audience to, instant now,
                                 const std::string& viewer) const {
  using namespace jwt::params;
  auto keys = key_.latest();
  bool is_known = keys->before.empty() || now >= keys->since + signing_delay;
  const auto& key = is_known ? keys->text : keys->before;
  auto expires = now + lifetime_of(to);
  jwt::jwt_object token{algorithm("HS256"), headers({{"kid", key_id(key)}}), secret(key)};
  token.add_claim("sub", to_string(of.dealer.id))
    .add_claim("aud", name_of(to))
    .add_claim("epoch", of.token_epoch)
    .add_claim("jti", to_string(of.id))
    .add_claim("iat", seconds_of(now))
    .add_claim("exp", seconds_of(expires));
  if (!viewer.empty())
    token.add_claim("by", viewer);
  return {token.signature(), expires};
}

caf::expected<token_claims> token_signer::read(const std::string& text, audience wanted) const {
  if (text.size() > longest_token || !has_form_of_token(text))
    return bad_token();
  auto keys = key_.latest();
  auto claims = read_with(keys->text, text, wanted);
  bool is_ours = claims || code_of(claims.error()) == ec::credential_expired;
  return is_ours || keys->before.empty() ? claims : read_with(keys->before, text, wanted);
}

} // namespace meisim::http
