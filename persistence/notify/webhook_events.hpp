#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <span>

namespace meisim {

// Tells dealers of what happened, in the transaction in which it happened.

/// Tells dealers of what these postings did to their wallets; part of the commit.
void tell_of_wallets(pipeline& into,
                     std::span<const std::shared_ptr<const decided_posting>> postings);

/// Tells of a new or changed batch if it is complete.
void tell_of_batch(pipeline& into, batch_id completed);

} // namespace meisim
