#include "http/server/response_head.hpp"

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <string>

namespace meisim::http {

namespace {

/// The time as an HTTP date (RFC 9110 §5.6.7), made anew once a second and thread.
const std::string& http_date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  auto now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char buffer[64];
    text.assign(buffer, std::strftime(buffer, sizeof(buffer), "%a, %d %b %Y %H:%M:%S GMT", &utc));
    made_at = now;
  }
  return text;
}

bool has_header(const response& what, std::string_view name) {
  return std::ranges::any_of(what.headers,
                             [&](const auto& header) { return header.first == name; });
}

/// A line break in a value would begin another header, or the body.
void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  auto begin = static_cast<std::ptrdiff_t>(head.size());
  head.append(value);
  std::replace_if(
    head.begin() + begin, head.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; },
    ' ');
  head.append("\r\n");
}

} // namespace

std::string response_head(const response& what, std::string_view request_id, bool close,
                          bool in_chunks) {
  std::string head;
  head.reserve(256 + what.body.size());
  head.append("HTTP/1.1 ").append(std::to_string(what.status)).append(" ");
  head.append(reason_phrase(what.status)).append("\r\nDate: ").append(http_date());
  head.append("\r\nX-Request-Id: ").append(request_id);
  head.append("\r\nX-Content-Type-Options: nosniff\r\n");
  // Unless their handler says otherwise, answers may hold amounts, secrets or a customer's data.
  if (!has_header(what, "Cache-Control"))
    head.append("Cache-Control: no-store\r\n");
  if (what.chunks || (what.status != 204 && what.status != 304))
    head.append("Content-Type: ").append(what.content_type).append("\r\n");
  if (what.chunks)
    head.append(in_chunks ? "Transfer-Encoding: chunked\r\n" : "");
  else if (what.status != 204 && what.status != 304)
    head.append("Content-Length: ").append(std::to_string(what.body.size())).append("\r\n");
  for (const auto& [name, value] : what.headers)
    append_header(head, name, value);
  head += close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
  return head;
}

} // namespace meisim::http
