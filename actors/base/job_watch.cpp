#include "actors/base/job_watch.hpp"

#include "protocols/base/jobs.hpp"

#include <array>
#include <string>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using watch_pointer = job_watch_actor::stateful_pointer<job_watch_state>;

constexpr auto pause = 10s;

/// A kind without a job has no row: it shows zero.
constexpr std::array kinds{"fulfil", "mail", "refund", "replacement", "webhook"};

prometheus::Family<prometheus::Gauge>& family(prometheus::Registry& registry, const char* name,
                                              const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

void show(job_watch_state& state, const job_counts& counts) {
  for (const auto* kind : kinds) {
    state.counts->Add({{"kind", kind}}).Set(0);
    state.ages->Add({{"kind", kind}}).Set(0);
  }
  for (const auto& of_kind : counts.kinds) {
    state.counts->Add({{"kind", of_kind.kind}}).Set(static_cast<double>(of_kind.count));
    state.ages->Add({{"kind", of_kind.kind}}).Set(static_cast<double>(of_kind.oldest_seconds));
  }
  state.stuck_orders->Set(static_cast<double>(counts.stuck_orders));
}

} // namespace

job_watch_actor::behavior_type job_watch(watch_pointer self, job_store_actor store,
                                         std::shared_ptr<prometheus::Registry> registry,
                                         int32_t stuck_after_seconds) {
  auto& state = self->state;
  state.store = std::move(store);
  state.registry = std::move(registry);
  state.stuck_after_seconds = stuck_after_seconds;
  state.counts = &family(*state.registry, "meisim_jobs", "Work that is queued or under way");
  state.ages = &family(*state.registry, "meisim_job_oldest_seconds",
                       "For how long the oldest work has been due, or failing");
  state.stuck_orders = &family(*state.registry, "meisim_stuck_orders",
                               "Orders that a person has to look at: no try gets any further")
                          .Add({});
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      self->delayed_send(self, pause, tick_atom_v);
      self->request(self->state.store, caf::infinite, count_jobs{self->state.stuck_after_seconds})
        .then([self](const job_counts& counts) { show(self->state, counts); },
              // The database is away, which others report.
              [](const caf::error&) {});
    },
  };
}

} // namespace meisim
