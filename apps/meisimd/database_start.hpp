#pragma once

#include <string>

namespace meisim {

/// How the database is reached: as the role of the service, and as the owner of its tables. Without
/// an owner the role of the service has to own what is to be changed.
struct database_access {
  std::string connection;
  std::string owner;
};

/// Where a node remembers which of its database servers takes writes (server_watch.hpp).
inline std::string server_file(const std::string& home) {
  return home + "/database.server";
}

/// Brings the schema up to date, and grants the service its rights as the owner. Waits for a
/// database that cannot be used yet, and says why each time. Meanwhile a signal ends the process at
/// once. Throws if waiting would change nothing.
void prepare_database(const database_access& access);

} // namespace meisim
