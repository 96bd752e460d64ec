#include "persistence/cluster/nodes.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/cluster/nodes.sql.hpp"

#include <libpq-fe.h>
#include <netdb.h>
#include <soci/postgresql/soci-postgresql.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace meisim {

namespace {

struct upsert_beat {
  explicit upsert_beat(soci::session& session)
    : statement(
      (session.prepare << sql::upsert_beat, soci::use(name, "name"),
       soci::use(incarnation, "incarnation"), soci::use(http, "http"), soci::use(admin, "admin"),
       soci::use(pid, "pid"), soci::use(version, "version"), soci::use(roles, "roles"),
       soci::use(cluster, "cluster"), soci::use(oldest, "oldest"), soci::use(newest, "newest"),
       soci::use(dealers, "dealers"), soci::use(draining, "draining"),
       soci::use(entities, "entities"), soci::use(first, "first"), soci::into(is_to_drain))) {
    // nop
  }

  std::string name, incarnation, http, admin, version, roles, cluster;
  int pid = 0;
  int oldest = 0;
  int newest = 0;
  int dealers = 0;
  int draining = 0;
  int first = 0;
  int is_to_drain = 0;
  long long entities = 0;
  soci::statement statement;
};

struct select_members {
  explicit select_members(soci::session& session)
    : statement((session.prepare << sql::list_members, soci::use(patience), soci::into(name),
                 soci::into(incarnation), soci::into(cluster), soci::into(oldest),
                 soci::into(newest), soci::into(roles), soci::into(dealers),
                 soci::into(draining))) {
    // nop
  }

  int patience = static_cast<int>(node_patience.count());
  std::string name, incarnation, cluster, roles;
  int oldest = 0;
  int newest = 0;
  int dealers = 0;
  int draining = 0;
  soci::statement statement;
};

/// Made once for each connection.
struct listening {
  explicit listening(soci::session& session) {
    session << "LISTEN dealer_changed";
    session << "LISTEN members_changed";
  }

  bool is_new = true;
};

PGconn* connection_of(database& db) {
  return static_cast<soci::postgresql_session_backend*>(db.session().get_backend())->conn_;
}

} // namespace

std::vector<cluster_member> living_members(database& db) {
  auto& query = db.prepared<select_members>();
  std::vector<cluster_member> result;
  query.statement.execute();
  while (query.statement.fetch())
    result.push_back({query.name,
                      parse_uuid(query.incarnation).value_or(uuid{}),
                      query.cluster,
                      {query.oldest, query.newest},
                      has_role(query.roles, "core"),
                      query.draining != 0,
                      query.dealers});
  return result;
}

beat_answer write_beat(database& db, const node_beat& beat) {
  auto& query = db.prepared<upsert_beat>();
  query.name = beat.name;
  query.incarnation = to_string(beat.incarnation);
  query.http = beat.http;
  query.admin = beat.admin;
  query.pid = beat.pid;
  query.version = beat.version;
  query.roles = beat.roles;
  query.cluster = beat.cluster;
  query.oldest = beat.speaks.oldest;
  query.newest = beat.speaks.newest;
  query.dealers = beat.dealer_nodes;
  query.draining = beat.is_draining ? 1 : 0;
  query.entities = beat.entities;
  query.first = beat.is_first ? 1 : 0;
  bool is_ours = query.statement.execute(true);
  return {!is_ours, is_ours && query.is_to_drain != 0, living_members(db)};
}

void write_leaving(database& db, const node_leaves& node) {
  std::string incarnation = to_string(node.incarnation);
  db.session() << sql::note_leaving, soci::use(node.name, "name"),
    soci::use(incarnation, "incarnation");
}

node_list all_nodes(database& db) {
  node_view row;
  long long entities = 0;
  int patience = static_cast<int>(node_patience.count());
  soci::statement query =
    (db.session().prepare << sql::list_nodes, soci::use(patience, "patience"), soci::into(row.name),
     soci::into(row.http), soci::into(row.admin), soci::into(row.pid), soci::into(row.version),
     soci::into(row.roles), soci::into(row.state), soci::into(entities));
  query.execute();
  node_list list;
  while (query.fetch()) {
    row.entities = row.state == "down" ? 0 : entities;
    list.nodes.push_back(row);
  }
  return list;
}

std::optional<std::chrono::duration<double>> since_last_beat(database& db) {
  double seconds = 0;
  soci::indicator known = soci::i_null;
  db.session() << sql::find_youngest_beat, soci::into(seconds, known);
  if (known == soci::i_null)
    return std::nullopt;
  return std::chrono::duration<double>{seconds};
}

std::optional<instant> last_beat(database& db, const std::string& name) {
  int patience = static_cast<int>(node_patience.count());
  long long at = 0;
  auto& session = db.session();
  session << sql::find_beat, soci::use(name, "name"), soci::use(patience, "patience"),
    soci::into(at);
  return session.got_data() ? std::optional{from_micros(at)} : std::nullopt;
}

bool wish_drain(database& db, const drain_node& wish) {
  transaction tx{db};
  int patience = static_cast<int>(node_patience.count());
  std::string found;
  db.session() << sql::wish_drain, soci::use(wish.name, "name"), soci::use(patience, "patience"),
    soci::into(found);
  if (found.empty())
    return false;
  write_audit_event(db, {wish.by, wish.name});
  tx.commit();
  return true;
}

std::string own_address(database& db) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  std::array<char, NI_MAXHOST> host{};
  if (getsockname(PQsocket(connection_of(db)), plain, &size) != 0
      || (address.ss_family != AF_INET && address.ss_family != AF_INET6)
      || getnameinfo(plain, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return "127.0.0.1";
  return host.data();
}

dealer_changes changes_heard(database& db) {
  dealer_changes result;
  result.may_have_gaps = std::exchange(db.prepared<listening>().is_new, false);
  auto* connection = connection_of(db);
  if (PQconsumeInput(connection) == 0)
    throw soci::soci_error("the connection that listens for changes is lost");
  while (auto* heard = PQnotifies(connection)) {
    std::unique_ptr<PGnotify, decltype(&PQfreemem)> notice{heard, PQfreemem};
    if (std::string_view{notice->relname} == "members_changed") {
      result.are_members_new = true;
      continue;
    }
    if (auto dealer = dealer_id::parse(notice->extra))
      result.dealers.push_back(*dealer);
  }
  return result;
}

} // namespace meisim
