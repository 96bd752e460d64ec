#pragma once

#include "http/edge/exchange.hpp"
#include "http/edge/page_session.hpp"
#include "http/edge/status.hpp"
#include "protocols/base/json_writer.hpp"

#include <string>

namespace meisim::http {

// How an exchange ends. A second answer is dropped.

/// Answers with JSON.
void succeed(const exchange_pointer& x, std::string body);

/// Answers 200 with JSON that the database wrote, in the form that all answers have.
void succeed_as_written(const exchange_pointer& x, std::string_view json);

/// Answers `{"ok":true}`.
void succeed(const exchange_pointer& x);

/// Answers with the receipt of a posting.
void succeed(const exchange_pointer& x, const receipt& what);

/// Answers that a page's session has ended, and deletes its cookie.
void take_cookie_back(const exchange_pointer& x, const page_cookie& of);

/// Answers with an error.
void fail(const exchange_pointer& x, const caf::error& failure);

/// Answers with the headers of the caller's rate limit, and tells the log who the caller is.
void answer(const exchange_pointer& x, response what);

/// Tells a caller that the answer is the one of an earlier request with the same Idempotency-Key.
void mark_as_replayed(response& what);

} // namespace meisim::http
