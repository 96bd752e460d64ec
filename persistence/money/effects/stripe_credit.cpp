#include "persistence/money/effects/stripe_payment.hpp"

namespace meisim {

namespace {

std::vector<committed_step> credits_in(postings_view postings) {
  std::vector<committed_step> steps;
  for_each_effect<stripe_credited>(postings, [&](const auto& posting, const auto& credit) {
    committed_step step;
    step.payment = credit.payment;
    step.posting = &posting;
    step.intent = credit.intent;
    step.at = posting.decided_at;
    steps.push_back(step);
  });
  return steps;
}

void lock_credits(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  lock_payments(db, credits_in(postings), stale);
}

void add_credits(pipeline& into, postings_view postings) {
  add_payment_steps(into, credits_in(postings));
}

} // namespace

extern const effect_kind stripe_credit_effect{.name = "stripe_credit",
                                              .account = stripe_credited::account,
                                              .place = place_of<stripe_credited>,
                                              .lock = lock_credits,
                                              .add = add_credits};

} // namespace meisim
