#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/verification/batch_results.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace meisim {

// What is read of batches, and who is told of their end.

/// The dealer's batch; nothing for anybody else's. The check of a replacement is nobody's.
std::optional<batch_view> find_batch_of(database& db, const find_batch& question);

batch_page batches_of(database& db, const list_batches& question);

/// A page of a batch's results, as CSV.
csv_page results_of(database& db, const load_results& question);

/// A batch of any dealer, with all of its results.
std::optional<batch_report> batch_report_of(database& db, const load_batch_report& question);

/// What is known of a row; nothing if there is no such row.
std::optional<verdict_record> verdict_of(database& db, const find_verdict& question);

/// Verdicts by day, host and device, newest day first.
verdict_report report_of(database& db, const report_verdicts& question);

/// Queues the mails about completed batches that have an address to be mailed at.
void add_results_mails(pipeline& into,
                       const std::vector<std::pair<batch_id, std::string>>& completed);

} // namespace meisim
