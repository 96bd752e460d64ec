#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/operators/desk.hpp"

namespace meisim {

/// A page of lines, of a month at most.
csv_page report_page_of(database& db, const report_question& question);

} // namespace meisim
