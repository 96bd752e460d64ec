#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/embedded_text.hpp"
#include "apps/meisimctl/password_file.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/json_writer.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace meisim {

namespace {

using connection_pointer = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;

struct database_arguments {
  std::string name = "meisim";
  std::string role = "meisim";
  std::string superuser = "user=postgres dbname=postgres";
  bool is_default_superuser = true;
  std::string password_file;
  bool wants_new_password = false;
};

std::string without_line_breaks(std::string text) {
  std::ranges::replace_if(
    text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

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

connection_pointer connect(const database_arguments& a) {
  refuse_password_in(a.superuser);
  auto parameters = a.superuser + " connect_timeout=5 application_name=meisimctl";
  auto open = [&] { return connection_pointer{PQconnectdb(parameters.c_str()), PQfinish}; };
  connection_pointer result{nullptr, PQfinish};
  if (a.is_default_superuser) {
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

/// The first column of the rows.
std::vector<std::string> run(PGconn* connection, const std::string& sql) {
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

/// The script with its variables replaced, as psql does it.
std::string script_for(PGconn* connection, const database_arguments& a,
                       const std::string& verifier) {
  std::string script{database_scripts().front().text};
  for (const auto& [variable, value] :
       {std::pair{":'role'", a.role}, {":'database'", a.name}, {":'password'", verifier}}) {
    auto text = quoted(connection, value);
    for (size_t at = 0; (at = script.find(variable, at)) != std::string::npos; at += text.size())
      script.replace(at, std::string_view{variable}.size(), text);
  }
  return script;
}

/// Runs the statements that each query of the script gives, and returns them.
std::vector<std::string> run_script(PGconn* connection, std::string_view script) {
  constexpr std::string_view end = "\\gexec";
  std::vector<std::string> done;
  for (auto at = script.find(end); at != std::string_view::npos; at = script.find(end)) {
    for (const auto& statement : run(connection, std::string{script.substr(0, at)})) {
      run(connection, statement);
      done.push_back(statement);
    }
    script.remove_prefix(at + end.size());
  }
  return done;
}

/// The password of the role: the one in the file, or a new one, which is put there first.
std::string password_of(PGconn* connection, const database_arguments& a,
                        const password_owner& whose) {
  auto known = password_in(a.password_file, whose);
  if (known && !a.wants_new_password)
    return *known;
  bool has_role =
    !run(connection, "SELECT 1 FROM pg_roles WHERE rolname = " + quoted(connection, a.role))
       .empty();
  if (has_role && !a.wants_new_password)
    throw refused(fmt::format(
      "there is a role {}, and {} has no password for it: copy the file of another node here, or "
      "set a new password for all nodes by --new-password",
      a.role, a.password_file));
  std::array<uint8_t, 32> bytes;
  random_bytes(bytes.data(), bytes.size());
  auto password = to_hex(bytes.data(), bytes.size());
  keep_password(a.password_file, whose, password);
  return password;
}

/// What PostgreSQL keeps of a password, so that none stands in its log.
std::string verifier_of(PGconn* connection, const std::string& role, const std::string& password) {
  std::unique_ptr<char, decltype(&PQfreemem)> text{
    PQencryptPasswordConn(connection, password.c_str(), role.c_str(), nullptr), PQfreemem};
  if (!text)
    throw refused("PostgreSQL: " + without_line_breaks(PQerrorMessage(connection)));
  return text.get();
}

/// Why the role cannot sign in all the same; empty if it can.
std::string why_it_stays_out(const std::string& connection, const std::string& password) {
  const std::array names{"dbname", "password", "connect_timeout",
                         static_cast<const char*>(nullptr)};
  const std::array values{connection.c_str(), password.c_str(), "5",
                          static_cast<const char*>(nullptr)};
  constexpr int is_connection_text = 1;
  connection_pointer tried{PQconnectdbParams(names.data(), values.data(), is_connection_text),
                           PQfinish};
  return PQstatus(tried.get()) == CONNECTION_OK ? ""
                                                : without_line_breaks(PQerrorMessage(tried.get()));
}

outcome create_database(const database_arguments& a) {
  auto connection = connect(a);
  std::string host = PQhost(connection.get());
  // Nodes come by TCP.
  if (host.empty() || host.starts_with('/'))
    host = "127.0.0.1";
  password_owner whose{host, PQport(connection.get()), a.name, a.role};
  auto password = password_of(connection.get(), a, whose);
  auto verifier = verifier_of(connection.get(), a.role, password);
  auto done = run_script(connection.get(), script_for(connection.get(), a, verifier));
  auto was_made = [&](std::string_view what) {
    return std::ranges::any_of(done, [&](const auto& one) { return one.starts_with(what); });
  };
  bool has_made_role = was_made("CREATE ROLE");
  bool has_made_database = was_made("CREATE DATABASE");
  auto text_for_nodes =
    fmt::format("host={} port={} dbname={} user={}", host, whose.port, a.name, a.role);
  auto trouble = why_it_stays_out(text_for_nodes, password);
  auto word = [](bool is_made) { return is_made ? "made" : "was there"; };
  return {
    json_object([&](json_writer& out) {
      out.member("role", a.role)
        .member("role_made", has_made_role)
        .member("database", a.name)
        .member("database_made", has_made_database)
        .member("password_file", a.password_file)
        .member("connection", text_for_nodes)
        .member("works", trouble.empty());
    }),
    fmt::format("role {}: {}\ndatabase {}: {}\npassword: in {}, for PGPASSFILE\noption of the "
                "nodes: database={}{}",
                a.role, word(has_made_role), a.name, word(has_made_database), a.password_file,
                text_for_nodes, trouble.empty() ? "" : "\nbut the role is not let in: " + trouble),
    trouble.empty()};
}

std::string check_name(const std::string& text) {
  auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() < 64 && std::ranges::all_of(text, is_fine)
           ? ""
           : "must be of lower-case letters, digits and _";
}

} // namespace

void declare_database_commands(CLI::App& app, const std::string& home, command& chosen) {
  auto a = std::make_shared<database_arguments>();
  auto* database =
    app.add_subcommand("database", "The database of the nodes")->require_subcommand(1);
  auto* create = database->add_subcommand(
    "create", "Make role, database and password where they are missing; changes nothing that is\n"
              "there. Run by root, it acts as PostgreSQL's own user on this machine");
  create->add_option("--name", a->name, "The database")->check(check_name)->capture_default_str();
  create->add_option("--role", a->role, "The role that owns it, as which nodes come")
    ->check(check_name)
    ->capture_default_str();
  auto* superuser =
    create
      ->add_option("--superuser", a->superuser,
                   "How to reach PostgreSQL as a superuser, as libpq key=value text")
      ->capture_default_str();
  create->add_option("--password-file", a->password_file,
                     "Where the password is kept, for PGPASSFILE; pg.pass in the home by default");
  create->add_flag("--new-password", a->wants_new_password,
                   "Give the role another password, which all nodes need then");
  create->callback([=, &home, &chosen] {
    a->is_default_superuser = superuser->empty();
    if (a->password_file.empty())
      a->password_file = home + "/pg.pass";
    chosen = [a](const auto&) { return create_database(*a); };
  });
}

} // namespace meisim
