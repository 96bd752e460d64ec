#include "persistence/base/migrations.hpp"

#include "persistence/base/embedded_migrations.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/log.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace meisim {

namespace {

// Any number does, as long as all releases use the same.
constexpr long long migration_lock = 7'205'759'403;

/// Runs SQL as it stands: SOCI would take colons and quotes within it for its own.
void run_script(soci::session& sql, const std::string& script) {
  auto* connection = static_cast<soci::postgresql_session_backend*>(sql.get_backend())->conn_;
  std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection, script.c_str()), PQclear};
  auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
    return;
  if (PQstatus(connection) != CONNECTION_OK)
    throw soci::soci_error("the connection broke during a migration");
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  throw soci::postgresql_soci_error(
    std::string{"a migration failed: "} + PQresultErrorMessage(result.get()), state ? state : "");
}

void apply(database& db, const std::string& name, const std::string& script,
           const std::string& checksum) {
  auto& sql = db.session();
  std::string known;
  sql << "SELECT checksum FROM schema_migrations WHERE name = :name", soci::use(name, "name"),
    soci::into(known);
  if (sql.got_data()) {
    if (known != checksum)
      throw std::runtime_error("migration " + name + " was changed after it had been applied");
    return;
  }
  transaction tx{db};
  run_script(sql, script);
  sql << "INSERT INTO schema_migrations (name, checksum) VALUES (:name, :checksum)",
    soci::use(name, "name"), soci::use(checksum, "checksum");
  tx.commit();
  log_info("database: applied migration {}", name);
}

} // namespace

void migrate(database& db) {
  auto& sql = db.session();
  // Another node may be at it and take its time; the lock ends with the session at the latest.
  sql << "SET statement_timeout = 0";
  sql << "SET lock_timeout = 0";
  // Some change every row of a table.
  sql << "SET enable_seqscan = on";
  // That the table of migrations is there already is no news.
  sql << "SET client_min_messages = warning";
  long long lock = migration_lock;
  sql << "SELECT pg_advisory_lock(:lock)", soci::use(lock, "lock");
  run_script(
    sql,
    "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now())");
  for (const auto& migration : embedded_migrations()) {
    std::string script{migration.text};
    apply(db, std::string{migration.name}, script, to_hex(sha256(script)));
  }
  // The session's settings and its lock go with it.
  db.close();
}

} // namespace meisim
