#pragma once

#include "http/edge/exchange.hpp"
#include "protocols/base/limits.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

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

/// An endpoint: everything that is decided before its handler runs.
struct route {
  method verb;
  /// Segments that begin with a colon match any text.
  std::string_view path;
  access who;
  limit_class limit;
  /// Most bytes of a body.
  size_t body_limit;
  void (*handler)(const exchange_pointer&);
  /// The names of the query parameters that it takes, separated by blanks. Others never reach the
  /// handler.
  std::string_view parameters = {};
};

/// Whether the route takes a query parameter of this name.
bool takes_parameter(const route& where, std::string_view name);

constexpr size_t ordinary_body = size_t{64} * 1024;
constexpr size_t webhook_body = size_t{1024} * 1024;
constexpr size_t batch_body = size_t{16} * 1024 * 1024;

/// The table of the public port, and that of the operator's.
std::span<const route> public_routes();
std::span<const route> admin_routes();

struct route_match {
  const route* found = nullptr;
  std::vector<std::string> captures;
  /// The methods that the path has, for 405 and OPTIONS; empty if there is no such path.
  std::string allowed;
};

/// Finds the route; HEAD is served by GET's.
route_match match_route(std::span<const route> table, method verb, std::string_view path);

} // namespace meisim::http
