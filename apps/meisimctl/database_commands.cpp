#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/embedded_text.hpp"
#include "apps/meisimctl/password_file.hpp"
#include "apps/meisimctl/superuser.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/json_writer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

namespace {

struct database_arguments {
  std::string name = "meisim";
  std::string role = "meisim";
  std::string owner;
  superuser as{"user=postgres dbname=postgres"};
  std::string password_file;
  std::string owner_password_file;
  bool wants_new_password = false;
};

/// A role that signs in by a password in a file, at each of the servers.
struct database_role {
  std::string name;
  std::string file;
  std::vector<password_owner> servers;
  std::string password;
  std::string verifier;
};

/// The script with its variables replaced, as psql does it.
std::string script_for(PGconn* connection, const database_role& service, const database_role& owner,
                       const std::string& database) {
  std::string script{database_scripts().front().text};
  for (const auto& [variable, value] : {std::pair{":'role'", service.name},
                                        {":'password'", service.verifier},
                                        {":'owner'", owner.name},
                                        {":'owner_password'", owner.verifier},
                                        {":'database'", database}}) {
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
    for (const auto& statement : run_sql(connection, std::string{script.substr(0, at)})) {
      run_sql(connection, statement);
      done.push_back(statement);
    }
    script.remove_prefix(at + end.size());
  }
  return done;
}

std::optional<std::string> known_password(const database_role& one) {
  for (const auto& server : one.servers)
    if (auto known = password_in(one.file, server))
      return known;
  return std::nullopt;
}

/// The password of a role: the one in its file, or a new one. A new one is first put into the file,
/// for the servers that the file does not name.
std::string password_of(PGconn* connection, const database_role& one, bool wants_new_password) {
  if (auto known = known_password(one); known && !wants_new_password) {
    for (const auto& server : one.servers)
      if (!password_in(one.file, server))
        keep_password(one.file, server, *known);
    return *known;
  }
  bool has_role =
    !run_sql(connection, "SELECT 1 FROM pg_roles WHERE rolname = " + quoted(connection, one.name))
       .empty();
  if (has_role && !wants_new_password)
    throw refused(fmt::format(
      "there is a role {}, and {} has no password for it: copy the file of another node here, or "
      "set a new password for all nodes by --new-password",
      one.name, one.file));
  std::array<uint8_t, 32> bytes;
  random_bytes(bytes.data(), bytes.size());
  auto password = to_hex(bytes.data(), bytes.size());
  for (const auto& server : one.servers)
    keep_password(one.file, server, password);
  return password;
}

/// The verifier that PostgreSQL keeps of a password. With it, no password stands in PostgreSQL's
/// log.
std::string verifier_of(PGconn* connection, const std::string& role, const std::string& password) {
  std::unique_ptr<char, decltype(&PQfreemem)> text{
    PQencryptPasswordConn(connection, password.c_str(), role.c_str(), nullptr), PQfreemem};
  if (!text)
    throw refused("PostgreSQL: " + without_line_breaks(PQerrorMessage(connection)));
  return text.get();
}

/// Why the role still cannot sign in; empty if it can.
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

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts{""};
  for (char c : list)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

/// The value of a keyword of the connection text; libpq's default if the text does not have it.
std::string value_of(PGconn* connection, std::string_view keyword) {
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts{PQconninfo(connection),
                                                                     PQconninfoFree};
  for (auto* part = parts.get(); part != nullptr && part->keyword != nullptr; ++part)
    if (part->keyword == keyword && part->val != nullptr)
      return part->val;
  return {};
}

/// All servers that the connection text names, because nodes go to another one after a failover.
/// Nodes connect by TCP.
std::vector<password_owner> servers_of(PGconn* connection, const std::string& database,
                                       const std::string& role) {
  auto hosts = split(value_of(connection, "host"));
  auto ports = split(value_of(connection, "port"));
  if (hosts.size() == 1) {
    hosts = {PQhost(connection)};
    ports = {PQport(connection)};
  }
  std::vector<password_owner> result;
  for (size_t i = 0; i < hosts.size(); ++i) {
    bool is_local = hosts[i].empty() || hosts[i].starts_with('/');
    result.push_back({is_local ? "127.0.0.1" : hosts[i],
                      ports.size() == 1 ? ports.front() : ports.at(i), database, role});
  }
  return result;
}

database_role prepare_role(PGconn* connection, const database_arguments& a, const std::string& role,
                           const std::string& file) {
  database_role result{role, file, servers_of(connection, a.name, role), {}, {}};
  result.password = password_of(connection, result, a.wants_new_password);
  result.verifier = verifier_of(connection, role, result.password);
  return result;
}

std::string joined(const std::vector<password_owner>& servers, std::string password_owner::*part) {
  std::string result;
  for (const auto& server : servers)
    result += (result.empty() ? "" : ",") + server.*part;
  return result;
}

std::string connection_text(const database_role& one) {
  return fmt::format(
    "host={} port={} dbname={} user={}", joined(one.servers, &password_owner::host),
    joined(one.servers, &password_owner::port), one.servers.front().database, one.name);
}

/// The connection text for the server that the superuser is connected to. Another one may be a
/// standby that does not know the role yet.
std::string connection_text_there(PGconn* connection, database_role one) {
  auto is_there = [&](const password_owner& server) {
    return server.host == PQhost(connection) && server.port == PQport(connection);
  };
  if (auto there = std::ranges::find_if(one.servers, is_there); there != one.servers.end())
    one.servers = {password_owner{*there}};
  return connection_text(one);
}

outcome create_database(const database_arguments& a) {
  auto connection = connect_as(a.as);
  auto service = prepare_role(connection.get(), a, a.role, a.password_file);
  auto owner = prepare_role(connection.get(), a, a.owner, a.owner_password_file);
  auto done = run_script(connection.get(), script_for(connection.get(), service, owner, a.name));
  auto was_made = [&](std::string_view what) {
    return std::ranges::any_of(done, [&](const auto& one) { return one.starts_with(what); });
  };
  bool has_made_role = was_made("CREATE ROLE " + a.role + " ");
  bool has_made_owner = was_made("CREATE ROLE " + a.owner + " ");
  bool has_made_database = was_made("CREATE DATABASE");
  auto for_nodes = connection_text(service);
  auto for_migrations = connection_text(owner) + " passfile=" + owner.file;
  auto trouble =
    why_it_stays_out(connection_text_there(connection.get(), service), service.password);
  if (trouble.empty())
    trouble = why_it_stays_out(connection_text_there(connection.get(), owner), owner.password);
  auto word = [](bool is_made) { return is_made ? "made" : "was there"; };
  return {
    json_object([&](json_writer& out) {
      out.member("role", a.role)
        .member("role_made", has_made_role)
        .member("owner", a.owner)
        .member("owner_made", has_made_owner)
        .member("database", a.name)
        .member("database_made", has_made_database)
        .member("password_file", service.file)
        .member("owner_password_file", owner.file)
        .member("connection", for_nodes)
        .member("owner_connection", for_migrations)
        .member("works", trouble.empty());
    }),
    fmt::format("role {}: {}\nowner {}: {}\ndatabase {}: {}\npasswords: in {}, for PGPASSFILE, and "
                "in {}\noptions of the nodes:\ndatabase={}\ndatabase-owner={}{}",
                a.role, word(has_made_role), a.owner, word(has_made_owner), a.name,
                word(has_made_database), service.file, owner.file, for_nodes, for_migrations,
                trouble.empty() ? "" : "\nbut a role is not let in: " + trouble),
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
    "create", "Make roles, database and passwords where they are missing; changes nothing that is\n"
              "there. Run by root, it acts as PostgreSQL's own user on this machine");
  create->add_option("--name", a->name, "The database")->check(check_name)->capture_default_str();
  create->add_option("--role", a->role, "The role as which nodes work")
    ->check(check_name)
    ->capture_default_str();
  create
    ->add_option("--owner", a->owner,
                 "The role that owns it and brings its tables up to date; ROLE_owner by default")
    ->check(check_name);
  auto* superuser =
    create
      ->add_option("--superuser", a->as.connection,
                   "How to reach PostgreSQL as a superuser, as libpq key=value text")
      ->capture_default_str();
  create->add_option("--password-file", a->password_file,
                     "Where the password is kept, for PGPASSFILE; pg.pass in the home by default");
  create->add_option("--owner-password-file", a->owner_password_file,
                     "Where the owner's password is kept; owner.pass in the home by default");
  create->add_flag("--new-password", a->wants_new_password,
                   "Give both roles other passwords, which all nodes need then");
  create->callback([=, &home, &chosen] {
    a->as.is_default = superuser->empty();
    if (a->password_file.empty())
      a->password_file = home + "/pg.pass";
    if (a->owner_password_file.empty())
      a->owner_password_file = home + "/owner.pass";
    if (a->owner.empty())
      a->owner = a->role + "_owner";
    chosen = [a](const auto&) { return create_database(*a); };
  });
}

} // namespace meisim
