#include "actors/verification/refunds.hpp"

#include "actors/money/ask_wallet.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim {

namespace {

using refunds_pointer = job_worker_actor::stateful_pointer<refunds_state>;

void finish(refunds_pointer self, const job& work) {
  self->request(self->state.batches, caf::infinite, finish_refund{batch_id{work.subject}})
    .then([self, work](done) { put_down(self, work); }, postpone_on_error(self, work));
}

void pay(refunds_pointer self, const job& work, const refund_due& due) {
  if (due.rows.empty() || due.unit_price == money{})
    return finish(self, work);
  ask_wallet(
    self, self->state.region, row_refund_posting(due),
    [self, work](const receipt&) { finish(self, work); }, postpone_on_error(self, work));
}

void start(refunds_pointer self, const job& work) {
  self->request(self->state.batches, caf::infinite, load_refund{batch_id{work.subject}})
    .then([self, work](const refund_due& due) { pay(self, work, due); },
          postpone_on_error(self, work));
}

} // namespace

posting row_refund_posting(const refund_due& due) {
  std::string purpose = "refund of rows";
  for (auto number : due.rows)
    fmt::format_to(std::back_inserter(purpose), " {}", number);
  posting result;
  result.id = posting_id{derive_uuid(due.batch.value, purpose)};
  result.dealer = due.dealer;
  auto count = std::ssize(due.rows);
  result.lines.push_back(
    {entry_type::refund,
     due.unit_price * count,
     fmt::format("{} codes could not be checked, batch {}", count, to_string(due.batch)),
     {}});
  result.what = rows_refunded{due.batch, due.rows};
  return result;
}

job_worker_actor::behavior_type refunds(refunds_pointer self, job_loop_config config,
                                        job_store_actor store, verification_store_actor batches,
                                        region_actor region) {
  self->state.batches = std::move(batches);
  self->state.region = std::move(region);
  return job_behavior(self, std::move(config), std::move(store), start);
}

} // namespace meisim
