#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// The turn of one node to change the schema. The other nodes wait until this object, and its
/// session, end.
class migration_turn {
public:
  explicit migration_turn(database& db);

  ~migration_turn();

  migration_turn(const migration_turn&) = delete;
  migration_turn& operator=(const migration_turn&) = delete;

  soci::session& session();

  /// Runs SQL as it stands. Throws soci::soci_error.
  void run(const std::string& script);

private:
  database& db_;
};

/// Brings the schema up to date. It applies each migration that is not applied yet, in order and in
/// a transaction of its own, while no other node does so. Throws std::runtime_error if the schema
/// is newer than the program, or a migration that was applied has been changed since, and
/// soci::soci_error if one fails.
void migrate(database& db);

} // namespace meisim
