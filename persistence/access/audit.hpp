#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/access/audit.hpp"

namespace meisim {

/// Writes an event down as part of what the pipeline does.
void add_audit_event(pipeline& into, const audit_event& event);

/// Writes an event down as part of the caller's transaction.
void write_audit_event(database& db, const audit_event& event);

/// Newest first.
audit_list audit_events_of(database& db, const list_audit& question);

} // namespace meisim
