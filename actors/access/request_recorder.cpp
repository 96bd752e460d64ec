#include "actors/access/request_recorder.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/access/dealer_requests.hpp"

#include <chrono>
#include <tuple>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr auto between_recordings = 1s;
constexpr auto between_sweeps = 1min;

} // namespace

request_recorder_actor::behavior_type request_recorder(
  request_recorder_actor::stateful_pointer<request_recorder_state> self, std::string connection,
  std::shared_ptr<request_notes> notes) {
  self->state.db =
    std::make_unique<database>(std::move(connection), "request_recorder", durability::soon);
  self->state.notes = std::move(notes);
  self->delayed_send(self, between_recordings, tick_atom_v);
  self->delayed_send(self, between_sweeps, sweep_atom_v);
  return {
    [self](tick_atom) {
      auto& db = *self->state.db;
      if (auto gathered = self->state.notes->take(); !gathered.empty())
        std::ignore = done_with(db, "recording requests", [&] { write_requests(db, gathered); });
      self->delayed_send(self, between_recordings, tick_atom_v);
    },
    [self](sweep_atom) {
      auto& db = *self->state.db;
      std::ignore = done_with(db, "forgetting requests", [&] { forget_old_requests(db); });
      self->delayed_send(self, between_sweeps, sweep_atom_v);
    },
  };
}

} // namespace meisim
