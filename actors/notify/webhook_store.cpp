#include "actors/notify/webhook_store.hpp"

#include "actors/base/answer_with.hpp"
#include "actors/notify/webhook_url.hpp"
#include "persistence/notify/webhooks.hpp"

#include <fmt/core.h>

namespace meisim {

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
