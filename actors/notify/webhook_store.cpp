#include "actors/notify/webhook_store.hpp"

#include "actors/base/answer_with.hpp"
#include "actors/notify/webhook_url.hpp"
#include "persistence/notify/webhooks.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

/// Runs `work` if the webhook is the dealer's and enabled.
template <class Work>
caf::result<json_document> with_own_webhook(database& db, dealer_id dealer, webhook_id id,
                                            Work work) {
  auto enabled = guarded(db, "finding a webhook", [&] { return is_enabled(db, dealer, id); });
  if (!enabled)
    return std::move(enabled.error());
  if (!*enabled)
    return make_error(ec::not_found, "no such webhook");
  if (!**enabled)
    return make_error(ec::conflict, "the webhook is disabled");
  return work();
}

} // namespace

webhook_store_actor::behavior_type webhook_store(
  webhook_store_actor::stateful_pointer<webhook_store_state> self, std::string connection,
  bool any_address) {
  self->state.db = std::make_unique<database>(std::move(connection), "webhooks");
  auto& db = *self->state.db;
  return {
    [&db, any_address](const add_webhook& wish) -> caf::result<webhook_view> {
      if (auto failure = check_webhook_url(wish.url, any_address))
        return failure;
      auto made = guarded(db, "making a webhook", [&] { return insert_webhook(db, wish); });
      if (!made)
        return std::move(made.error());
      if (!*made)
        return make_error(ec::conflict,
                          fmt::format("there are {} webhooks already", most_webhooks));
      return std::move(**made);
    },
    [&db](const list_webhooks& question) -> caf::result<webhook_list> {
      return answer_with(db, "listing webhooks",
                         [&] { return webhook_list{webhooks_of(db, question.dealer)}; });
    },
    [&db, any_address](const change_webhook& wish) -> caf::result<webhook_view> {
      if (wish.url)
        if (auto failure = check_webhook_url(*wish.url, any_address))
          return failure;
      return found_with(db, "changing a webhook", "no such webhook",
                        [&] { return update_webhook(db, wish); });
    },
    [&db](const remove_webhook& wish) -> caf::result<done> {
      auto removed = guarded(db, "removing a webhook", [&] { return delete_webhook(db, wish); });
      if (!removed)
        return std::move(removed.error());
      if (!*removed)
        return make_error(ec::not_found, "no such webhook");
      return done{};
    },
    [&db](const rotate_secret& wish) -> caf::result<webhook_view> {
      return found_with(db, "renewing a webhook's secret", "no such webhook",
                        [&] { return renew_secret(db, wish); });
    },
    [&db](const test_webhook& wish) -> caf::result<json_document> {
      return with_own_webhook(db, wish.dealer, wish.id, [&]() -> caf::result<json_document> {
        return found_with(db, "testing a webhook", "no such delivery",
                          [&] { return delivery_document(db, queue_test(db, wish.id)); });
      });
    },
    [&db](const browse_deliveries& question) -> caf::result<json_page> {
      auto found = guarded(db, "finding a webhook",
                           [&] { return is_enabled(db, question.dealer, question.id); });
      if (!found)
        return std::move(found.error());
      if (!*found)
        return make_error(ec::not_found, "no such webhook");
      return answer_with(db, "listing deliveries", [&] { return browse(db, question); });
    },
    [&db](const replay_delivery& wish) -> caf::result<json_document> {
      return with_own_webhook(db, wish.dealer, wish.id, [&]() -> caf::result<json_document> {
        return found_with(db, "sending a message once more", "no such delivery", [&] {
          return queue_again(db, wish) ? delivery_document(db, wish.delivery) : std::nullopt;
        });
      });
    },
    [&db](const forget_deliveries&) {
      return done_with(db, "forgetting deliveries", [&] { drop_old_deliveries(db); });
    },
    [&db](const note_refused_order& what) {
      return done_with(db, "telling of a refused order", [&] { tell_of_refused_order(db, what); });
    },
    [&db](const load_webhook_message& question) -> caf::result<webhook_message> {
      return found_with(db, "loading a webhook's message", "no such message",
                        [&] { return message_to_send(db, question.id); });
    },
    [&db](const webhook_attempt& attempt) {
      return done_with(db, "noting a webhook's attempt", [&] { note_attempt(db, attempt); });
    },
  };
}

} // namespace meisim
