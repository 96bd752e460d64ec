#include "actors/money/payment_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/money/payments.hpp"

namespace meisim {

payment_store_actor::behavior_type payment_store(
  payment_store_actor::stateful_pointer<payment_store_state> self, std::string connection) {
  self->state.db = std::make_unique<database>(std::move(connection), "payments");
  auto& db = *self->state.db;
  return {
    [&db](const begin_payment& wish) -> caf::result<begun_payment> {
      caf::error refusal;
      auto begun = guarded(db, "beginning a payment", [&] {
        auto started = start_payment(db, wish);
        if (!started)
          refusal = started.error();
        return started ? *started : begun_payment{};
      });
      if (!begun)
        return std::move(begun.error());
      if (refusal)
        return refusal;
      return std::move(*begun);
    },
    [&db](const finish_payment& result) {
      return done_with(db, "keeping a payment", [&] { keep_payment(db, result); });
    },
    [&db](const find_payment& question) -> caf::result<stripe_payment> {
      return found_with(db, "finding a payment", "no such payment",
                        [&] { return payment_of(db, question); });
    },
    [&db](const note_movement& note) -> caf::result<done> {
      auto kept = guarded(db, "keeping a movement", [&] { return keep_movement(db, note); });
      if (!kept)
        return std::move(kept.error());
      if (!*kept)
        return make_error(ec::moved);
      return done{};
    },
    [&db](const recall_payment& wish) -> caf::result<done> {
      auto known = guarded(db, "recalling a payment", [&] { return recall(db, wish); });
      if (!known)
        return std::move(known.error());
      if (!*known)
        return make_error(ec::conflict, "its dealer is not in the database");
      return done{};
    },
    [&db](const note_unmatched& what) -> caf::result<noted_event> {
      return answer_with(db, "noting an event", [&] { return keep_unmatched(db, what); });
    },
    [&db](const settle_unmatched& what) -> caf::result<done> {
      return found_with(db, "settling an event", "there is no such event that waits",
                        [&] { return settle(db, what) ? std::optional{done{}} : std::nullopt; });
    },
    [&db](const list_unmatched&) -> caf::result<unmatched_list> {
      return answer_with(db, "listing events", [&] { return unmatched_events(db); });
    },
    [&db](const list_payments& question) -> caf::result<payment_list> {
      return answer_with(db, "listing payments", [&] { return payments_of(db, question); });
    },
    [&db](const show_payment& question) -> caf::result<payment_view> {
      return found_with(db, "showing a payment", "there is no such payment",
                        [&] { return payment_with(db, question.id); });
    },
    [&db](const list_movements& question) -> caf::result<movement_list> {
      return answer_with(db, "listing movements", [&] { return kept_movements(db, question); });
    },
  };
}

} // namespace meisim
