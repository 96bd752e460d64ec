#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meisim {

enum class ec : uint8_t;

/// By this a program tells errors apart: each cause has a name that never changes.
enum class cause : uint8_t {
  invalid_field,
  missing_field,
  unknown_field,
  malformed_body,
  malformed_request,
  unauthorized,
  credential_expired,
  insufficient_funds,
  credit_limit_reached,
  forbidden,
  not_approved,
  suspended,
  not_found,
  method_not_allowed,
  request_timeout,
  wrong_state,
  idempotency_key_reused,
  request_in_progress,
  price_too_high,
  already_replaced,
  payload_too_large,
  uri_too_long,
  unsupported_media_type,
  rate_limited,
  headers_too_large,
  server_error,
  vendor_refused,
  out_of_stock,
  unavailable,
  vendor_unreachable,
  outcome_unknown,
};

/// A line of the table of all causes.
struct cause_entry {
  cause what;
  /// `code` of the answer.
  std::string_view name;
  /// How the service treats it.
  ec kind;
  /// The HTTP status.
  int status;
  /// For the reader of the API's document.
  std::string_view meaning;
};

/// All causes, in the order of the enum.
std::span<const cause_entry> causes();

const cause_entry& describe(cause what);

/// The cause of this name; nothing for any other text.
std::optional<cause> cause_named(std::string_view name);

} // namespace meisim
