#include "apps/meisimctl/superuser.hpp"

#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/admin_client.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace meisim {

namespace {

using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;

void refuse_password_in(const std::string& connection) {
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts{
    PQconninfoParse(connection.c_str(), nullptr), PQconninfoFree};
  if (!parts)
    throw refused("--superuser is no connection text such as \"host=db.example.com user=postgres "
                  "dbname=postgres\"");
  for (auto* part = parts.get(); part->keyword; ++part)
    if (std::string_view{part->keyword} == "password" && part->val)
      throw refused("a password on the command line can be read by others on this machine; keep it "
                    "in a file that PGPASSFILE names");
}

} // namespace

std::string without_line_breaks(std::string text) {
  std::ranges::replace_if(
    text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

connection_pointer connect_as(const superuser& who) {
  refuse_password_in(who.connection);
  auto parameters = who.connection + " connect_timeout=5 application_name=meisimctl";
  auto open = [&] { return connection_pointer{PQconnectdb(parameters.c_str()), PQfinish}; };
  connection_pointer result{nullptr, PQfinish};
  if (who.is_default) {
    // PostgreSQL knows its superuser by the user at the other end of the socket.
    acting_as postgres{user_named("postgres")};
    result = open();
  } else {
    result = open();
  }
  if (PQstatus(result.get()) != CONNECTION_OK)
    throw refused(fmt::format("PostgreSQL does not let its superuser in: {} (run this as root, as "
                              "the user postgres, or with --superuser)",
                              without_line_breaks(PQerrorMessage(result.get()))));
  return result;
}

std::vector<std::string> run_sql(PGconn* connection, const std::string& sql) {
  result_pointer result{PQexec(connection, sql.c_str()), PQclear};
  auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw refused("PostgreSQL: " + without_line_breaks(PQerrorMessage(connection)));
  std::vector<std::string> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row)
    rows.emplace_back(PQgetvalue(result.get(), row, 0));
  return rows;
}

std::string quoted(PGconn* connection, const std::string& text) {
  std::unique_ptr<char, decltype(&PQfreemem)> literal{
    PQescapeLiteral(connection, text.data(), text.size()), PQfreemem};
  if (!literal)
    throw refused("PostgreSQL: " + without_line_breaks(PQerrorMessage(connection)));
  return literal.get();
}

} // namespace meisim
