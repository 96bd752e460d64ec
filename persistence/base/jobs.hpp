#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <optional>
#include <vector>

namespace meisim {

/// Queues jobs; for a pipeline.
constexpr auto insert_jobs = "INSERT INTO jobs (kind, subject) SELECT * FROM unnest($1::job_row[])";

/// Mails for which jobs are queued; for a pipeline.
constexpr auto insert_mails = "INSERT INTO mails (id, recipient, kind, language, content)"
                              " SELECT * FROM unnest($1::mail_row[])";

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
