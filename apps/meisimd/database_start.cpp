#include "apps/meisimd/database_start.hpp"

#include "apps/meisimd/signals.hpp"
#include "persistence/base/connection_check.hpp"
#include "persistence/base/migrations.hpp"
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

/// True once it is done; false, with a line in the log, if it is worth trying again.
bool try_to_migrate(database& db, const std::string& connection, std::chrono::seconds pause) {
  try {
    migrate(db);
    return true;
  } catch (const std::exception& error) {
    auto failure = read_failure(error);
    db.close();
    if (failure.sqlstate == insufficient_privilege)
      throw std::runtime_error(fmt::format(
        "the role lacks rights in its database, which it must own (\"meisimctl database create\" "
        "makes both): {}",
        failure.summary));
    if (!may_pass(failure.code))
      throw;
    auto why = why_no_connection(connection);
    log_error("the database cannot be used, trying again in {} s: {}", pause.count(),
              why.empty() ? failure.summary : why);
    return false;
  }
}

} // namespace

void prepare_database(const std::string& connection) {
  end_on_signal meanwhile;
  database db{connection, "start"};
  for (auto pause = 1s; !try_to_migrate(db, connection, pause); pause = std::min(pause * 2, 10s))
    std::this_thread::sleep_for(pause);
  if (auto flaw = why_unfit(connection); !flaw.empty())
    throw std::runtime_error("the database cannot be used: " + flaw);
}

} // namespace meisim
