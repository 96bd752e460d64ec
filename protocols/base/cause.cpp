#include "protocols/base/cause.hpp"

#include "protocols/base/error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace meisim {

namespace {

constexpr std::array all_causes{
  cause_entry{cause::invalid_field, "invalid_field", ec::invalid, 400,
              "A field or parameter is of the wrong type, or breaks its rule."},
  cause_entry{cause::missing_field, "missing_field", ec::invalid, 400,
              "A field that is required is missing."},
  cause_entry{cause::unknown_field, "unknown_field", ec::invalid, 400,
              "The endpoint knows no field or parameter of this name."},
  cause_entry{cause::malformed_body, "malformed_body", ec::invalid, 400,
              "The body is no JSON object, or not what the endpoint reads."},
  cause_entry{cause::malformed_request, "malformed_request", ec::invalid, 400,
              "The request is not well-formed HTTP."},
  cause_entry{cause::unauthorized, "unauthorized", ec::unauthorized, 401,
              "The credential is missing, unknown, revoked, or made for another audience."},
  cause_entry{cause::credential_expired, "credential_expired", ec::unauthorized, 401,
              "The token was good, and has expired: sign in again."},
  cause_entry{cause::insufficient_funds, "insufficient_funds", ec::insufficient_funds, 402,
              "The wallet holds less than what is required."},
  cause_entry{cause::credit_limit_reached, "credit_limit_reached", ec::credit_limit_reached, 402,
              "An order on account would be above the dealer's credit limit."},
  cause_entry{cause::forbidden, "forbidden", ec::forbidden, 403, "The account may not do this."},
  cause_entry{cause::not_approved, "not_approved", ec::forbidden, 403,
              "The account waits for its approval."},
  cause_entry{cause::suspended, "suspended", ec::forbidden, 403, "The account is suspended."},
  cause_entry{cause::not_found, "not_found", ec::not_found, 404,
              "There is no such thing, or it is somebody else's."},
  cause_entry{cause::method_not_allowed, "method_not_allowed", ec::invalid, 405,
              "The path does not take this method."},
  cause_entry{cause::request_timeout, "request_timeout", ec::invalid, 408,
              "The rest of the request did not come in time."},
  cause_entry{cause::wrong_state, "wrong_state", ec::conflict, 409,
              "The state of the thing does not allow this."},
  cause_entry{cause::idempotency_key_reused, "idempotency_key_reused", ec::conflict, 409,
              "The Idempotency-Key stands for another request."},
  cause_entry{cause::request_in_progress, "request_in_progress", ec::in_progress, 409,
              "The first request with this Idempotency-Key is still under way."},
  cause_entry{cause::price_too_high, "price_too_high", ec::price_too_high, 409,
              "The total is above the price guard."},
  cause_entry{cause::already_replaced, "already_replaced", ec::conflict, 409,
              "This eSIM has been replaced already."},
  cause_entry{cause::payload_too_large, "payload_too_large", ec::invalid, 413,
              "The body is larger than the endpoint takes."},
  cause_entry{cause::uri_too_long, "uri_too_long", ec::invalid, 414,
              "The request line is longer than 8 KiB."},
  cause_entry{cause::unsupported_media_type, "unsupported_media_type", ec::invalid, 415,
              "Content-Type or Content-Encoding is none that the endpoint reads."},
  cause_entry{cause::rate_limited, "rate_limited", ec::rate_limited, 429,
              "The window of a rate limit is full."},
  cause_entry{cause::headers_too_large, "headers_too_large", ec::invalid, 431,
              "The headers are too many or too long."},
  cause_entry{cause::server_error, "server_error", ec::internal, 500,
              "A fault of ours; our support finds it by the request id."},
  cause_entry{cause::vendor_refused, "vendor_refused", ec::vendor_error, 502,
              "The provider refused. Nothing is charged, or it was given back."},
  cause_entry{cause::out_of_stock, "out_of_stock", ec::vendor_error, 502,
              "There is no stock left. Nothing is charged, or it was given back."},
  cause_entry{cause::unavailable, "unavailable", ec::unavailable, 503,
              "Nothing was done, or a repeat comes to the same: repeat it after `Retry-After`."},
  cause_entry{cause::vendor_unreachable, "vendor_unreachable", ec::unavailable, 503,
              "A provider cannot be reached. Nothing was done: repeat it after `Retry-After`."},
  cause_entry{cause::outcome_unknown, "outcome_unknown", ec::outcome_unknown, 503,
              "It may have been done: the message says how to find out."},
};

static_assert(std::ranges::all_of(all_causes, [](const cause_entry& x) {
  return &x - all_causes.data() == static_cast<std::ptrdiff_t>(x.what);
}));

static_assert(all_causes.size() == static_cast<size_t>(cause::outcome_unknown) + 1);

} // namespace

std::span<const cause_entry> causes() {
  return all_causes;
}

const cause_entry& describe(cause what) {
  return all_causes.at(static_cast<size_t>(what));
}

std::optional<cause> cause_named(std::string_view name) {
  auto found = std::ranges::find(all_causes, name, &cause_entry::name);
  return found == all_causes.end() ? std::nullopt : std::optional{found->what};
}

} // namespace meisim
