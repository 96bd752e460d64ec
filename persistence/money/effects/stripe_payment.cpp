#include "persistence/money/effects/stripe_payment.hpp"

#include "persistence/money/effects/stripe_payment.sql.hpp"

namespace meisim {

namespace {

constexpr column<committed_step> expected_columns[] = {
  {"id", [](row_array& to, const committed_step& from) { to.add(from.payment); }},
  {"version", [](row_array& to, const committed_step& from) { to.add(from.version); }},
};

constexpr row_statement<committed_step> lock_expected{sql::lock_expected_payments,
                                                      expected_columns};

constexpr column<committed_step> moved_columns[] = {
  {"id", [](row_array& to, const committed_step& from) { to.add(from.payment); }},
  {"taken_cents", [](row_array& to, const committed_step& from) { to.add(from.taken.cents()); }},
  {"intent", [](row_array& to, const committed_step& from) { to.add_optional(from.intent); }},
};

constexpr row_statement<committed_step> move_payments{sql::move_payments, moved_columns};

constexpr column<committed_step> movement_columns[] = {
  {"id", [](row_array& to, const committed_step& from) { to.add(from.movement->id); }},
  {"payment_id", [](row_array& to, const committed_step& from) { to.add(from.payment); }},
  {"kind",
   [](row_array& to, const committed_step& from) { to.add(to_string(from.movement->kind)); }},
  {"amount_cents",
   [](row_array& to, const committed_step& from) { to.add(from.movement->amount.cents()); }},
  {"fee_cents",
   [](row_array& to, const committed_step& from) { to.add(from.movement->fee.cents()); }},
  {"undone", [](row_array& to, const committed_step& from) { to.add(from.movement->is_undone); }},
  {"created_at", [](row_array& to, const committed_step& from) { to.add(from.at); }},
};

constexpr row_statement<committed_step> put_movements{sql::put_movements, movement_columns};

constexpr column<committed_step> posting_columns[] = {
  {"posting_id", [](row_array& to, const committed_step& from) { to.add(from.posting->what.id); }},
  {"payment_id", [](row_array& to, const committed_step& from) { to.add(from.payment); }},
  {"movement_id",
   [](row_array& to, const committed_step& from) {
     to.add_optional(from.movement ? std::string_view{from.movement->id} : std::string_view{});
   }},
  {"amount_cents",
   [](row_array& to, const committed_step& from) {
     to.add(sum(from.posting->what.lines).cents());
   }},
  {"created_at", [](row_array& to, const committed_step& from) { to.add(from.at); }},
};

constexpr row_statement<committed_step> insert_postings{sql::insert_stripe_postings,
                                                        posting_columns};

} // namespace

std::vector<bool> lock_payments(database& db, const std::vector<committed_step>& steps) {
  pipeline locks{db};
  auto expected = locks.rows_for(lock_expected);
  for (const auto& step : steps)
    expected.add(step);
  auto locked = locks.run_for_ids();
  std::vector<bool> result;
  for (const auto& step : steps)
    // Of two steps of one payment, only the first finds the payment where it expects it: the first
    // changes what the second stands on.
    result.push_back(std::erase(locked, step.payment.value) > 0);
  return result;
}

void lock_payments(database& db, const std::vector<committed_step>& steps,
                   std::unordered_set<posting_id>& stale) {
  auto stand = lock_payments(db, steps);
  for (size_t i = 0; i < steps.size(); ++i)
    if (!stand[i])
      stale.insert(steps[i].posting->what.id);
}

void add_payment_steps(pipeline& into, const std::vector<committed_step>& steps) {
  auto payments = into.rows_for(move_payments);
  auto movements = into.rows_for(put_movements);
  auto postings = into.rows_for(insert_postings);
  for (const auto& step : steps) {
    payments.add(step);
    if (step.movement)
      movements.add(step);
    if (step.posting)
      postings.add(step);
  }
}

} // namespace meisim
