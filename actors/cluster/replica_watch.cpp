#include "actors/cluster/replica_watch.hpp"

#include "persistence/cluster/nodes.hpp"
#include "protocols/base/log.hpp"

#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 1s;

/// Nothing if the replica does not answer, or knows of no node.
std::optional<std::chrono::duration<double>> age_of_replica(database& db) {
  try {
    return since_last_beat(db);
  } catch (const std::exception&) {
    // The session has told the log why.
    db.close();
    return std::nullopt;
  }
}

void look(replica_watch_state& state) {
  auto age = age_of_replica(*state.db);
  bool is_usable = age && *age <= state.oldest;
  if (age)
    state.age->Set(age->count());
  state.usable->Set(is_usable ? 1 : 0);
  if (state.is_usable->exchange(is_usable) == is_usable)
    return;
  if (is_usable)
    log_info("long lists are read from the replica");
  else
    log_warn("long lists are read from the primary: the replica {}",
             age ? "is too old" : "does not answer");
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

} // namespace

replica_watch_actor::behavior_type replica_watch(
  replica_watch_actor::stateful_pointer<replica_watch_state> self, const replica_settings& settings,
  std::shared_ptr<std::atomic<bool>> is_usable, prometheus::Registry* registry) {
  auto& state = self->state;
  state.db = std::make_unique<database>(settings.connection, "replica-watch",
                                        server_watch::of(settings.connection, server_role::any));
  state.oldest = settings.oldest;
  state.is_usable = std::move(is_usable);
  state.usable =
    &gauge(*registry, "meisim_replica_usable", "Whether long lists are read from the replica");
  state.age = &gauge(*registry, "meisim_replica_age_seconds",
                     "Since the youngest heartbeat of a node that has reached the replica");
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      self->delayed_send(self, pause, tick_atom_v);
      look(self->state);
    },
  };
}

} // namespace meisim
