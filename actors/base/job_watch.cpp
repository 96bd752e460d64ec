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
constexpr std::array kinds{"esim", "fulfil", "mail", "refund", "replacement", "webhook"};

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
  state.failed_mails->Set(static_cast<double>(counts.failed_mails));
  state.failed_messages->Set(static_cast<double>(counts.failed_messages));
  state.held->Set(counts.is_held ? 1 : 0);
  state.database_sessions->Set(static_cast<double>(counts.database_sessions));
  state.standby_wait->Set(counts.standby_wait_seconds);
  state.claims->Set(static_cast<double>(counts.claims));
  state.token_end->Set(static_cast<double>(counts.next_token_end));
  state.database_up->Set(1);
  if (counts.proof_age_seconds >= 0)
    state.proof_age->Add({}).Set(static_cast<double>(counts.proof_age_seconds));
}

void declare_metrics(job_watch_state& state) {
  auto& registry = *state.registry;
  state.counts = &family(registry, "meisim_jobs", "Work that is queued or under way");
  state.ages = &family(registry, "meisim_job_oldest_seconds",
                       "For how long the oldest work has been due, or failing");
  auto single = [&](const char* name, const char* help) {
    return &family(registry, name, help).Add({});
  };
  state.stuck_orders =
    single("meisim_stuck_orders", "Orders that a person has to look at: no try gets any further");
  state.failed_mails = single("meisim_mails_refused", "Mails that a server refused for good");
  state.failed_messages =
    single("meisim_webhook_messages_failed", "Messages that webhooks did not take in time");
  state.held = single("meisim_held", "1 while nobody takes any work, as an operator wanted");
  state.database_up = single("meisim_database_up", "Whether PostgreSQL answers");
  // The database has just answered: no node starts without it.
  state.database_up->Set(1);
  state.database_sessions =
    single("meisim_database_sessions", "Sessions of all nodes at the database");
  state.standby_wait = single("meisim_database_sync_wait_seconds",
                              "For how long a commit has been waiting for a synchronous standby");
  state.claims =
    single("meisim_stock_claims", "eSIMs of one lot that were said to be broken within "
                                  "a day, of the lot of which most were");
  state.token_end = single("meisim_operator_token_expiry_timestamp_seconds",
                           "When the next token of a script ends; 0 if none will");
  state.proof_age =
    &family(registry, "meisim_ledger_proof_age_seconds", "Since the ledger was last found whole");
}

} // namespace

job_watch_actor::behavior_type job_watch(watch_pointer self, records_actor records,
                                         std::shared_ptr<prometheus::Registry> registry,
                                         int32_t stuck_after_seconds) {
  auto& state = self->state;
  state.records = std::move(records);
  state.registry = std::move(registry);
  state.stuck_after_seconds = stuck_after_seconds;
  declare_metrics(state);
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      self->delayed_send(self, pause, tick_atom_v);
      self->request(self->state.records, caf::infinite, count_jobs{self->state.stuck_after_seconds})
        .then([self](const job_counts& counts) { show(self->state, counts); },
              [self](const caf::error&) { self->state.database_up->Set(0); });
    },
  };
}

} // namespace meisim
