#include "actors/orders/intent_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/orders/intents.hpp"

#include <chrono>
#include <utility>

namespace meisim {

namespace {

constexpr auto between_looks = std::chrono::hours{1};

} // namespace

intent_store_actor::behavior_type intent_store(
  intent_store_actor::stateful_pointer<intent_store_state> self, std::string connection) {
  // A lost intent would mean an order that is bought twice.
  self->state.db = std::make_unique<database>(std::move(connection), "intents");
  auto& db = *self->state.db;
  self->delayed_send(self, between_looks, tick_atom_v);
  return {
    [&db](const begin_intent& wish) -> caf::result<intent> {
      return answer_with(db, "noting an intent", [&] { return note_intent(db, wish); });
    },
    [&db](const claim_order& wish) -> caf::result<claimed_order> {
      return answer_with(db, "noting a provider's order", [&] { return note_claim(db, wish); });
    },
    [&db](const end_intent& end) {
      // If this fails, whoever asks again looks the order up first.
      std::ignore = done_with(db, "ending an intent", [&] { forget_intent(db, end); });
    },
    [self, &db](tick_atom) {
      std::ignore = done_with(db, "forgetting old intents", [&] { forget_old_intents(db); });
      self->delayed_send(self, between_looks, tick_atom_v);
    },
  };
}

} // namespace meisim
