#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/intent.hpp"

namespace meisim {

// What providers were asked for. All of these functions throw soci::soci_error if the database
// fails.

/// Durable before it returns.
intent note_intent(database& db, const begin_intent& wish);

claimed_order note_claim(database& db, const claim_order& wish);

/// Does nothing to an order that the provider has a name for.
void forget_intent(database& db, const end_intent& end);

/// Forgets up to some thousand intents that are of no use any more.
void forget_old_intents(database& db);

} // namespace meisim
