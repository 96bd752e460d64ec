#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/jobs.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Queues a job about `subject`.
void add_job(pipeline& into, std::string_view kind, uuid subject, std::string_view lane = {});

/// Takes jobs that are due. They belong to the taker until the lease runs out. The taking of an
/// order is on disk before a provider can be asked for it. Otherwise a promoted server that does
/// not know of it would give the order away again under the same attempt, and nothing would tell
/// the two workers apart.
std::vector<job> take_due_jobs(database& db, const lease_jobs& wish);

/// Makes a job due again after the delay. An empty error leaves the last one as it is.
void postpone_due_job(database& db, const postpone_job& wish);

/// Renews the lease of a job.
void keep_leased_job(database& db, const keep_job& wish);

job_counts counts_of_jobs(database& db, const count_jobs& question);

/// Removes a job that is done; part of the caller's transaction.
void end_job(database& db, const std::string& kind, uuid subject);

/// From now on no node takes any job, until an operator releases them.
void hold_all_jobs(database& db, const std::string& reason);

} // namespace meisim
