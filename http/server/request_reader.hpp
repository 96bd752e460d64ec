#pragma once

#include "http/server/request.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace meisim::http {

/// What a method and path take as a body.
struct body_rule {
  // NOLINTNEXTLINE(google-explicit-constructor): most have nothing else to say.
  body_rule(size_t most_bytes, bool is_for_all = false) : most(most_bytes), is_open(is_for_all) {
    // nop
  }

  size_t most;
  /// Whether no credential is looked at. Then a client that first asks whether to send a small body
  /// is told to send it at once, because keeping its head waiting would take a place for nothing.
  bool is_open;
};

/// Cuts the bytes of one connection into requests, one at a time. Anything ambiguous is an error.
/// After an error nothing more is read, so that no byte is taken for the start of another request
/// (RFC 9112 §6.3).
class request_reader {
public:
  using body_limit = std::function<body_rule(method, std::string_view path)>;

  enum class status {
    /// The bytes so far are no whole request.
    need_more,
    /// `take_head()` has a request whose body is read after `admit()` only: it is large, or the
    /// client asks first whether to send it.
    wants_admission,
    /// `take()` has a request; after `admit()`, `take_body()` its body.
    complete,
    /// `failure_status()` and `failure_message()` say why.
    failed,
  };

  explicit request_reader(body_limit limit) : limit_(std::move(limit)) {
    // nop
  }

  /// Adds bytes. They are kept until `read` takes them.
  void feed(std::string_view bytes) {
    // Read bytes are dropped once they are the larger part, because some clients never let all be
    // read.
    if (begin_ > buffer_.size() / 2)
      buffer_.erase(0, std::exchange(begin_, 0));
    buffer_.append(bytes);
  }

  /// Reads on, up to the end of one request. Not to be called between `wants_admission` and
  /// `admit()`.
  status read();

  /// The request that `read` has completed.
  request take() {
    return std::exchange(request_, {});
  }

  /// The request without its body.
  request take_head();

  /// The body is to be read now.
  void admit();

  std::string take_body() {
    return std::exchange(request_.body, {});
  }

  /// Whether the client waits for `100 Continue` before it sends any of the body.
  bool waits_for_continue() const;

  /// The size of the body that is being read or was read last, as far as it is known.
  size_t body_size() const;

  /// What the body takes of the budget. A large body takes all of its size from the beginning,
  /// because it has been admitted. Any other takes what has come so far.
  size_t budgeted_size() const;

  /// The id of the request that is being read; empty before its head is there.
  const std::string& request_id() const {
    return request_.id;
  }

  /// Whether the client knows answers in chunks, which came with HTTP/1.1.
  bool knows_chunks() const {
    return knows_chunks_;
  }

  /// Whether the connection may stay open after the answer, by the request's version and
  /// `Connection` header.
  bool keep_alive() const {
    return keep_alive_;
  }

  int failure_status() const {
    return failure_status_;
  }

  std::string_view failure_message() const {
    return failure_message_;
  }

  /// Bytes that are not read yet.
  size_t buffered() const {
    return buffer_.size() - begin_;
  }

  /// Whether the head of a request has been read, but not the end of its body.
  bool in_body() const {
    return parser_ && parser_->is_header_done();
  }

  /// Whether some bytes of a request have come, but not all.
  bool in_request() const {
    return parser_.has_value() || buffered() > 0;
  }

private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  bool begin_request();
  boost::beast::error_code put();
  status wait_for_head();
  bool is_in_first_line() const;
  bool is_line_too_long() const;
  bool expects_continue() const;
  bool is_large() const;
  status fail(int code, std::string_view message);
  status fail_parsing(boost::beast::error_code error);
  status begin_body();
  status check_framing();
  status check_head();
  status finish();

  body_limit limit_;
  std::string buffer_;
  size_t begin_ = 0;
  std::optional<parser> parser_;
  bool is_head_taken_ = false;
  bool is_admitted_ = false;
  /// The most bytes of this request's body.
  size_t most_bytes_ = 0;
  bool is_open_ = false;
  request request_;
  bool keep_alive_ = true;
  bool knows_chunks_ = true;
  int failure_status_ = 0;
  std::string_view failure_message_;
};

} // namespace meisim::http
