#include "apps/meisimd/database_start.hpp"

#include "apps/meisimd/signals.hpp"
#include "persistence/base/connection_check.hpp"
#include "persistence/base/migrations.hpp"
#include "persistence/base/rights.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view insufficient_privilege = "42501";

void bring_up_to_date(database& db, const database_access& access) {
  if (access.owner.empty())
    return migrate(db);
  auto service = own_role(db);
  // A former primary must not be migrated instead of the one that has replaced it.
  database as_owner{access.owner, "migration", server_watch::of(access.connection)};
  migrate(as_owner);
  grant_rights(as_owner, service);
}

std::string why_neither_connects(const database_access& access) {
  auto why = why_no_connection(access.connection);
  return why.empty() && !access.owner.empty() ? why_no_connection(access.owner) : why;
}

/// This comes before anything is locked: behind a pooler by transaction the lock of a migration
/// would stay.
void refuse_unfit(const std::string& connection) {
  if (auto flaw = why_unfit(connection); !flaw.empty())
    throw std::runtime_error("the database cannot be used: " + flaw);
}

/// True once it is done; false, with a line in the log, if it is worth trying again.
bool try_to_migrate(database& db, const database_access& access, std::chrono::seconds pause) {
  try {
    refuse_unfit(access.connection);
    bring_up_to_date(db, access);
    return true;
  } catch (const std::exception& error) {
    auto failure = read_failure(error);
    db.close();
    if (failure.sqlstate == insufficient_privilege)
      throw std::runtime_error(fmt::format(
        "the schema is not up to date, and the role lacks rights in its database: its owner has to "
        "bring it up to date (\"meisimd --migrate\" with database-owner; \"meisimctl database "
        "create\" makes both roles): {}",
        failure.summary));
    if (!may_pass(failure.code))
      throw;
    auto why = why_neither_connects(access);
    log_error("the database cannot be used, trying again in {} s: {}", pause.count(),
              why.empty() ? failure.summary : why);
    return false;
  }
}

} // namespace

void prepare_database(const database_access& access) {
  end_on_signal meanwhile;
  database db{access.connection, "start"};
  for (auto pause = 1s; !try_to_migrate(db, access, pause); pause = std::min(pause * 2, 10s))
    std::this_thread::sleep_for(pause);
}

} // namespace meisim
