#include "actors/base/job_store.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/deliveries.hpp"
#include "persistence/orders/esim_usage.hpp"
#include "persistence/orders/order_desk.hpp"
#include "persistence/orders/order_routes.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.hpp"

namespace meisim {

namespace {

/// How long CREDIT ORDERS has for an order that it has placed, before the job is due for
/// FULFILMENT. This is longer than the time for which a provider is asked about an order whose fate
/// is unknown.
constexpr int32_t account_lease_seconds = 60;

caf::error lost_order() {
  return make_error(ec::moved, "the order is in other hands, or has ended");
}

/// Runs work that only the holder of an order's job may do. `moved` if it was not done.
template <class Work>
caf::result<done> held_with(database& db, std::string_view subject, Work work) {
  auto is_held = guarded(db, subject, work);
  if (!is_held)
    return std::move(is_held.error());
  if (!*is_held)
    return lost_order();
  return done{};
}

/// Notes a delivery. If that fails because somebody has the eSIM already, the error says who.
template <class Work>
caf::result<done> deliver_with(database& db, const delivered_esim& unit, Work work) {
  auto is_held = guarded(db, "noting a delivery", work);
  if (is_held && *is_held)
    return done{};
  if (is_held)
    return lost_order();
  if (code_of(is_held.error()) != ec::conflict)
    return std::move(is_held.error());
  auto holder = guarded(db, "looking for an eSIM", [&] { return holder_of(db, unit); });
  if (!holder)
    return std::move(holder.error());
  return make_error(ec::conflict, "the provider has delivered an eSIM that "
                                    + holder->value_or("another order") + " has already");
}

} // namespace

job_store_actor::behavior_type job_store(job_store_actor::stateful_pointer<job_store_state> self,
                                         std::string connection) {
  // If PostgreSQL itself crashes, the last steps of some jobs are done again. The provider, the
  // mail's id and the order's state make that harmless. Waiting for the disk at each step would
  // slow down the ledger's commits.
  self->state.db = std::make_unique<database>(std::move(connection), "jobs", durability::soon);
  auto& db = *self->state.db;
  return {
    [&db](const lease_jobs& wish) -> caf::result<job_list> {
      return answer_with(db, "leasing jobs", [&] { return job_list{take_due_jobs(db, wish)}; });
    },
    [&db](const postpone_job& wish) {
      // If this fails, the lease runs out, with the same effect.
      std::ignore = done_with(db, "postponing a job", [&] { postpone_due_job(db, wish); });
    },
    [&db](const keep_job& wish) {
      std::ignore = done_with(db, "keeping a job", [&] { keep_leased_job(db, wish); });
    },
    [&db](const load_order& question) -> caf::result<order_to_fulfil> {
      return found_with(db, "loading an order", "no such order",
                        [&] { return find_order(db, question.id); });
    },
    [&db](const note_delivery& what) {
      return deliver_with(db, what.unit, [&] { return add_delivery_to_order(db, what); });
    },
    [&db](const complete_order& what) {
      return held_with(db, "completing an order", [&] { return mark_completed(db, what); });
    },
    [&db](const load_mail& question) -> caf::result<queued_mail> {
      return found_with(db, "loading a mail", "no such mail",
                        [&] { return find_mail(db, question.id); });
    },
    [&db](const finish_mail& end) {
      return done_with(db, "finishing a mail", [&] { mark_mail_finished(db, end); });
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
      return deliver_with(db, end.unit, [&] { return mark_account_order_finished(db, end); });
    },
    [&db](const finish_recharge& end) {
      return held_with(db, "finishing a top-up", [&] { return mark_recharge_finished(db, end); });
    },
    [&db](const fail_account_order& end) {
      return held_with(db, "failing an order on account",
                       [&] { return mark_account_order_failed(db, end); });
    },
    [&db](const esim_revoked& what) {
      return done_with(db, "noting a revocation", [&] { mark_esim_revoked(db, what); });
    },
    [&db](const note_esim_usage& what) {
      return done_with(db, "noting the use of eSIMs", [&] { keep_esim_usage(db, what, now()); });
    },
    [&db](const note_route& what) {
      return held_with(db, "noting whom an order is asked of",
                       [&] { return keep_route(db, what); });
    },
    [&db](const provider_news& news) {
      return done_with(db, "heeding a provider's news", [&] { wake_for(db, news); });
    },
    [&db](const retry_order& wish) -> caf::result<done> {
      auto is_due = guarded(db, "making an order due", [&] { return make_order_due(db, wish); });
      if (!is_due)
        return std::move(is_due.error());
      if (!*is_due)
        return make_error(ec::conflict, "the order has ended, or there is none");
      return done{};
    },
  };
}

} // namespace meisim
