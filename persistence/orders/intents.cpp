#include "persistence/orders/intents.hpp"

#include "persistence/orders/intents.sql.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

/// Writes the intent of an order. It writes nothing while other orders of the product are open.
void write_intent(soci::session& session, const begin_intent& wish, intent& result) {
  if (wish.is_alone) {
    long long held = 0;
    session << sql::lock_product, soci::use(wish.provider, "provider"),
      soci::use(wish.product, "product"), soci::into(held);
  }
  int alone = wish.is_alone ? 1 : 0;
  long long again = micros(wish.again_after);
  long long begun = 0;
  long long others = 0;
  session << sql::begin_intent, soci::use(alone, "alone"), soci::use(wish.provider, "provider"),
    soci::use(wish.product, "product"), soci::use(wish.reference, "reference"),
    soci::use(again, "again"), soci::into(begun), soci::into(others);
  result.may_ask = begun > 0;
  result.is_held = others > 0;
}

} // namespace

intent note_intent(database& db, const begin_intent& wish) {
  transaction tx{db};
  auto& session = db.session();
  intent result;
  write_intent(session, wish, result);
  long long asked = 0;
  long long age = 0;
  session << sql::find_intent, soci::use(wish.provider, "provider"),
    soci::use(wish.reference, "reference"), soci::into(asked), soci::into(age),
    soci::into(result.provider_order);
  if (session.got_data()) {
    result.asked_at = from_micros(asked);
    result.age = std::chrono::milliseconds{age};
    // An order that was asked for before is looked up, even if others are open.
    result.is_held = result.is_held && micros(wish.again_after) != 0;
  }
  tx.commit();
  return result;
}

claimed_order note_claim(database& db, const claim_order& wish) {
  std::string candidates;
  json_writer{candidates}.array(wish.candidates);
  long long free = 0;
  claimed_order result;
  db.session() << sql::claim_provider_order, soci::use(candidates, "candidates"),
    soci::use(wish.provider, "provider"), soci::use(wish.reference, "reference"), soci::into(free),
    soci::into(result.provider_order);
  result.free = static_cast<int32_t>(free);
  return result;
}

void forget_intent(database& db, const end_intent& end) {
  db.session() << sql::end_intent, soci::use(end.provider, "provider"),
    soci::use(end.reference, "reference");
}

void forget_old_intents(database& db) {
  db.session() << sql::forget_old_intents;
}

} // namespace meisim
