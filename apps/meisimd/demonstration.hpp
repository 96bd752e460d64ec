#pragma once

#include "apps/meisimd/node_actors.hpp"
#include "persistence/base/session.hpp"

namespace meisim {

/// Throws if the demonstration is, or is to be, where Stripe takes real money, because everybody
/// knows its password.
void refuse_live_demonstration(const node_options& options, database& db);

/// Puts the demonstration into an empty database: a dealer with money to spend, stock and prices.
/// Adds nothing if it is there already. Throws std::runtime_error if it fails.
void seed_demonstration(caf::actor_system& system, const node_actors& actors, database& db);

/// Throws std::runtime_error if a node that is no demonstration would write mails to files, because
/// whoever reads the folder can sign in as any dealer.
void refuse_mail_folder(const node_options& options, database& db);

} // namespace meisim
