#pragma once

#include "persistence/base/session.hpp"
#include "protocols/notify/webhook.hpp"

#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Keeps commits of the dealer's wallet away until the caller's transaction ends.
void lock_listeners(database& db, const std::string& dealer);

/// From the caller's transaction on, the wallet tells of what happens if somebody listens, and only
/// then.
void note_listeners(database& db, const std::string& dealer);

// Each function that changes something more is one transaction.

/// Nothing if the dealer has `most_webhooks` already.
std::optional<webhook_view> insert_webhook(database& db, const add_webhook& wish);

/// In the order in which they were made.
std::vector<webhook_view> webhooks_of(database& db, dealer_id dealer);

/// Nothing for anybody else's webhook.
std::optional<webhook_view> update_webhook(database& db, const change_webhook& wish);

/// False for anybody else's webhook.
bool delete_webhook(database& db, const remove_webhook& wish);

/// Nothing if it was sent or removed, or if its webhook is disabled. Its job is done then.
std::optional<webhook_message> message_to_send(database& db, message_id id);

/// Writes down what came of a try, and ends or postpones the message's job.
void note_attempt(database& db, const webhook_attempt& attempt);

/// The webhook with its new secret; nothing for anybody else's.
std::optional<webhook_view> renew_secret(database& db, const rotate_secret& wish);

/// Nothing for anybody else's webhook.
std::optional<bool> is_enabled(database& db, dealer_id dealer, webhook_id id);

json_page browse(database& db, const browse_deliveries& question);

/// Nothing if it is not kept any more.
std::optional<json_document> delivery_document(database& db, message_id delivery);

/// Queues a test message, which tells of nothing.
message_id queue_test(database& db, webhook_id webhook);

/// Queues a message once more; false if the webhook has no message of this id.
bool queue_again(database& db, const replay_delivery& wish);

/// Deletes what was sent more than thirty days ago.
void drop_old_deliveries(database& db);

void tell_of_refused_order(database& db, const note_refused_order& what);

} // namespace meisim
