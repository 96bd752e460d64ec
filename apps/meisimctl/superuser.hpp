#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace meisim {

// PostgreSQL's superuser, for what neither the service nor a node may do.

using connection_pointer = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// How it is reached.
struct superuser {
  /// libpq's key=value text, without a password.
  std::string connection;
  /// Whether the command line names no other. Then root acts as PostgreSQL's own user on this
  /// machine.
  bool is_default = true;
};

/// Throws `refused` with PostgreSQL's reason, or if the text has a password.
connection_pointer connect_as(const superuser& who);

/// The first column of the rows. Throws `refused` with PostgreSQL's reason.
std::vector<std::string> run_sql(PGconn* connection, const std::string& sql);

/// The text as an SQL literal.
std::string quoted(PGconn* connection, const std::string& text);

/// A message of PostgreSQL on one line.
std::string without_line_breaks(std::string text);

} // namespace meisim
