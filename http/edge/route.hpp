#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "protocols/access/rate_limits.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  /// The operator by the admin token.
  operators,
};

constexpr size_t ordinary_body = size_t{64} * 1024;
constexpr size_t webhook_body = size_t{1024} * 1024;
constexpr size_t batch_body = size_t{16} * 1024 * 1024;

/// What only some endpoints have.
struct route_extras {
  /// Most bytes of a body.
  size_t body_limit = ordinary_body;
  /// The names of the query parameters that it takes, separated by blanks. Others never reach the
  /// handler.
  std::string_view parameters = {};
  /// Whether missing funds are called `INSUFFICIENT_FUNDS` here, and not `Payment required`.
  bool names_funds = false;
  /// Whether it reads the Idempotency-Key, under which a repeat is not done again.
  bool takes_key = false;
  /// Whether a repeat has the same effect even without a key. Repeats of GET and DELETE always do.
  bool is_repeatable = false;
  /// Where a caller can look whether a request was done whose answer was lost.
  std::string_view told_by = "GET /api/v1/orders and GET /dealer/wallet tell";
};

constexpr route_extras keyed{.takes_key = true};
constexpr route_extras repeatable{.is_repeatable = true};

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

/// Finds the route; HEAD is served by GET's.
route_match match_route(route_table table, method verb, std::string_view path);

} // namespace meisim::http
