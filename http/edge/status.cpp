#include "http/edge/status.hpp"

#include "protocols/base/json_writer.hpp"

namespace meisim::http {

namespace {

response missing_funds(const caf::error& error, bool names_funds) {
  auto amounts = shortfall_of(error);
  auto why = cause_of(error);
  response result;
  result.status = describe(why).status;
  result.body = json_object([&](json_writer& out) {
    write_error(out, names_funds ? "INSUFFICIENT_FUNDS" : error_title(result.status), why,
                message_of(error));
    out.member("balance", amounts.balance).member("required", amounts.required);
  });
  return result;
}

response above_credit(const caf::error& error) {
  auto amounts = credit_shortfall_of(error);
  auto why = cause_of(error);
  response result;
  result.status = describe(why).status;
  result.body = json_object([&](json_writer& out) {
    write_error(out, error_title(result.status), why, message_of(error));
    out.member("creditLimit", amounts.limit)
      .member("creditUsed", amounts.used)
      .member("required", amounts.required);
  });
  return result;
}

} // namespace

int status_of(ec code) {
  return code == ec::none ? 200 : describe(cause_of(make_error(code))).status;
}

response problem(const caf::error& error, bool names_funds, recourse way) {
  auto why = cause_of(error);
  auto status = describe(why).status;
  switch (code_of(error)) {
  case ec::insufficient_funds:
    return missing_funds(error, names_funds);
  case ec::credit_limit_reached:
    return above_credit(error);
  case ec::internal: {
    auto result =
      error_response(why, "something failed on our side; the request id tells our support which");
    result.note.detail = message_of(error);
    return result;
  }
  case ec::outcome_unknown:
    return unknown_outcome(message_of(error), way);
  default:
    break;
  }
  if (status == 503)
    return unavailable(message_of(error), why);
  auto result = error_response(why, message_of(error), field_of(error));
  if (why == cause::request_in_progress)
    result.headers.emplace_back("Retry-After", "1");
  if (status == 401)
    result.headers.emplace_back("WWW-Authenticate", "Bearer");
  return result;
}

} // namespace meisim::http
