#include "http/server/response.hpp"

#include "protocols/base/json_writer.hpp"

namespace meisim::http {

response error_response(int status, std::string_view message) {
  response result;
  result.status = status;
  result.body = json_object(
    [&](json_writer& out) { out.member("error", error_title(status)).member("message", message); });
  return result;
}

response unavailable(std::string_view message) {
  auto result = error_response(503, message);
  result.headers.emplace_back("Retry-After", "1");
  return result;
}

response unknown_outcome(std::string_view why, recourse way) {
  std::string message{why};
  if (way.first == recourse::step::repeat)
    return unavailable(message + ", please repeat");
  message += "; whether this was done is not known: ";
  if (way.first == recourse::step::repeat_with_key)
    return unavailable(message + "repeat it with the same Idempotency-Key");
  message += way.told_by;
  return error_response(503, message + ", before you repeat it");
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
  case 304:
    return "Not Modified";
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
