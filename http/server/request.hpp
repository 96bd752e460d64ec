#pragma once

#include "http/server/body_budget.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim::http {

enum class method : uint8_t { get, head, post, put, patch, del, options, other };

std::string_view to_string(method m);

/// A request as it came, decoded.
struct request {
  method verb = method::get;
  /// Percent-decoded, without the query: valid UTF-8, begins with `/`.
  std::string path;
  /// Decoded pairs in the order of the query string.
  std::vector<std::pair<std::string, std::string>> query;
  /// Names in lower case.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// Whether the body is still to come. It is read when somebody asks for it (reply.hpp).
  bool awaits_body = false;
  /// The bytes of the body, as far as that is known before it comes.
  size_t body_size = 0;
  /// The body's share of the memory for bodies.
  body_share memory;
  /// The address of the client, see client_address.
  std::string ip;
  /// Whether a trusted proxy has passed it on.
  bool is_passed_on = false;
  /// The caller's own X-Request-Id if that is usable, otherwise one of ours.
  std::string id;
  /// Its `traceparent` as it is passed on; empty if it bears none that can be read.
  std::string trace_parent;

  /// The value of a header, by its name in lower case; empty without one.
  std::string_view header(std::string_view name) const;

  /// The first value of a query parameter. An empty one, as forms send it, counts as absent.
  std::optional<std::string_view> parameter(std::string_view name) const;

  /// A whole number of the query string in bounds; `invalid` names the parameter.
  caf::expected<int32_t> whole_parameter(std::string_view name, int32_t least, int32_t most,
                                         int32_t fallback) const;
};

/// Splits a request target, with or without scheme and host, into `path` and `query`. False if it
/// is no target, is not valid UTF-8 without NUL once decoded, or hides a slash within a segment.
bool parse_target(std::string_view target, request& into);

/// True if `text` is valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

} // namespace meisim::http
