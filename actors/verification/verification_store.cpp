#include "actors/verification/verification_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/supply/replacements.hpp"
#include "persistence/verification/devices.hpp"
#include "persistence/verification/row_leases.hpp"
#include "persistence/verification/verification.hpp"

namespace meisim {

verification_store_actor::behavior_type verification_store(
  verification_store_actor::stateful_pointer<verification_store_state> self,
  std::string connection) {
  // If PostgreSQL itself crashes, the last rows are checked again. A refund is not lost: it is on
  // disk together with all that led to it.
  self->state.db =
    std::make_unique<database>(std::move(connection), "verification", durability::soon);
  auto& db = *self->state.db;
  return {
    [&db](const lease_rows& wish) -> caf::result<lease_grant> {
      return answer_with(db, "leasing rows", [&] { return lease_open_rows(db, wish); });
    },
    [&db](const write_verdicts& work) -> caf::result<verdicts_written> {
      return answer_with(db, "writing verdicts", [&] { return write_findings(db, work); });
    },
    [&db](const renew_leases& wish) {
      return done_with(db, "renewing leases", [&] { renew_row_leases(db, wish); });
    },
    [&db](const note_devices& here) -> caf::result<noted_devices> {
      return answer_with(db, "noting devices", [&] { return update_devices(db, here); });
    },
    [&db](const list_devices&) -> caf::result<device_list> {
      return answer_with(db, "listing devices", [&] { return known_devices(db); });
    },
    [&db](const find_well_hosts& question) -> caf::result<well_hosts> {
      return answer_with(db, "looking for hosts", [&] { return find_hosts(db, question); });
    },
    [&db](const count_ask& question) -> caf::result<ask_leave> {
      return answer_with(db, "counting a question", [&] { return take_leave(db, question); });
    },
    [&db](const release_ask& question) {
      return done_with(db, "releasing a question", [&] { give_leave_back(db, question); });
    },
    [&db](const cancel_batch& wish) -> caf::result<refund_due> {
      auto cancelled = guarded(db, "cancelling a batch", [&] { return cancel(db, wish); });
      if (!cancelled)
        return std::move(cancelled.error());
      if (!*cancelled)
        return make_error(ec::not_found, wish.dealer ? "there is no such batch of yours"
                                                     : "there is no such batch");
      if (!(*cancelled)->was_possible)
        return make_error(ec::conflict, "the batch is complete");
      return std::move((*cancelled)->due);
    },
    [&db](const load_refund& question) -> caf::result<refund_due> {
      return found_with(db, "loading a refund", "no such batch",
                        [&] { return find_refund_due(db, question.batch); });
    },
    [&db](const finish_refund& end) {
      return done_with(db, "ending a refund", [&] { end_refund_job(db, end.batch); });
    },
    [&db](const request_replacement& wish) -> caf::result<replacement_view> {
      return found_with(db, "beginning a check", "iccid names no eSIM that was sold to you",
                        [&] { return begin_replacement(db, wish); });
    },
    [&db](const load_verdicts& question) -> caf::result<replacement_verdicts> {
      return found_with(db, "loading a check", "no such check",
                        [&] { return verdicts_of(db, question.batch); });
    },
    [&db](const take_step& what) -> caf::result<replacement_view> {
      return answer_with(db, "deciding a check", [&] { return apply_step(db, what); });
    },
    [&db](const resolve_review& what) -> caf::result<replacement_view> {
      return found_with(db, "resolving a review", "there is no such check to review",
                        [&] { return apply_review(db, what); });
    },
  };
}

} // namespace meisim
