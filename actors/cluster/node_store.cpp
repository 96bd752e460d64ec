#include "actors/cluster/node_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/cluster/nodes.hpp"

namespace meisim {

node_store_actor::behavior_type node_store(
  node_store_actor::stateful_pointer<node_store_state> self, std::string connection) {
  // A heartbeat that a crash of PostgreSQL loses is out of date by then.
  self->state.db = std::make_unique<database>(std::move(connection), "nodes", durability::soon);
  auto& db = *self->state.db;
  return {
    [&db](const node_beat& beat) -> caf::result<beat_answer> {
      return answer_with(db, "the heartbeat", [&] { return write_beat(db, beat); });
    },
    [&db](const node_leaves& node) {
      return done_with(db, "leaving", [&] { write_leaving(db, node); });
    },
    [&db](list_members) -> caf::result<member_list> {
      return answer_with(db, "listing members", [&] { return member_list{living_members(db)}; });
    },
    [&db](take_changes) -> caf::result<dealer_changes> {
      return answer_with(db, "hearing of changes", [&] { return changes_heard(db); });
    },
    [&db](list_nodes) -> caf::result<node_list> {
      return answer_with(db, "listing nodes", [&] { return all_nodes(db); });
    },
    [&db](const drain_node& wish) -> caf::result<done> {
      auto found = guarded(db, "draining a node", [&] { return wish_drain(db, wish); });
      if (!found)
        return std::move(found.error());
      if (!*found)
        return make_error(ec::not_found, "no node of this name is alive");
      return done{};
    },
  };
}

} // namespace meisim
