#include "persistence/base/migrations.hpp"

#include "persistence/base/embedded_migrations.hpp"
#include "persistence/base/migrations.sql.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/log.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

namespace meisim {

namespace {

// Any number does, as long as all releases use the same.
constexpr long long migration_lock = 7'205'759'403;

/// Runs SQL as it stands. SOCI would take colons and quotes within it for parameters.
void run_script(soci::session& session, const std::string& script) {
  auto* connection = static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
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

/// Throws if another migration was applied under this name.
bool is_applied(database& db, const std::string& name, const std::string& checksum) {
  std::string known;
  db.session() << sql::find_migration, soci::use(name, "name"), soci::into(known);
  if (!db.session().got_data())
    return false;
  if (known != checksum)
    throw std::runtime_error("migration " + name + " was changed after it had been applied");
  return true;
}

void apply(database& db, const std::string& name, const std::string& script,
           const std::string& checksum) {
  if (is_applied(db, name, checksum))
    return;
  auto& session = db.session();
  transaction tx{db};
  run_script(session, script);
  session << sql::note_migration, soci::use(name, "name"), soci::use(checksum, "checksum");
  tx.commit();
  log_info("database: applied migration {}", name);
}

/// A program that does not know the whole schema could do harm to it.
void refuse_newer(database& db) {
  auto known = embedded_migrations().back().name;
  std::string last;
  db.session() << sql::find_last_migration, soci::into(last);
  if (last > known)
    throw std::runtime_error(
      "the database's schema is newer than this program, which knows it up to " + std::string{known}
      + " and not " + last + ": install the release that made it, or restore the "
      + "backup from before");
}

/// Whether nothing is left to do. A role that may change nothing can find this out.
bool is_complete(database& db) {
  int has_table = 0;
  db.session() << sql::has_migrations_table, soci::into(has_table);
  if (has_table == 0)
    return false;
  refuse_newer(db);
  return std::ranges::all_of(embedded_migrations(), [&](const auto& migration) {
    return is_applied(db, std::string{migration.name}, to_hex(sha256(std::string{migration.text})));
  });
}

} // namespace

migration_turn::migration_turn(database& db) : db_(db) {
  auto& session = db.session();
  // Another node may be migrating, which can take long. The lock ends with the session at the
  // latest.
  session << "SET statement_timeout = 0";
  session << "SET lock_timeout = 0";
  // Some migrations change every row of a table.
  session << "SET enable_seqscan = on";
  // PostgreSQL would report that the table of migrations exists already.
  session << "SET client_min_messages = warning";
  long long lock = migration_lock;
  session << sql::lock_migrations, soci::use(lock, "lock");
}

migration_turn::~migration_turn() {
  db_.close();
}

soci::session& migration_turn::session() {
  return db_.session();
}

void migration_turn::run(const std::string& script) {
  run_script(db_.session(), script);
}

void migrate(database& db) {
  if (is_complete(db))
    return;
  migration_turn turn{db};
  turn.run(sql::make_migrations_table);
  refuse_newer(db);
  for (const auto& migration : embedded_migrations()) {
    std::string script{migration.text};
    apply(db, std::string{migration.name}, script, to_hex(sha256(script)));
  }
}

} // namespace meisim
