#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/orders/jobs.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace meisim {

/// Queues a job about `subject`.
void add_job(pipeline& into, std::string_view kind, uuid subject);

/// Queues a mail, with its job.
void add_mail(pipeline& into, const queued_mail& mail);

/// Takes jobs that are due; whoever takes them has them until the lease runs out.
std::vector<job> take_due_jobs(database& db, const lease_jobs& wish);

/// Makes a job due again after the delay; an empty error leaves the last one.
void postpone_due_job(database& db, const postpone_job& wish);

/// The order with its delivered units; nothing if there is none.
std::optional<order_to_fulfil> find_order(database& db, order_id id);

/// Notes a delivered unit; harmless when repeated.
void insert_delivery(database& db, const delivered_esim& unit);

/// Notes that a unit was mailed.
void mark_mailed(database& db, const esim_mailed& unit);

/// Ends an order well, with its job.
void mark_completed(database& db, order_id id);

/// Puts a mail and its job into the queue; part of the caller's transaction.
void queue_mail(database& db, const queued_mail& mail);

std::optional<queued_mail> find_mail(database& db, mail_id id);

/// Ends a mail, with its job. What it said is forgotten, as it may hold a code.
void mark_mail_finished(database& db, const finish_mail& end);

} // namespace meisim
