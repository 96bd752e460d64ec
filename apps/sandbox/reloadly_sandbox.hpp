#pragma once

#include "apps/sandbox/provider_sandbox.hpp"

#include <json/value.h>

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace meisim::sandbox {

/// A provider that speaks as Reloadly's documents say, under `/reloadly-api`: calls bear a token,
/// and a reference is taken once. Operators whose names end in `sandbox-reject`, `-flaky`,
/// `-timeout`, `-slow` (at work for half a minute), `-decline` (it fails after it was accepted) and
/// `-unpaid` fail in their ways. `GET …/test/orders` tells how many top-ups there were, and
/// `POST …/test/expire-tokens` ends all tokens. Safe for many threads.
class reloadly_sandbox {
public:
  using time_point = provider_sandbox::time_point;

  explicit reloadly_sandbox(std::chrono::milliseconds order_delay) : order_delay_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request, time_point now);

private:
  struct top_up {
    std::string number;
    std::string reference;
    std::string status;
    time_point ends_at;
  };

  std::string token() const;
  sandbox_answer give_token(const std::string& body) const;
  sandbox_answer answer_with_token(const sandbox_request& request, std::string_view path,
                                   time_point now);
  sandbox_answer place(const std::string& body, time_point now);
  sandbox_answer show(std::string_view number, time_point now) const;
  sandbox_answer find(const std::string& reference, time_point now) const;
  size_t sold() const;

  const std::chrono::milliseconds order_delay_;
  mutable std::mutex mutex_;
  std::deque<top_up> top_ups_;
  std::map<std::string, int, std::less<>> turned_away_;
  int tokens_ = 1;
};

} // namespace meisim::sandbox
