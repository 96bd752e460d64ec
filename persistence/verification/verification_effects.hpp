#pragma once

#include "persistence/base/session.hpp"
#include "persistence/money/pipeline.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <span>

namespace meisim {

// What batches do within a commit (see effects.hpp).

/// Adds the batches with their rows, and the verdicts of those that are no activation code.
void add_batches(pipeline& into, std::span<const std::shared_ptr<const decided_posting>> postings);

/// Adds the rows that are given back; one that was given back before fails the commit.
void add_row_refunds(pipeline& into,
                     std::span<const std::shared_ptr<const decided_posting>> postings);

/// Counts the rows that are given back.
void write_row_refunds(database& db,
                       std::span<const std::shared_ptr<const decided_posting>> postings);

} // namespace meisim
