#pragma once

#include "protocols/base/cause.hpp"
#include "protocols/base/json_writer.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim::http {

/// The next piece of a large answer.
struct chunk {
  enum class kind : uint8_t {
    piece,
    /// All of it has been handed over.
    end,
    /// The rest cannot be had. The status line is out already, so only closing the connection in
    /// the middle of the chunks can tell the client.
    broken,
  };

  kind what = kind::piece;
  std::string text;
};

/// Where a large answer comes from, piece by piece. `pull` asks for the next piece; `push` is
/// called once for it, from any thread. Only one piece is asked for at a time, and no faster than
/// the client reads.
struct chunk_source {
  using push = std::function<void(chunk)>;

  std::function<void(push)> pull;
  /// Whether it goes on for as long as the client listens. A node that goes down ends such an
  /// answer instead of waiting.
  bool is_endless = false;
};

/// What goes into the log about a request besides what the connection knows.
struct log_note {
  /// The route's template, so that the number of different ones is bounded.
  std::string_view route = "-";
  /// The dealer's id; empty if nobody was signed in.
  std::string dealer;
  /// The trace id of the caller's `traceparent`; empty without one.
  std::string trace_id = {};
  /// For operators only: what a 500 does not say to the caller.
  std::string detail;
};

struct response {
  int status = 200;
  std::string_view content_type = "application/json";
  /// Additional headers; the values must not hold line breaks.
  std::vector<std::pair<std::string_view, std::string>> headers;
  std::string body;
  /// If set, the body comes from here, in chunks.
  std::shared_ptr<chunk_source> chunks;
  log_note note;
};

/// The form of every error: `{"error": …, "message": …, "code": …}`, with the documented title of
/// the cause's status (docs/contract.md), and `field` if one is at fault.
response error_response(cause why, std::string_view message, std::string_view field = {});

/// The same for a refusal by HTTP itself with this status.
response error_response(int status, std::string_view message);

/// The members of an error, with a title of its own.
void write_error(json_writer& out, std::string_view title, cause why, std::string_view message,
                 std::string_view field = {});

/// The error with the id of its request as the last member, which helps our support.
response with_request_id(response error, std::string_view id);

/// A 503 for a request of which nothing was done, and which may be repeated soon.
response unavailable(std::string_view message, cause why = cause::unavailable);

/// What a caller can do about a request whose answer was lost.
struct recourse {
  enum class step : uint8_t {
    /// Repeat it: that has no other effect.
    repeat,
    /// Repeat it under its idempotency key.
    repeat_with_key,
    /// Look first whether it was done, because a repeat may be done as well.
    look,
  };

  step first = step::look;
  /// Where to look: `GET /dealer/webhooks tells`.
  std::string_view told_by = {};
};

/// A 503 for a request that may have been done. It says how to find out, and has `Retry-After` only
/// if a repeat is safe. `why` is the beginning of a sentence.
response unknown_outcome(std::string_view why, recourse way);

/// The documented title of a status: `Invalid request` for 400.
std::string_view error_title(int status);

/// `OK`, `Not Found`: the words of the status line.
std::string_view reason_phrase(int status);

} // namespace meisim::http
