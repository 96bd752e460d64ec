#pragma once

#include "persistence/session.hpp"
#include "protocols/commit.hpp"
#include "protocols/id.hpp"
#include "protocols/replacement.hpp"

#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

namespace meisim {

// What dealers are told of, written in the transaction of what happened.

/// An expression of SQL that tells of the end of order `e`, a row of `orders`.
constexpr auto tell_of_order =
  "tell_dealer(e.dealer_id, 'order.' || e.status, e.completed_at, json_build_object("
  "'id', e.id, 'order_type', e.type, 'bundle_name', e.product,"
  " 'customer_reference', e.customer_reference, 'email_address', e.customer_email,"
  " 'iccid', e.iccid, 'amount', dollars(e.unit_price_cents * e.quantity), 'status', e.status,"
  " 'failure', e.failure,"
  " 'created_at', rfc3339(e.created_at)))";

/// Tells the dealers among `listeners` of what these postings did to their wallets; part of the
/// caller's transaction.
void tell_of_wallets(database& db, std::span<const std::shared_ptr<const decided_posting>> postings,
                     const std::unordered_set<dealer_id>& listeners);

/// Tells of those among these new or changed batches that are complete; part of the caller's
/// transaction.
void tell_of_batches(database& db, const std::vector<batch_id>& completed);

/// Tells of what was decided about eSIMs that are said to be broken; part of the caller's
/// transaction.
void tell_of_replacements(database& db, const std::vector<check_id>& decided);

} // namespace meisim
