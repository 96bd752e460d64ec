#pragma once

#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/base/instant.hpp"

#include <json/value.h>

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace meisim::sandbox {

/// A provider that speaks as Airalo's documents say, under `/airalo-api`: each order buys, whatever
/// its description is, and calls bear a token. Packages whose names end in `sandbox-reject`,
/// `-flaky`, `-timeout` and `-unpaid` fail in their ways. `GET …/test/orders` tells how many were
/// sold, and `POST …/test/expire-tokens` ends all tokens. Safe for many threads.
class airalo_sandbox {
public:
  explicit airalo_sandbox(std::chrono::milliseconds order_delay) : order_delay_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request);

private:
  struct sale {
    std::string id;
    std::string package;
    std::string description;
    /// The eSIM that was topped up; empty for a new one.
    std::string topped_up;
  };

  std::string token() const;
  sandbox_answer answer_with_token(const sandbox_request& request, std::string_view path);
  sandbox_answer place(std::string_view form, bool is_top_up);
  bool has_sold(std::string_view iccid) const;
  sandbox_answer find(const std::string& description) const;
  sandbox_answer show(std::string_view id) const;
  sandbox_answer show_usage(std::string_view iccid) const;

  const std::chrono::milliseconds order_delay_;
  mutable std::mutex mutex_;
  std::deque<sale> sales_;
  std::map<std::string, int, std::less<>> turned_away_;
  int tokens_ = 1;
};

} // namespace meisim::sandbox
