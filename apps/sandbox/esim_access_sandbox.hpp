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

/// A provider that speaks as eSIM Access's documents say, under `/esim-access-api`: it sells once
/// for each `transactionId`, and allocates an eSIM behind its order. Packages whose names end in
/// `sandbox-reject`, `-flaky`, `-timeout`, `-slow` (allocated after half a minute) and `-unpaid`
/// fail in their ways; `GET …/test/orders` tells how many were sold. Safe for many threads.
class esim_access_sandbox {
public:
  using time_point = provider_sandbox::time_point;

  explicit esim_access_sandbox(std::chrono::milliseconds order_delay) : order_delay_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request, time_point now);

private:
  struct sale {
    std::string transaction;
    std::string number;
    std::string package;
    instant ordered_at;
    time_point allocated_at;
    std::string state = "GOT_RESOURCE";
    /// In bytes.
    int64_t volume = int64_t{5} << 30U;
  };

  sandbox_answer place(const Json::Value& wish, time_point now);
  sandbox_answer query(const Json::Value& question, time_point now) const;
  sandbox_answer top_up(const Json::Value& wish);
  sandbox_answer end(const Json::Value& wish, const char* state);
  /// Finds an eSIM by its number here; null if there is none.
  sale* find_esim(const Json::Value& wish);
  bool is_asked_for(const sale& one, const Json::Value& question) const;

  const std::chrono::milliseconds order_delay_;
  mutable std::mutex mutex_;
  std::deque<sale> sales_;
  std::map<std::string, int, std::less<>> turned_away_;
  int top_ups_ = 0;
};

} // namespace meisim::sandbox
