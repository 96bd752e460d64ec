#include "persistence/base/connection_check.hpp"

#include "persistence/base/connection_text.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace meisim {

namespace {

std::string one_line(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  std::string result{text};
  std::ranges::replace_if(
    result, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return result;
}

using connection_pointer = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// A connection to the first host that answers. If none does, it is the last try.
connection_pointer connected(const std::string& connection) {
  connection_pointer result{nullptr, PQfinish};
  for (const auto& text : connection_texts(connection, "start")) {
    result.reset(PQconnectdb(text.c_str()));
    if (PQstatus(result.get()) == CONNECTION_OK)
      break;
  }
  return result;
}

/// The first value of the answer; empty without one.
std::string told(const connection_pointer& by, const char* question) {
  std::unique_ptr<PGresult, decltype(&PQclear)> answer{PQexec(by.get(), question), PQclear};
  return PQntuples(answer.get()) == 1 ? PQgetvalue(answer.get(), 0, 0) : "";
}

} // namespace

std::string why_unfit(const std::string& connection) {
  auto first = connected(connection);
  auto second = connected(connection);
  constexpr auto process = "SELECT pg_backend_pid()";
  auto of_first = told(first, process);
  // Without a pooler, or with one that pools sessions, two open connections have two server
  // sessions.
  if (!of_first.empty() && of_first == told(second, process))
    return "a pooler hands out server sessions by transaction, which mixes up prepared statements: "
           "set pool_mode = session for this database (docs/high-availability.md)";
  if (told(first, "SHOW plan_cache_mode") == "auto" || told(first, "SHOW statement_timeout") == "0")
    return "the settings of our sessions do not reach PostgreSQL; a pooler leaves them out: set them "
           "for the role by ALTER ROLE (docs/high-availability.md)";
  return {};
}

std::string why_no_connection(const std::string& connection) {
  auto tried = connected(connection);
  if (PQstatus(tried.get()) == CONNECTION_OK)
    return {};
  std::string text = one_line(PQerrorMessage(tried.get()));
  auto reachable = PQping(connection_texts(connection, "start").back().c_str());
  if (reachable == PQPING_NO_ATTEMPT)
    return fmt::format("the option database is no connection text of libpq: {}", text);
  auto server = fmt::format("PostgreSQL at {}, port {},", PQhost(tried.get()), PQport(tried.get()));
  if (reachable == PQPING_NO_RESPONSE)
    return fmt::format("{} does not answer: {}", server, text);
  if (reachable == PQPING_REJECT)
    return fmt::format("{} is just starting or stopping: {}", server, text);
  auto says = [&](std::string_view words) { return text.find(words) != std::string::npos; };
  std::string role = PQuser(tried.get());
  std::string name = PQdb(tried.get());
  // libpq has no codes for these errors. The words of a server that speaks another language than
  // English are passed on.
  if (PQconnectionNeedsPassword(tried.get()))
    return fmt::format("{} wants a password for the role {}, and there is none: the file that "
                       "PGPASSFILE names needs a line for it ({})",
                       server, role, text);
  if (says("password authentication failed"))
    return fmt::format("{} refuses the password of the role {}, or has no such role ({})", server,
                       role, text);
  if (says("database") && says("does not exist"))
    return fmt::format("{} has no database {}; \"meisimctl database create\" makes it ({})", server,
                       name, text);
  if (says("permission denied for database"))
    return fmt::format("{} does not let the role {} into the database {} ({})", server, role, name,
                       text);
  return fmt::format("{} refuses: {}", server, text);
}

} // namespace meisim
