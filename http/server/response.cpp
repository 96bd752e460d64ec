#include "http/server/response.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

/// The cause of a refusal by HTTP itself.
cause cause_of_status(int status) {
  switch (status) {
  case 400:
    return cause::malformed_request;
  case 404:
    return cause::not_found;
  case 405:
    return cause::method_not_allowed;
  case 408:
    return cause::request_timeout;
  case 413:
    return cause::payload_too_large;
  case 414:
    return cause::uri_too_long;
  case 415:
    return cause::unsupported_media_type;
  case 431:
    return cause::headers_too_large;
  case 503:
    return cause::unavailable;
  default:
    return cause::server_error;
  }
}

} // namespace

response error_response(cause why, std::string_view message, std::string_view field) {
  response result;
  result.status = describe(why).status;
  result.body = json_object(
    [&](json_writer& out) { write_error(out, error_title(result.status), why, message, field); });
  return result;
}

response error_response(int status, std::string_view message) {
  return error_response(cause_of_status(status), message);
}

void write_error(json_writer& out, std::string_view title, cause why, std::string_view message,
                 std::string_view field) {
  out.member("error", title).member("message", message).member("code", describe(why).name);
  if (!field.empty())
    out.member("field", field);
}

response with_request_id(response error, std::string_view id) {
  // An id needs no escapes: it is of letters, digits and `._-`.
  if (error.body.ends_with('}'))
    error.body.insert(error.body.size() - 1, fmt::format(R"(,"request_id":"{}")", id));
  return error;
}

response unavailable(std::string_view message, cause why) {
  auto result = error_response(why, message);
  result.headers.emplace_back("Retry-After", "1");
  return result;
}

response unknown_outcome(std::string_view why, recourse way) {
  std::string message{why};
  if (way.first == recourse::step::repeat)
    return unavailable(message + ", please repeat");
  message += "; whether this was done is not known: ";
  if (way.first == recourse::step::repeat_with_key)
    return unavailable(message + "repeat it with the same Idempotency-Key", cause::outcome_unknown);
  message += way.told_by;
  return error_response(cause::outcome_unknown, message + ", before you repeat it");
}

std::string_view error_title(int status) {
  switch (status) {
  case 400:
    return "Invalid request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not found";
  case 405:
    return "Method not allowed";
  case 408:
    return "Request timeout";
  case 409:
    return "Conflict";
  case 413:
    return "Payload too large";
  case 414:
    return "URI too long";
  case 415:
    return "Unsupported media type";
  case 429:
    return "Rate limit exceeded";
  case 431:
    return "Request header fields too large";
  case 502:
    return "VENDOR_ERROR";
  case 503:
    return "Service unavailable";
  default:
    return "Server error";
  }
}

std::string_view reason_phrase(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 302:
    return "Found";
  case 304:
    return "Not Modified";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment Required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 413:
    return "Payload Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  default:
    return "Internal Server Error";
  }
}

} // namespace meisim::http
