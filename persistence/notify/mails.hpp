#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/notify/mail_queue.hpp"

#include <optional>

namespace meisim {

/// Queues a mail and its job. One without a language is in English. `again_for` is the order whose
/// mail it is once more, if it is one.
void queue_mail(pipeline& into, const queued_mail& mail, order_id again_for = {});

/// Nothing if there is no such mail.
std::optional<queued_mail> find_mail(database& db, mail_id id);

/// Ends a mail, with its job. What it said is forgotten, as it may hold a code.
void mark_mail_finished(database& db, const finish_mail& end);

} // namespace meisim
