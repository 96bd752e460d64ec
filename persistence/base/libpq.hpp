#pragma once

#include "persistence/base/session.hpp"

#include <libpq-fe.h>

#include <memory>

namespace meisim {

// What SOCI cannot do: COPY, and statements that travel together.

using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// The driver's connection under the open session.
PGconn* native_connection(database& db);

/// The next answer of what was sent; null once all have been taken.
result_pointer next_result(PGconn* connection);

/// Throws what SOCI throws for a failed statement. `result` is null where the connection failed.
[[noreturn]] void throw_failure(PGconn* connection, const PGresult* result);

} // namespace meisim
