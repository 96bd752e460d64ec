#include "http/server/request_reader.hpp"

#include "http/server/host.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/trace_context.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace meisim::http {

namespace {

namespace beast = boost::beast::http;

constexpr size_t longest_request_line = size_t{8} * 1024;
constexpr size_t longest_head = size_t{16} * 1024;
constexpr size_t most_headers = 100;

/// The headers that are read somewhere. The others are neither copied nor judged.
constexpr std::array<std::string_view, 22> kept_headers{"accept-encoding",
                                                        "airalo-signature",
                                                        "authorization",
                                                        "content-encoding",
                                                        "content-type",
                                                        "cookie",
                                                        "host",
                                                        "idempotency-key",
                                                        "if-none-match",
                                                        "last-event-id",
                                                        "origin",
                                                        "sec-fetch-site",
                                                        "stripe-signature",
                                                        "traceparent",
                                                        "user-agent",
                                                        "x-dealer-key",
                                                        "x-forwarded-for",
                                                        "x-forwarded-proto",
                                                        "x-reloadly-request-timestamp",
                                                        "x-reloadly-signature",
                                                        "x-request-id",
                                                        "x-signature-sha256"};

/// Headers that must not have two values. Some software sends a header twice with the same value,
/// which is allowed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> single_headers{{
  {"authorization", "Authorization must stand once"},
  {"content-encoding", "Content-Encoding must stand once"},
  {"content-type", "Content-Type must stand once"},
  {"idempotency-key", "Idempotency-Key must stand once"},
  {"stripe-signature", "Stripe-Signature must stand once"},
  {"x-dealer-key", "x-dealer-key must stand once"},
}};

method method_of(beast::verb verb) {
  switch (verb) {
  case beast::verb::get:
    return method::get;
  case beast::verb::head:
    return method::head;
  case beast::verb::post:
    return method::post;
  case beast::verb::put:
    return method::put;
  case beast::verb::patch:
    return method::patch;
  case beast::verb::delete_:
    return method::del;
  case beast::verb::options:
    return method::options;
  default:
    return method::other;
  }
}

bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

/// The message for a header with two different values; empty if there is none.
std::string_view contradiction(const request& what) {
  for (const auto& [name, message] : single_headers)
    for (const auto& [key, value] : what.headers)
      if (key == name && value != what.header(name))
        return message;
  return {};
}

} // namespace

request_reader::status request_reader::read() {
  if (failure_status_ != 0)
    return status::failed;
  if (buffered() == 0 || (!parser_ && !begin_request()))
    return status::need_more;
  if (!is_head_taken_) {
    if (is_line_too_long())
      return fail(414, "the request line is longer than 8 KiB");
    if (auto error = put())
      return fail_parsing(error);
    if (!parser_->is_header_done())
      return wait_for_head();
    if (check_head() == status::failed)
      return status::failed;
    if (begin_body() == status::wants_admission)
      return status::wants_admission;
  }
  if (!parser_->is_done() && buffered() > 0)
    if (auto error = put())
      return fail_parsing(error);
  if (parser_->is_done())
    return finish();
  return is_large() && !is_admitted_ ? status::wants_admission : status::need_more;
}

/// False if nothing of a request is there. An empty line before a request is no part of it (RFC
/// 9112 §2.2).
bool request_reader::begin_request() {
  while (std::string_view{buffer_}.substr(begin_).starts_with("\r\n"))
    begin_ += 2;
  if (buffered() == 0 || std::string_view{buffer_}.substr(begin_) == "\r")
    return false;
  parser_.emplace();
  parser_->header_limit(longest_head);
  // The bound of the body depends on the head, and is set when the head has been read. Until then
  // there is no bound. boost::none cannot be used: with it, Boost 1.74 takes every body for too
  // large.
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  parser_->eager(false);
  is_head_taken_ = false;
  is_admitted_ = false;
  request_ = {};
  return true;
}

/// Gives the buffered bytes to the parser, and drops the bytes that it has taken.
boost::beast::error_code request_reader::put() {
  boost::beast::error_code error;
  auto rest = std::string_view{buffer_}.substr(begin_);
  begin_ += parser_->put(boost::asio::const_buffer{rest.data(), rest.size()}, error);
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  }
  return error == beast::error::need_more ? boost::beast::error_code{} : error;
}

bool request_reader::is_line_too_long() const {
  auto rest = std::string_view{buffer_}.substr(begin_);
  return is_in_first_line() && rest.size() > longest_request_line
         && rest.substr(0, longest_request_line).find('\n') == std::string_view::npos;
}

bool request_reader::is_in_first_line() const {
  return parser_->get().target().empty();
}

request_reader::status request_reader::wait_for_head() {
  auto rest = std::string_view{buffer_}.substr(begin_);
  if (!is_in_first_line() || rest.empty())
    return status::need_more;
  // TLS, for example, has no lines to wait for.
  if (!is_token_character(rest.front()))
    return fail(400, "the request is not well-formed HTTP");
  // The parser would wait for a version that does not come.
  constexpr std::string_view last_word = "HTTP/1.1\r";
  auto line = rest.substr(0, rest.find('\n'));
  if (line.size() < rest.size()
      && line.substr(line.size() - std::min(line.size(), last_word.size())).substr(0, 5) != "HTTP/")
    return fail(400, "the request line must end with HTTP/1.1 or HTTP/1.0");
  return status::need_more;
}

bool request_reader::expects_continue() const {
  auto expect = parser_->get()[beast::field::expect];
  return knows_chunks_ && same_but_for_case({expect.data(), expect.size()}, "100-continue");
}

bool request_reader::waits_for_continue() const {
  return parser_ && expects_continue() && buffered() == 0 && parser_->get().body().empty();
}

/// Whether more of the body is to be kept than is kept for anybody.
bool request_reader::is_large() const {
  return body_size() > ordinary_body
         || (most_bytes_ > ordinary_body && !request_.header("content-encoding").empty());
}

size_t request_reader::body_size() const {
  if (!parser_)
    return request_.body.size();
  if (!parser_->is_header_done())
    return 0;
  return std::max(static_cast<size_t>(parser_->content_length().value_or(0)),
                  parser_->get().body().size());
}

size_t request_reader::budgeted_size() const {
  return !parser_ || is_large() ? body_size() : parser_->get().body().size();
}

request request_reader::take_head() {
  auto head = std::exchange(request_, {});
  request_.id = head.id;
  head.awaits_body = true;
  head.body_size = body_size();
  return head;
}

void request_reader::admit() {
  is_admitted_ = true;
}

request_reader::status request_reader::fail(int code, std::string_view message) {
  failure_status_ = code;
  failure_message_ = message;
  keep_alive_ = false;
  buffer_.clear();
  begin_ = 0;
  return status::failed;
}

request_reader::status request_reader::fail_parsing(boost::beast::error_code error) {
  if (error == beast::error::header_limit || error == beast::error::buffer_overflow)
    return fail(431, "the request's head is larger than 16 KiB");
  if (error == beast::error::body_limit)
    return fail(413, "the body is larger than this endpoint takes");
  if (error == beast::error::bad_version)
    return fail(400, "the protocol must be HTTP/1.0 or HTTP/1.1");
  if (error == beast::error::bad_content_length)
    return fail(400, "Content-Length must be one number");
  return fail(400, "the request is not well-formed HTTP");
}

/// Reads what the head says, and checks it.
request_reader::status request_reader::check_head() {
  is_head_taken_ = true;
  const auto& head = parser_->get();
  request_.verb = method_of(head.method());
  keep_alive_ = head.keep_alive();
  knows_chunks_ = head.version() >= 11;
  size_t count = 0;
  for (const auto& field : head) {
    ++count;
    auto name = lowered({field.name_string().data(), field.name_string().size()});
    if (std::find(kept_headers.begin(), kept_headers.end(), name) != kept_headers.end())
      request_.headers.emplace_back(std::move(name), std::string{field.value()});
  }
  auto id = request_.header("x-request-id");
  request_.id = is_usable_id(id) ? std::string{id} : to_string(make_uuid());
  request_.trace_parent = trace_parent_in(request_.header("traceparent"));
  if (count > most_headers)
    return fail(431, "the request has more than 100 headers");
  if (head.target().size() > longest_request_line)
    return fail(414, "the request line is longer than 8 KiB");
  auto twice = contradiction(request_);
  if (!twice.empty())
    return fail(400, twice);
  auto host = head[beast::field::host];
  if (head.version() >= 11 && head.count(beast::field::host) != 1)
    return fail(400, "the Host header must stand once");
  if (!is_host({host.data(), host.size()}))
    return fail(400, "Host must be a name and a port");
  if (!parse_target({head.target().data(), head.target().size()}, request_))
    return fail(400, "the path must be percent-encoded UTF-8 without control characters");
  return check_framing();
}

/// Checks that the head has only one reading of where the body ends.
request_reader::status request_reader::check_framing() {
  const auto& head = parser_->get();
  if (head.count(beast::field::content_length) > 1)
    return fail(400, "Content-Length must stand once");
  auto length = head[beast::field::content_length];
  if (!std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return fail(400, "Content-Length must be one number");
  if (head.count(beast::field::content_length) > 0
      && head.count(beast::field::transfer_encoding) > 0)
    return fail(400, "Content-Length and Transfer-Encoding must not stand together");
  if (head.count(beast::field::transfer_encoding) > 0 && !parser_->chunked())
    return fail(400, "Transfer-Encoding must be chunked");
  // Chunks came with HTTP/1.1: a proxy may take what is in them for the next request.
  if (head.count(beast::field::transfer_encoding) > 0 && !knows_chunks_)
    return fail(400, "Transfer-Encoding needs HTTP/1.1");
  auto rule = limit_(request_.verb, request_.path);
  most_bytes_ = rule.most;
  is_open_ = rule.is_open;
  if (parser_->content_length().value_or(0) > most_bytes_)
    return fail(413, "the body is larger than this endpoint takes");
  return status::need_more;
}

/// Sets the bound of the body, and tells whether it waits for an admission.
request_reader::status request_reader::begin_body() {
  parser_->body_limit(most_bytes_);
  bool has_body = !parser_->is_done();
  parser_->eager(true);
  bool asks = expects_continue() && !is_open_;
  return has_body && (is_large() || asks) ? status::wants_admission : status::need_more;
}

request_reader::status request_reader::finish() {
  request_.body = std::move(parser_->get().body());
  request_.body_size = request_.body.size();
  parser_.reset();
  return status::complete;
}

} // namespace meisim::http
