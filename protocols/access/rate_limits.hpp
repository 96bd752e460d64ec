#pragma once

#include <caf/meta/type_name.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace meisim {

/// The groups of endpoints that share a rate limit.
enum class limit_class : uint8_t {
  none,
  /// Reading the account, orders, the catalogue and eSIMs, and managing keys and webhooks, per
  /// dealer.
  read,
  /// Orders, mails sent again, replacements, top-ups of SIMs and dealers' batches, per dealer.
  order,
  /// Revocations, per dealer.
  revoke,
  /// Stripe checkout sessions, per dealer.
  topup,
  /// Stripe payment intents, per dealer.
  topup_intent,
  /// One-time codes sent, per IP address.
  otp_send,
  /// One-time codes tried, per IP address.
  otp_verify,
  /// Password logins, per IP address.
  login,
  /// API keys that are not ours, per IP address.
  unknown_key,
  /// Changes of passwords and second factors, per dealer; operators' own, per IP address.
  password,
  /// News that providers send by themselves, per IP address.
  provider_news,
};

constexpr size_t limit_class_count = static_cast<size_t>(limit_class::provider_news) + 1;

/// At most `count` requests in any stretch of `window`. Zero means no limit.
struct limit_rule {
  uint32_t count = 0;
  std::chrono::seconds window{0};
};

/// The rate limits, as documented. The configuration may scale them.
constexpr limit_rule documented_limit(limit_class group) {
  using namespace std::chrono_literals;
  switch (group) {
  case limit_class::none:
    return {};
  case limit_class::read:
    return {60, 60s};
  case limit_class::order:
    return {30, 60s};
  case limit_class::revoke:
    return {10, 60s};
  case limit_class::topup:
    return {5, 60s};
  case limit_class::topup_intent:
    return {10, 60s};
  case limit_class::otp_send:
    return {5, 15min};
  case limit_class::otp_verify:
    return {10, 15min};
  case limit_class::login:
    return {8, 15min};
  case limit_class::unknown_key:
    return {30, 60s};
  case limit_class::password:
    return {10, 15min};
  case limit_class::provider_news:
    return {600, 60s};
  }
  return {};
}

/// Where a caller stands in its window, as the `RateLimit-*` headers say it. A limit of zero means
/// none.
struct rate_state {
  uint32_t limit = 0;
  uint32_t remaining = 0;
  /// For a refused request, the seconds until the next one may pass. For an admitted one, the
  /// seconds until no request counts any more.
  uint32_t reset_seconds = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rate_state& x) {
  return f(caf::meta::type_name("rate_state"), x.limit, x.remaining, x.reset_seconds);
}

/// What the rate windows of a dealer or an IP address remember, as one owner hands it to the next.
/// For each group it says how many milliseconds ago the requests came that still count.
struct rate_memory {
  struct window {
    limit_class group = limit_class::none;
    std::vector<uint32_t> ages;

    template <class Inspector>
    friend typename Inspector::result_type inspect(Inspector& f, window& x) {
      return f(x.group, x.ages);
    }
  };

  std::vector<window> windows;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rate_memory& x) {
  return f(caf::meta::type_name("rate_memory"), x.windows);
}

} // namespace meisim
