#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

/// Whether a provider is called: yes; only by a probe; no.
enum class provider_circuit : uint8_t { closed, half_open, open };

constexpr std::string_view to_string(provider_circuit circuit) {
  switch (circuit) {
  case provider_circuit::closed:
    return "closed";
  case provider_circuit::half_open:
    return "half-open";
  case provider_circuit::open:
    return "open";
  }
  return "open";
}

/// How this node's latest calls of a provider ended, and how long they took.
struct call_figures {
  /// Answered with what was asked for; refused; failed with an error of its own or without an
  /// answer.
  int64_t answered = 0;
  int64_t refused = 0;
  int64_t failed = 0;
  /// Half of the calls, and 95 in a hundred, took no longer than these; nothing while there are no
  /// calls.
  std::optional<std::chrono::milliseconds> median = {};
  std::optional<std::chrono::milliseconds> p95 = {};

  bool operator==(const call_figures&) const = default;
};

/// How a provider is, as this node sees it.
struct provider_status {
  std::string prefix;
  /// The name of its format.
  std::string format = {};
  provider_circuit circuit = provider_circuit::closed;
  /// It refuses our credential or credit: orders are held.
  bool is_account_refused = false;
  /// When it is tried again, while it is not called or takes no orders.
  instant retry_at = {};
  /// What is left on our account; nothing until the provider has told it.
  std::optional<money> balance = {};
  instant balance_at = {};
  /// The log has an error below it.
  money low_balance = {};
  /// When its catalogue came; the epoch while there is none.
  instant catalogue_at = {};
  call_figures calls = {};
};

/// How all providers are, for code that decides by it or shows it. Safe for many threads.
class provider_board {
public:
  /// In the order of the configuration.
  explicit provider_board(std::vector<provider_status> providers)
    : providers_(std::move(providers)) {
    // nop
  }

  void put(size_t place, provider_status latest) {
    std::lock_guard guard{lock_};
    providers_.at(place) = std::move(latest);
  }

  std::vector<provider_status> all() const {
    std::lock_guard guard{lock_};
    return providers_;
  }

private:
  mutable std::mutex lock_;
  std::vector<provider_status> providers_;
};

} // namespace meisim
