#include "persistence/base/libpq.hpp"

#include <soci/postgresql/soci-postgresql.h>

namespace meisim {

PGconn* native_connection(database& db) {
  return static_cast<soci::postgresql_session_backend*>(db.session().get_backend())->conn_;
}

result_pointer next_result(PGconn* connection) {
  return {PQgetResult(connection), PQclear};
}

void throw_failure(PGconn* connection, const PGresult* result) {
  const char* sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const char* message = result ? PQresultErrorMessage(result) : PQerrorMessage(connection);
  throw soci::postgresql_soci_error(message, sqlstate ? sqlstate : "     ");
}

} // namespace meisim
