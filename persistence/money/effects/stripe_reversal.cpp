#include "persistence/money/effects/stripe_payment.hpp"

namespace meisim {

namespace {

std::vector<committed_step> reversals_in(postings_view postings) {
  std::vector<committed_step> steps;
  for_each_effect<stripe_reversed>(postings, [&](const auto& posting, const auto& reversal) {
    committed_step step;
    step.payment = reversal.payment;
    step.version = reversal.payment_version;
    step.posting = &posting;
    step.movement = &reversal.movement;
    step.taken = reversal.taken;
    step.at = posting.decided_at;
    steps.push_back(step);
  });
  return steps;
}

void lock_reversals(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  lock_payments(db, reversals_in(postings), stale);
}

void add_reversals(pipeline& into, postings_view postings) {
  add_payment_steps(into, reversals_in(postings));
}

} // namespace

extern const effect_kind stripe_reversal_effect{.name = "stripe_reversal",
                                                .account = stripe_reversed::account,
                                                .place = place_of<stripe_reversed>,
                                                .lock = lock_reversals,
                                                .add = add_reversals};

} // namespace meisim
