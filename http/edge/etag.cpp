#include "http/edge/etag.hpp"

#include "protocols/base/crypto.hpp"

namespace meisim::http {

namespace {

/// Whether one of the caller's tags is this one (RFC 9110 §13.1.2: weak tags count).
bool is_known_to_caller(std::string_view if_none_match, const std::string& etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

} // namespace

std::string etag_of(std::string_view content) {
  constexpr size_t tag_length = 32;
  return '"' + to_hex(sha256(content)).substr(0, tag_length) + '"';
}

response tagged(const exchange_pointer& x, std::string_view content_type, std::string_view body,
                const std::string& etag, std::string_view caching) {
  response result;
  result.content_type = content_type;
  result.headers.emplace_back("ETag", etag);
  result.headers.emplace_back("Cache-Control", caching);
  if (is_known_to_caller(x->incoming.header("if-none-match"), etag))
    result.status = 304;
  else
    result.body = body;
  return result;
}

response tagged(const exchange_pointer& x, std::string_view content_type, std::string body) {
  return tagged(x, content_type, body, etag_of(body), "no-store");
}

} // namespace meisim::http
