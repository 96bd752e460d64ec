#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace meisim::sandbox {

/// What an SM-DP+ answers.
struct smdp_answer {
  int status = 200;
  std::string body;
  /// Where to, for a redirect.
  std::string location;
  /// The connection is closed instead.
  bool closes = false;
  /// No answer ever comes.
  bool is_silent = false;
};

/// An SM-DP+ as devices see it (SGP.22 §5.6), without its cryptography: its answers are
/// well-formed, and enough for a card that checks no signature. An error of the card, and what is
/// no DER, is answered by HTTP status 500, as real servers do. What it holds follows from the
/// matching id: `AVAILABLE-…` is an order that can be downloaded, until somebody binds its profile
/// or cancels the session; `USED-…`, `INVALID-…`, `UNKNOWN-…` and `ERROR-…` answer as their names
/// say; `STATUS-8-2-6--3-8-…` refuses with this subject and reason, and `HTTP-503-…` with this HTTP
/// status; `NOTJSON-…`, `REDIRECT-…`, `HUGE-…`, `BLANK-…` (no metadata), `DROP-…` and `HANG-…` are
/// broken in their ways. Any other was never issued. A host whose name begins with
/// `status-8-8-2--3-1.` refuses so when a session begins, and one whose name begins with
/// `malformed.` then answers what is no DER. Safe for many threads.
class smdp_sandbox {
public:
  /// The answer to a POST.
  smdp_answer answer(std::string_view path, std::string_view body);

  /// How often each function was called, and what became of the orders: JSON.
  std::string show() const;

private:
  struct order {
    /// `released`, `downloaded` or `cancelled`
    std::string_view state = "released";
    int64_t attempts = 0;
  };

  smdp_answer initiate(std::string_view body);
  smdp_answer authenticate(std::string_view body);
  /// Calls that use an order up.
  smdp_answer end_order(std::string_view body, std::string_view state);
  smdp_answer answer_for(const std::string& matching_id, const std::string& transaction);

  mutable std::mutex mutex_;
  std::map<std::string, int64_t, std::less<>> calls_;
  std::map<std::string, order, std::less<>> orders_;
  /// Matching ids by transaction id.
  std::map<std::string, std::string, std::less<>> sessions_;
  uint64_t last_session_ = 0;
};

/// The matching id within an `authenticateServerResponse` (SGP.22 §5.6.3), whose DER it is; empty
/// without one.
std::string matching_id_in(std::string_view response);

} // namespace meisim::sandbox
