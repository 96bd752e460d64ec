#pragma once

#include "protocols/access/rate_limits.hpp"
#include "protocols/access/scopes.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// Where a dealer's account stands. Only an approved one may do business.
enum class dealer_status : uint8_t { pending, approved, suspended };

std::string_view to_string(dealer_status status);

std::optional<dealer_status> parse_dealer_status(std::string_view text);

/// What the other actors and the answers need to know of a dealer.
struct dealer_snapshot {
  dealer_id id;
  std::string email;
  std::string company;
  dealer_status status = dealer_status::pending;
  /// Hundredths of a percent on top of the provider's price.
  int32_t markup_basis_points = 0;
  money resend_fee;
  /// Whether the account may use the portal API.
  bool portal = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dealer_snapshot& x) {
  return f(caf::meta::type_name("dealer_snapshot"), x.id, x.email, x.company, x.status,
           x.markup_basis_points, x.resend_fee, x.portal);
}

/// What a caller shows to prove who it is.
struct credential {
  /// SHA-256 of the API key in hexadecimal; empty for a token.
  std::string key_hash;
  /// The epoch within a token whose signature has been verified, and the token's session.
  int32_t token_epoch = 0;
  session_id session = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, credential& x) {
  return f(caf::meta::type_name("credential"), x.key_hash, x.token_epoch, x.session);
}

/// Asks a dealer whether a request may pass.
struct admission_request {
  credential shown;
  limit_class limit = limit_class::none;
  /// False for the few endpoints that an account which is not approved may use.
  bool needs_approval = true;
  /// True on the portal's endpoints.
  bool needs_portal = false;
  /// Whose request it is.
  dealer_id dealer = {};
  /// An API key needs one of these scopes. If none stands here, it needs all scopes.
  scope_set scopes = {};
  /// The IP address that it comes from.
  std::string address = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, admission_request& x) {
  return f(caf::meta::type_name("admission_request"), x.shown, x.limit, x.needs_approval,
           x.needs_portal, x.dealer, x.scopes, x.address);
}

/// Asks an IP limiter whether one more request of this group may pass.
struct address_request {
  limit_class limit = limit_class::none;
  /// The IPv4 address, or network of IPv6, that it counts against.
  std::string address;
  /// Whether this only asks, and does not count.
  bool only_asks = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, address_request& x) {
  return f(caf::meta::type_name("address_request"), x.limit, x.address, x.only_asks);
}

/// The answer to an admission_request or an address_request.
struct admission {
  /// `none` if the request may pass.
  ec refusal = ec::none;
  std::string message;
  rate_state rate;
  dealer_snapshot dealer;
  /// What the credential is good for; a token is good for everything.
  scope_set scopes = scope_set::all();
  /// Whether it is a key that expires, or is bound to addresses.
  bool is_bound = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, admission& x) {
  return f(caf::meta::type_name("admission"), x.refusal, x.message, x.rate, x.dealer, x.scopes,
           x.is_bound);
}

} // namespace meisim
