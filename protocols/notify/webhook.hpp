#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/page.hpp"

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
constexpr std::array<std::string_view, 10> webhook_events{
  "order.completed", "order.failed",       "order.refused_for_funds", "esim.installed",
  "esim.data_low",   "esim.expiring",      "wallet.credited",         "wallet.low_balance",
  "batch.completed", "replacement.decided"};

/// The event of the message by which a dealer tests a webhook. No webhook listens to it.
constexpr std::string_view webhook_test_event = "webhook.test";

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
  /// The dealer is told when the balance falls below one of these; the highest comes first.
  std::vector<money> low_balances;
  instant created_at;
  /// Why nothing is sent any more; empty for an enabled webhook.
  std::string disabled_reason;
  instant disabled_at{};
  instant last_success_at{};
  /// What was wrong with the last message, if it did not arrive.
  std::string last_error;
  /// Until when messages are signed by the secret before this one as well.
  instant former_secret_until{};
  /// Shown once, when it is made.
  std::string secret;
};

/// Make a webhook; `invalid` for an address that must not be called, `conflict` for one too many.
struct add_webhook {
  dealer_id dealer;
  std::string url;
  std::vector<std::string> events;
  std::vector<money> low_balances;
  audit_stamp by = {};
};

/// Change the fields that are given; `not_found` for anybody else's webhook.
struct change_webhook {
  dealer_id dealer;
  webhook_id id;
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> events;
  std::optional<std::vector<money>> low_balances;
  std::optional<bool> is_disabled;
  audit_stamp by = {};
};

/// Messages that are still to be sent are removed with it. `not_found` for anybody else's webhook.
struct remove_webhook {
  dealer_id dealer;
  webhook_id id;
  audit_stamp by = {};
};

struct list_webhooks {
  dealer_id dealer;
};

struct webhook_list {
  std::vector<webhook_view> webhooks;
};

/// Most thresholds of a webhook.
constexpr size_t most_low_balances = 10;

/// Make a new secret. For a day messages are also signed by the secret before, so that the receiver
/// can be changed without losing a message. `not_found` for anybody else's webhook.
struct rotate_secret {
  dealer_id dealer;
  webhook_id id;
  audit_stamp by = {};
};

/// Queue a test message for this webhook; answers with the delivery. `not_found` for anybody else's
/// webhook, `conflict` for one that is disabled.
struct test_webhook {
  dealer_id dealer;
  webhook_id id;
};

/// A page of what was sent to a webhook, or is to be sent; `not_found` for anybody else's.
struct browse_deliveries {
  dealer_id dealer;
  webhook_id id;
  page_wish page;
};

/// Send a message once more, under the same id; answers with the delivery. `not_found` for anybody
/// else's, `conflict` if the webhook is disabled.
struct replay_delivery {
  dealer_id dealer;
  webhook_id id;
  message_id delivery;
};

/// Forget what was sent before the days that deliveries are kept.
struct forget_deliveries {};

/// The dealer's wallet did not cover an order, which has therefore not been placed.
struct note_refused_order {
  dealer_id dealer;
  std::string product;
  int32_t quantity = 1;
  std::string customer_reference;
  money balance;
  money required;
};

/// A message as it is sent.
struct webhook_message {
  message_id id;
  webhook_id webhook;
  std::string url;
  std::string secret;
  /// The secret before, while it holds; otherwise empty.
  std::string former_secret;
  std::string body;
  /// How long it has been waiting, by the database's clock.
  std::chrono::seconds age{0};
  /// Tries so far.
  int32_t attempts = 0;
  /// The `traceparent` of the request that placed the order it tells of; empty for none.
  std::string trace_parent = {};
};

struct load_webhook_message {
  message_id id;
};

/// The outcome of a try to send a message.
struct webhook_attempt {
  enum class outcome : uint8_t {
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
  /// What the receiver answered, and how long that took. Zero and empty without an answer.
  int32_t status = 0;
  std::string answer = {};
  std::chrono::milliseconds took{0};
};

/// How much of an answer is kept, in bytes.
constexpr size_t most_answer_kept = 1'000;

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
/// as whole lines, for a message that is sent now. While two secrets count there are two
/// signatures, with a blank between them.
std::vector<std::string> webhook_headers(const webhook_message& message, instant sent_at);

} // namespace meisim
