#pragma once

#include "persistence/base/session.hpp"
#include "protocols/operators/topics.hpp"

namespace meisim {

/// The marks of the topics that come from the database, in their order. It reads some hundred rows
/// by their indexes, however many rows there are.
topic_marks load_topic_marks(database& db);

} // namespace meisim
