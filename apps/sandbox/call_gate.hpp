#pragma once

#include "apps/sandbox/provider_sandbox.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::sandbox {

/// Stops calls on their way, so that a test can have something happen at a moment that it knows.
/// Safe for many threads.
///
///   POST /test/gate {"at":"request","paths":[…]}  from now on no POST to these arrives
///   POST /test/gate {"at":"answer","paths":[…]}   each arrives, and its answer waits
///   … "unless":"text"                             but for those that have this in their body
///   POST /test/gate {}                            all pass, and what has waited goes out
///   GET  /test/gate                               {"stopped":n} since the last of these
class call_gate {
public:
  static constexpr std::string_view path = "/test/gate";

  sandbox_answer answer(const sandbox_request& request);

  /// Whether the call gets no further.
  bool stops(const sandbox_request& call);

  /// Whether the answer to the call has to wait.
  bool holds_answer_to(const sandbox_request& call) const;

  /// Calls `send` when the gate opens.
  void keep(std::function<void()> send);

private:
  sandbox_answer set(const std::string& body);
  sandbox_answer show() const;
  bool is_shut_for(const sandbox_request& call, std::string_view at) const;

  mutable std::mutex mutex_;
  /// `request` or `answer`; empty while all pass.
  std::string at_;
  std::set<std::string> paths_;
  std::string unless_;
  std::vector<std::function<void()>> waiting_;
  int64_t stopped_ = 0;
};

} // namespace meisim::sandbox
