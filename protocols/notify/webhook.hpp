#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// The events that a webhook can listen to.
constexpr std::array<std::string_view, 6> webhook_events{"order.completed", "order.failed",
                                                         "wallet.credited", "wallet.low_balance",
                                                         "batch.completed", "replacement.decided"};

inline bool is_webhook_event(std::string_view name) {
  return std::ranges::find(webhook_events, name) != webhook_events.end();
}

/// How many webhooks a dealer can have.
constexpr int32_t most_webhooks = 10;

/// A webhook as its dealer sees it.
struct webhook_view {
  webhook_id id;
  std::string url;
  std::vector<std::string> events;
  /// The dealer is told when the balance falls below it.
  money low_balance;
  instant created_at;
  /// Why nothing is sent any more; empty for an enabled webhook.
  std::string disabled_reason;
  instant disabled_at{};
  instant last_success_at{};
  /// What was wrong with the last message, if it did not arrive.
  std::string last_error;
  /// Shown once, when the webhook is made.
  std::string secret;
};

/// Make a webhook; `invalid` for an address that must not be called, `conflict` for one too many.
struct add_webhook {
  dealer_id dealer;
  std::string url;
  std::vector<std::string> events;
  money low_balance;
};

/// Change what is given; `not_found` for anybody else's webhook.
struct change_webhook {
  dealer_id dealer;
  webhook_id id;
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> events;
  std::optional<money> low_balance;
  std::optional<bool> is_disabled;
};

/// Messages that are still to be sent are removed with it. `not_found` for anybody else's webhook.
struct remove_webhook {
  dealer_id dealer;
  webhook_id id;
};

struct list_webhooks {
  dealer_id dealer;
};

struct webhook_list {
  std::vector<webhook_view> webhooks;
};

/// A message as it is sent.
struct webhook_message {
  message_id id;
  webhook_id webhook;
  std::string url;
  std::string secret;
  std::string body;
  /// How long it has been waiting, by the database's clock.
  std::chrono::seconds age{0};
  /// Tries so far.
  int32_t attempts = 0;
};

struct load_webhook_message {
  message_id id;
};

/// What came of a try to send a message.
struct webhook_attempt {
  enum class outcome : uint8_t {
    /// It arrived; it is forgotten.
    arrived,
    /// It is tried again after `pause`.
    postponed,
    /// It is kept as failed. If the webhook has taken nothing since the message was made, the
    /// webhook is disabled.
    given_up,
    /// The receiver wants no more: the webhook is disabled.
    gone,
  };

  message_id id;
  webhook_id webhook;
  outcome result = outcome::arrived;
  std::chrono::seconds pause{0};
  std::string error;
};

/// For how long a message is tried.
constexpr std::chrono::hours webhook_patience{24};

/// The pause after so many failed tries.
std::chrono::seconds webhook_pause(int32_t attempts);

/// A new signing secret: `whsec_` and the base64 of 192 random bits.
std::string make_webhook_secret();

/// The signature of Standard Webhooks 1.0: `v1,` and the base64 of an HMAC-SHA256.
std::string webhook_signature(std::string_view id, int64_t seconds, std::string_view body,
                              std::string_view secret);

/// The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks 1.0,
/// as whole lines, for a message that is sent now.
std::vector<std::string> webhook_headers(const webhook_message& message, instant sent_at);

} // namespace meisim
