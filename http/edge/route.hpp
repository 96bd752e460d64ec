#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "protocols/access/audit.hpp"
#include "protocols/access/rate_limits.hpp"
#include "protocols/access/scopes.hpp"
#include "protocols/operators/operators.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meisim::http {

class exchange;
using exchange_pointer = std::shared_ptr<exchange>;

/// Who may use an endpoint, and with which credential.
enum class access : uint8_t {
  /// Anybody. A limit counts by IP address.
  open,
  /// A dealer by API key or dealer token.
  dealer,
  /// The same, in whatever state the account is.
  any_dealer,
  /// A dealer with portal access, by portal token.
  portal,
  /// Operators, by the token of their session, or by the admin token, which may do everything.
  /// Every operator may look; the others name the role that is needed.
  viewer,
  support,
  finance,
  admin,
};

/// The role that an operators' endpoint needs; nothing for others.
constexpr std::optional<operator_role> role_needed(access who) {
  switch (who) {
  case access::viewer:
    return operator_role::viewer;
  case access::support:
    return operator_role::support;
  case access::finance:
    return operator_role::finance;
  case access::admin:
    return operator_role::admin;
  case access::open:
  case access::dealer:
  case access::any_dealer:
  case access::portal:
    break;
  }
  return std::nullopt;
}

constexpr size_t batch_body = size_t{16} * 1024 * 1024;

/// What only some endpoints have.
struct route_extras {
  /// Most bytes of a body.
  size_t body_limit = ordinary_body;
  /// The names of the query parameters that it takes, separated by blanks. Others are refused.
  std::string_view parameters = {};
  /// Whether it ignores query parameters that it does not know, because links to pages come with
  /// all sorts of them.
  bool is_page = false;
  /// Whether its handler works so long that no other request should wait behind it. It gets one of
  /// the threads with a low priority.
  bool is_long = false;
  /// Whether the title for missing funds is `INSUFFICIENT_FUNDS` here, and not `Payment required`.
  bool names_funds = false;
  /// Whether it reads the Idempotency-Key, under which a repeat is not done again.
  bool takes_key = false;
  /// Whether a repeat has the same effect even without a key. Repeats of GET and DELETE always do.
  bool is_repeatable = false;
  /// Whether an operator who views the account may use it although it is no GET.
  bool is_for_viewers = false;
  /// An API key needs one of these scopes. Without any here it needs all of them.
  scope_set scopes = {};
  /// The kind of the change's audit event. Each operators' route that changes something has a kind
  /// of its own.
  audit_kind audit = audit_kind::none;
  /// Where a caller whose answer was lost can look whether the request was done.
  std::string_view told_by = "GET /api/v1/orders and GET /dealer/wallet tell";
};

constexpr route_extras keyed{.takes_key = true};
constexpr route_extras repeatable{.is_repeatable = true};

// The same, for keys with these scopes.

constexpr route_extras keyed_for(scope_set scopes) {
  return {.takes_key = true, .scopes = scopes};
}

constexpr route_extras repeatable_for(scope_set scopes) {
  return {.is_repeatable = true, .scopes = scopes};
}

constexpr route_extras open_to(scope_set scopes) {
  return {.scopes = scopes};
}

/// An endpoint: everything that is decided before its handler runs.
struct route {
  method verb;
  /// Segments that begin with a colon match any text.
  std::string_view path;
  access who;
  limit_class limit;
  /// Gets an exchange that has been admitted, and answers it once.
  void (*handler)(const exchange_pointer&);
  route_extras extras = {};
};

using route_table = std::span<const route>;

/// Whether the route takes a query parameter of this name.
bool takes_parameter(const route& where, std::string_view name);

/// What a caller can do if the answer to this request is lost.
recourse recourse_of(const route& where, const request& incoming);

struct route_match {
  const route* found = nullptr;
  std::vector<std::string> captures;
  /// The methods that the path has, for 405 and OPTIONS; empty if there is no such path.
  std::string allowed;
};

/// Finds the routes of a table, which must outlive it.
class router {
public:
  explicit router(route_table table);

  /// The route of a request; HEAD is served by GET's. A path without names comes before one with
  /// names that matches too.
  route_match match(method verb, std::string_view path) const;

private:
  /// The routes of a path without names.
  std::unordered_map<std::string_view, std::vector<const route*>> fixed_;
  std::vector<const route*> named_;
};

} // namespace meisim::http
