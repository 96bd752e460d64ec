#include "actors/base/month_keeper.hpp"

#include "persistence/base/months.hpp"
#include "protocols/base/log.hpp"

#include <chrono>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr auto between_months_made = 6h;
constexpr auto after_no_months = 1min;

} // namespace

month_keeper_actor::behavior_type month_keeper(
  month_keeper_actor::stateful_pointer<month_keeper_state> self, std::string connection) {
  self->state.db = std::make_unique<database>(std::move(connection), "months", durability::soon);
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      auto& db = *self->state.db;
      auto made = guarded(db, "making the tables of months", [&] { return make_months(db); });
      if (!made)
        return self->delayed_send(self, after_no_months, tick_atom_v);
      if (*made > 0)
        log_info("database: made {} tables of the months to come", *made);
      // The session would be idle until the next look, so it is closed.
      db.close();
      self->delayed_send(self, between_months_made, tick_atom_v);
    },
  };
}

} // namespace meisim
