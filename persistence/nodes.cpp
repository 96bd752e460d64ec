#include "persistence/nodes.hpp"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

#include <memory>
#include <utility>

namespace meisim {

namespace {

struct upsert_beat {
  explicit upsert_beat(soci::session& sql)
    : statement(
      (sql.prepare
         << "INSERT INTO nodes AS n (name, incarnation, http, admin, pid, roles, state, entities,"
            " beat_at) VALUES (:name, :incarnation::uuid, :http, :admin, :pid, :roles,"
            " CASE WHEN :draining = 1 THEN 'draining' ELSE 'up' END, :entities, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET incarnation = excluded.incarnation,"
            " http = excluded.http, admin = excluded.admin, pid = excluded.pid,"
            " roles = excluded.roles, state = excluded.state, entities = excluded.entities,"
            " beat_at = excluded.beat_at,"
            " is_to_drain = n.is_to_drain AND n.incarnation = excluded.incarnation"
            " WHERE n.incarnation = excluded.incarnation OR :first = 1"
            " RETURNING n.is_to_drain::int",
       soci::use(name, "name"), soci::use(incarnation, "incarnation"), soci::use(http, "http"),
       soci::use(admin, "admin"), soci::use(pid, "pid"), soci::use(roles, "roles"),
       soci::use(draining, "draining"), soci::use(entities, "entities"), soci::use(first, "first"),
       soci::into(is_to_drain))) {
    // nop
  }

  std::string name, incarnation, http, admin, roles;
  int pid = 0;
  int draining = 0;
  int first = 0;
  int is_to_drain = 0;
  long long entities = 0;
  soci::statement statement;
};

/// Made once for each connection.
struct listening {
  explicit listening(soci::session& sql) {
    sql << "LISTEN dealer_changed";
  }

  bool is_new = true;
};

} // namespace

beat_answer write_beat(database& db, const node_beat& beat) {
  auto& query = db.prepared<upsert_beat>();
  query.name = beat.name;
  query.incarnation = to_string(beat.incarnation);
  query.http = beat.http;
  query.admin = beat.admin;
  query.pid = beat.pid;
  query.roles = beat.roles;
  query.draining = beat.is_draining ? 1 : 0;
  query.entities = beat.entities;
  query.first = beat.is_first ? 1 : 0;
  bool is_ours = query.statement.execute(true);
  return {!is_ours, is_ours && query.is_to_drain != 0};
}

void write_leaving(database& db, const node_leaves& node) {
  std::string incarnation = to_string(node.incarnation);
  db.session() << "UPDATE nodes SET state = 'down', entities = 0 WHERE name = :name"
                  " AND incarnation = :incarnation::uuid",
    soci::use(node.name, "name"), soci::use(incarnation, "incarnation");
}

node_list all_nodes(database& db) {
  node_view row;
  long long entities = 0;
  int patience = static_cast<int>(node_patience.count());
  soci::statement query =
    (db.session().prepare << "SELECT name, http, admin, pid, roles, CASE WHEN beat_at"
                             " < clock_timestamp() - :patience * interval '1 second' THEN 'down'"
                             " ELSE state END, entities FROM nodes"
                             " WHERE beat_at > clock_timestamp() - interval '1 day' ORDER BY name",
     soci::use(patience, "patience"), soci::into(row.name), soci::into(row.http),
     soci::into(row.admin), soci::into(row.pid), soci::into(row.roles), soci::into(row.state),
     soci::into(entities));
  query.execute();
  node_list list;
  while (query.fetch()) {
    row.entities = row.state == "down" ? 0 : entities;
    list.nodes.push_back(row);
  }
  return list;
}

bool wish_drain(database& db, const std::string& name) {
  int patience = static_cast<int>(node_patience.count());
  std::string found;
  db.session() << "UPDATE nodes SET is_to_drain = true WHERE name = :name AND state <> 'down'"
                  " AND beat_at > clock_timestamp() - :patience * interval '1 second'"
                  " RETURNING name",
    soci::use(name, "name"), soci::use(patience, "patience"), soci::into(found);
  return !found.empty();
}

dealer_changes changes_heard(database& db) {
  dealer_changes result;
  result.may_have_gaps = std::exchange(db.prepared<listening>().is_new, false);
  auto* connection =
    static_cast<soci::postgresql_session_backend*>(db.session().get_backend())->conn_;
  if (PQconsumeInput(connection) == 0)
    throw soci::soci_error("the connection that listens for changes is lost");
  while (auto* heard = PQnotifies(connection)) {
    std::unique_ptr<PGnotify, decltype(&PQfreemem)> notice{heard, PQfreemem};
    if (auto dealer = dealer_id::parse(notice->extra))
      result.dealers.push_back(*dealer);
  }
  return result;
}

} // namespace meisim
