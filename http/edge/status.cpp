#include "http/edge/status.hpp"

#include "protocols/base/json_writer.hpp"

namespace meisim::http {

int status_of(ec code) {
  // Without a default, so that a new code does not compile before it has a status.
  switch (code) {
  case ec::none:
    return 200;
  case ec::unauthorized:
    return 401;
  case ec::forbidden:
    return 403;
  case ec::rate_limited:
    return 429;
  case ec::invalid:
    return 400;
  case ec::not_found:
    return 404;
  case ec::conflict:
  case ec::in_progress:
  case ec::price_too_high:
    return 409;
  case ec::insufficient_funds:
    return 402;
  case ec::vendor_error:
    return 502;
  case ec::outcome_unknown:
  case ec::unavailable:
  case ec::moved:
  case ec::not_owner:
    return 503;
  case ec::internal:
    return 500;
  }
  return 500;
}

response problem(const caf::error& error, bool names_funds, recourse way) {
  auto code = code_of(error);
  auto status = status_of(code);
  if (code == ec::insufficient_funds) {
    auto amounts = shortfall_of(error);
    response result;
    result.status = status;
    result.body = json_object([&](json_writer& out) {
      out.member("error", names_funds ? "INSUFFICIENT_FUNDS" : error_title(status))
        .member("message", message_of(error))
        .member("balance", amounts.balance)
        .member("required", amounts.required);
    });
    return result;
  }
  if (code == ec::internal) {
    auto result = error_response(
      status, "something failed on our side; the request id tells our support which");
    result.note.detail = message_of(error);
    return result;
  }
  if (code == ec::outcome_unknown)
    return unknown_outcome(message_of(error), way);
  if (status == 503)
    return unavailable(message_of(error));
  auto result = error_response(status, message_of(error));
  if (code == ec::in_progress)
    result.headers.emplace_back("Retry-After", "1");
  if (code == ec::unauthorized)
    result.headers.emplace_back("WWW-Authenticate", "Bearer");
  return result;
}

} // namespace meisim::http
