#include "http/server/request_reader.hpp"

#include "http/server/head_check.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/id.hpp"

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

/// The headers that are read somewhere. The others are not copied.
constexpr std::array<std::string_view, 9> kept_headers{
  "authorization", "content-type",    "idempotency-key", "if-none-match",   "user-agent",
  "x-dealer-key",  "x-forwarded-for", "x-request-id",    "stripe-signature"};

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

} // namespace

request_reader::status request_reader::read() {
  if (failure_status_ != 0)
    return status::failed;
  if (begin_ == buffer_.size())
    return status::need_more;
  if (!parser_)
    begin_request();
  bool is_new_head = false;
  if (!is_head_taken_) {
    if (auto error = put())
      return fail_parsing(error);
    if (!parser_->is_header_done())
      return wait_for_head();
    if (take_head() == status::failed)
      return status::failed;
    is_new_head = true;
    parser_->eager(true);
  }
  if (!parser_->is_done() && buffered() > 0)
    if (auto error = put())
      return fail_parsing(error);
  if (parser_->is_done())
    return finish();
  return is_new_head && wants_continue() ? status::wants_continue : status::need_more;
}

void request_reader::begin_request() {
  parser_.emplace();
  parser_->header_limit(longest_head);
  // The bound of the body depends on the head, and is set when the head has been read. Until then
  // there is none. boost::none would not do: with it, Boost 1.74 takes every body for too large.
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  parser_->eager(false);
  is_head_taken_ = false;
  request_ = {};
}

/// Gives the buffered bytes to the parser, and drops those that it has taken.
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

request_reader::status request_reader::wait_for_head() {
  bool is_in_first_line = parser_->get().target().empty();
  if (is_in_first_line && buffered() > longest_request_line
      && std::string_view{buffer_}.substr(begin_).find("\r\n") > longest_request_line)
    return fail(414, "the request line is longer than 8 KiB");
  return status::need_more;
}

bool request_reader::wants_continue() const {
  auto expect = parser_->get()[beast::field::expect];
  return lowered({expect.data(), expect.size()}) == "100-continue";
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

/// Reads what the head says, checks it, and sets the bound of the body.
request_reader::status request_reader::take_head() {
  is_head_taken_ = true;
  const auto& head = parser_->get();
  request_.verb = method_of(head.method());
  keep_alive_ = head.keep_alive();
  size_t count = 0;
  for (const auto& field : head) {
    ++count;
    auto name = lowered({field.name_string().data(), field.name_string().size()});
    if (std::find(kept_headers.begin(), kept_headers.end(), name) != kept_headers.end())
      request_.headers.emplace_back(std::move(name), std::string{field.value()});
  }
  auto id = request_.header("x-request-id");
  request_.id = is_usable_id(id) ? std::string{id} : to_string(make_uuid());
  if (count > most_headers)
    return fail(431, "the request has more than 100 headers");
  if (head.target().size() > longest_request_line)
    return fail(414, "the request line is longer than 8 KiB");
  return check_head();
}

request_reader::status request_reader::check_head() {
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
  if (head.version() >= 11 && head.count(beast::field::host) != 1)
    return fail(400, "the Host header must stand once");
  for (const auto& field : head)
    if (auto fault = check_header(field.name(), {field.value().data(), field.value().size()});
        fault.status != 0)
      return fail(fault.status, fault.message);
  if (!parse_target({head.target().data(), head.target().size()}, request_))
    return fail(400, "the path must be valid percent-encoded UTF-8");
  auto limit = limit_(request_.verb, request_.path);
  if (parser_->content_length().value_or(0) > limit)
    return fail(413, "the body is larger than this endpoint takes");
  parser_->body_limit(limit);
  return status::need_more;
}

request_reader::status request_reader::finish() {
  request_.body = std::move(parser_->get().body());
  parser_.reset();
  return status::complete;
}

} // namespace meisim::http
