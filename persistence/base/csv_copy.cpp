#include "persistence/base/csv_copy.hpp"

#include "persistence/base/array.hpp"
#include "persistence/base/csv_copy.sql.hpp"
#include "persistence/base/libpq.hpp"

#include <fmt/core.h>

#include <string_view>

namespace meisim {

namespace {

struct set_parameters {
  explicit set_parameters(soci::session& session)
    : statement((session.prepare << sql::set_copy_parameters, soci::use(names, "names"),
                 soci::use(values, "values"))) {
    // nop
  }

  std::string names, values;
  soci::statement statement;
};

void set(database& db, const copy_parameters& parameters) {
  array_text names, values;
  for (const auto& [name, value] : parameters) {
    names.add(std::string_view{name});
    values.add(std::string_view{value});
  }
  auto& query = db.prepared<set_parameters>();
  query.names = names.take();
  query.values = values.take();
  query.statement.execute(true);
}

/// PostgreSQL ends a line by LF alone, and hands lines over one by one.
void append_line(std::string& lines, std::string_view line) {
  if (line.ends_with('\n'))
    line.remove_suffix(1);
  lines.append(line);
  lines.append("\r\n");
}

void take_lines(PGconn* connection, std::string& lines) {
  char* line = nullptr;
  for (;;) {
    int size = PQgetCopyData(connection, &line, 0);
    // The error comes as the next answer.
    if (size == -1)
      return;
    if (size < 0)
      throw soci::soci_error("a row of a file could not be taken");
    std::unique_ptr<char, decltype(&PQfreemem)> owner{line, PQfreemem};
    append_line(lines, {line, static_cast<size_t>(size)});
  }
}

} // namespace

std::string copy_csv(database& db, const char* query, const copy_parameters& parameters) {
  set(db, parameters);
  auto* connection = native_connection(db);
  auto copy = fmt::format("COPY ({}) TO STDOUT (FORMAT csv)", query);
  if (PQsendQuery(connection, copy.c_str()) == 0)
    throw_failure(connection, nullptr);
  std::string lines;
  while (auto result = next_result(connection)) {
    auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_OUT)
      take_lines(connection, lines);
    else if (status != PGRES_COMMAND_OK) {
      // The connection is of use again only after its last answer.
      while (next_result(connection)) {
      }
      throw_failure(connection, result.get());
    }
  }
  return lines;
}

} // namespace meisim
