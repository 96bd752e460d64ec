#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// A call to an HTTP service of somebody else.
struct web_request {
  /// The caller chooses it, and finds it in the answer.
  uint64_t call_id = 0;
  std::string method = "GET";
  std::string url;
  /// Whole header lines.
  std::vector<std::string> headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{3'000};
  /// From the start of the call to the last byte of its answer.
  std::chrono::milliseconds timeout{10'000};
  /// Whether only addresses of the public Internet may be connected to, whatever the name stands
  /// for at that moment; then no proxy is used.
  bool is_public_only = false;
  /// How much of the answer's body is kept. A longer one ends the call, unless it may be cut off.
  size_t most_body = size_t{8} * 1024 * 1024;
  bool may_be_cut = false;
};

/// Why a call got no answer.
enum class web_failure : uint8_t {
  /// An answer came.
  none,
  /// No connection: the other side has seen nothing of the call.
  not_sent,
  /// No whole answer in time, or the connection broke: the other side may have done what it was
  /// asked.
  no_answer,
};

/// The end of a call; each call ends exactly once.
struct web_answer {
  uint64_t call_id = 0;
  web_failure failure = web_failure::none;
  /// The HTTP status; zero without an answer.
  int32_t status = 0;
  std::string body;
  /// What went wrong, for the log.
  std::string error;
  /// For how many seconds the other side wants to be left alone; zero if it does not say.
  int32_t retry_after_seconds = 0;
  /// From the start of the call to its end.
  std::chrono::microseconds took{0};
};

} // namespace meisim
