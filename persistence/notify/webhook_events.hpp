#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <span>

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

/// Tells dealers of what these postings did to their wallets; part of the commit.
void tell_of_wallets(pipeline& into,
                     std::span<const std::shared_ptr<const decided_posting>> postings);

/// Tells of a new or changed batch if it is complete.
void tell_of_batch(pipeline& into, batch_id completed);

} // namespace meisim
