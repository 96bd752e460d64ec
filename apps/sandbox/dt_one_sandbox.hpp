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

/// A provider that speaks as DT One's documents say, under `/dt-one-api`: a transaction is made
/// once for each `external_id`, and ends behind its answer. Operators whose names end in
/// `sandbox-reject`, `-flaky`, `-timeout`, `-slow` (at work for half a minute), `-decline` and
/// `-unpaid` fail in their ways; `GET …/test/orders` tells how many were completed. Whoever is to
/// be called back is called twice. Safe for many threads.
class dt_one_sandbox {
public:
  using time_point = provider_sandbox::time_point;

  explicit dt_one_sandbox(std::chrono::milliseconds order_delay) : order_delay_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request, time_point now);

private:
  struct transaction {
    std::string number;
    std::string external_id;
    /// The status that it ends in: its class, and its words.
    int ends_as = 7;
    std::string words;
    time_point ends_at;
  };

  sandbox_answer place(const std::string& body, time_point now);
  sandbox_answer find(const std::string& external_id, time_point now) const;
  sandbox_callback call_of(const transaction& one, const std::string& url, time_point now) const;
  static Json::Value shown(const transaction& one, time_point now);

  const std::chrono::milliseconds order_delay_;
  mutable std::mutex mutex_;
  std::deque<transaction> transactions_;
  std::map<std::string, int, std::less<>> turned_away_;
};

} // namespace meisim::sandbox
