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

/// A provider that speaks as eSIM Go's documents say, under `/esim-go-api`: its orders bear no
/// reference, so that each call buys again, and its bundles come in pages. Bundles whose names end
/// in `sandbox-reject`, `-flaky`, `-timeout`, `-unpaid` and `-dearer` fail in their ways;
/// `GET …/test/orders` tells how many were sold. Safe for many threads.
class esim_go_sandbox {
public:
  explicit esim_go_sandbox(std::chrono::milliseconds order_delay) : order_delay_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request);

private:
  struct sale {
    std::string number;
    std::string bundle;
    instant ordered_at;
    /// The eSIM that was topped up; empty for a new one.
    std::string topped_up;
    bool is_revoked = false;
  };

  sandbox_answer place(const std::string& body);
  sandbox_answer sell(const std::string& bundle, const std::string& iccid);
  sandbox_answer list_orders(const std::string& query) const;
  sandbox_answer show_order(std::string_view number) const;
  sandbox_answer show_profiles(const std::string& number) const;
  /// `rest` is an ICCID and what follows it.
  sandbox_answer answer_about(std::string_view rest, bool is_removal);

  const std::chrono::milliseconds order_delay_;
  mutable std::mutex mutex_;
  std::deque<sale> sales_;
  std::map<std::string, int, std::less<>> turned_away_;
};

} // namespace meisim::sandbox
