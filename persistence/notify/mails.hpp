#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/notify/mail_queue.hpp"

#include <optional>

namespace meisim {

/// Queues a mail and its job. A mail without a language is in English. If it repeats the mail of an
/// order, `again_for` is that order.
void queue_mail(pipeline& into, const queued_mail& mail, order_id again_for = {});

/// Nothing if there is no such mail.
std::optional<queued_mail> find_mail(database& db, mail_id id);

/// Ends a mail, with its job. Its contents are forgotten, because they may hold a code.
void mark_mail_finished(database& db, const finish_mail& end);

} // namespace meisim
