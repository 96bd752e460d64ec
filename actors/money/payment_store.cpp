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
  };
}

} // namespace meisim
