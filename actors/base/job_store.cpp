#include "actors/base/job_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.hpp"
#include "persistence/verification/verification_results.hpp"

namespace meisim {

namespace {

/// How long the one who placed an order on account has to end it: longer than the provider is asked
/// after an order whose fate is unknown.
constexpr int32_t account_lease_seconds = 60;

} // namespace

job_store_actor::behavior_type job_store(job_store_actor::stateful_pointer<job_store_state> self,
                                         std::string connection) {
  // Should PostgreSQL itself crash, the last steps of some jobs are done again: the provider, the
  // mail's id and the order's state make that harmless. Waiting for the disk at each step would
  // slow the ledger's commits.
  self->state.db = std::make_unique<database>(std::move(connection), "jobs", durability::soon);
  auto& db = *self->state.db;
  return {
    [&db](const lease_jobs& wish) -> caf::result<job_list> {
      return answer_with(db, "leasing jobs", [&] { return job_list{take_due_jobs(db, wish)}; });
    },
    [&db](const postpone_job& wish) {
      // Where this fails the lease runs out, which comes to the same.
      std::ignore = done_with(db, "postponing a job", [&] { postpone_due_job(db, wish); });
    },
    [&db](const load_order& question) -> caf::result<order_to_fulfil> {
      return found_with(db, "loading an order", "no such order",
                        [&] { return find_order(db, question.id); });
    },
    [&db](const delivered_esim& unit) {
      return done_with(db, "noting a delivery", [&] { insert_delivery(db, unit); });
    },
    [&db](const esim_mailed& unit) {
      return done_with(db, "noting a mail", [&] { mark_mailed(db, unit); });
    },
    [&db](const complete_order& order) {
      return done_with(db, "completing an order", [&] { mark_completed(db, order.id); });
    },
    [&db](const load_mail& question) -> caf::result<queued_mail> {
      return found_with(db, "loading a mail", "no such mail",
                        [&] { return find_mail(db, question.id); });
    },
    [&db](const load_batch_report& question) -> caf::result<batch_report> {
      return found_with(db, "loading a batch's results", "no such batch",
                        [&] { return batch_report_of(db, question); });
    },
    [&db](const finish_mail& end) {
      return done_with(db, "finishing a mail", [&] { mark_mail_finished(db, end); });
    },
    [&db](const queued_mail& mail) {
      return done_with(db, "queueing a mail", [&] {
        pipeline steps{db};
        queue_mail(steps, mail);
        steps.run_as_transaction();
      });
    },
    [&db](const account_order& order) -> caf::result<account_placement> {
      return answer_with(db, "placing an order on account",
                         [&] { return place_order_on_account(db, order, account_lease_seconds); });
    },
    [&db](const find_account_order& asked) -> caf::result<account_placement> {
      return found_with(db, "finding an order on account", "no such order",
                        [&] { return account_order_under(db, asked.id); });
    },
    [&db](const finish_account_order& end) {
      return done_with(db, "finishing an order on account",
                       [&] { mark_account_order_finished(db, end); });
    },
    [&db](const finish_recharge& end) {
      return done_with(db, "finishing a top-up", [&] { mark_recharge_finished(db, end); });
    },
    [&db](const fail_account_order& end) -> caf::result<done> {
      auto ended = guarded(db, "failing an order on account",
                           [&] { return mark_account_order_failed(db, end); });
      if (!ended)
        return std::move(ended.error());
      if (end.may_be_repeated && !*ended)
        return make_error(ec::conflict, "the order is being asked after");
      return done{};
    },
    [&db](const esim_revoked& what) {
      return done_with(db, "noting a revocation", [&] { mark_esim_revoked(db, what); });
    },
  };
}

} // namespace meisim
