#include "persistence/money/effects/stripe_payment.hpp"

#include "persistence/money/effects/stripe_payment.sql.hpp"

namespace meisim {

namespace {

constexpr column<payment_step> expected_columns[] = {
  {"id", [](row_array& to, const payment_step& from) { to.add(from.payment); }},
  {"credited", [](row_array& to, const payment_step& from) { to.add(from.credited_before); }},
  {"refunded_cents",
   [](row_array& to, const payment_step& from) { to.add(from.refunded_before.cents()); }},
  {"reversed_cents",
   [](row_array& to, const payment_step& from) { to.add(from.reversed_before.cents()); }},
};

constexpr row_statement<payment_step> lock_expected{sql::lock_expected_payments, expected_columns};

constexpr column<payment_step> moved_columns[] = {
  {"id", [](row_array& to, const payment_step& from) { to.add(from.payment); }},
  {"refunded_cents",
   [](row_array& to, const payment_step& from) { to.add(from.refunded_after.cents()); }},
  {"reversed_cents",
   [](row_array& to, const payment_step& from) { to.add(from.reversed_after.cents()); }},
  {"intent", [](row_array& to, const payment_step& from) { to.add_optional(from.intent); }},
};

constexpr row_statement<payment_step> move_payments{sql::move_payments, moved_columns};

constexpr column<payment_step> movement_columns[] = {
  {"payment_id", [](row_array& to, const payment_step& from) { to.add(from.payment); }},
  {"cause", [](row_array& to, const payment_step& from) { to.add(from.cause); }},
  {"posting_id", [](row_array& to, const payment_step& from) { to.add(from.posting->what.id); }},
  {"amount_cents",
   [](row_array& to, const payment_step& from) { to.add(sum(from.posting->what.lines).cents()); }},
  {"created_at", [](row_array& to, const payment_step& from) { to.add(from.posting->decided_at); }},
};

constexpr row_statement<payment_step> insert_movements{sql::insert_movements, movement_columns};

} // namespace

void lock_payments(database& db, const std::vector<payment_step>& steps,
                   std::unordered_set<posting_id>& stale) {
  pipeline locks{db};
  auto expected = locks.rows_for(lock_expected);
  for (const auto& step : steps)
    expected.add(step);
  auto locked = locks.run_for_ids();
  for (const auto& step : steps)
    // Of two postings about one payment the second stands on what the first changes.
    if (std::erase(locked, step.payment.value) == 0)
      stale.insert(step.posting->what.id);
}

void add_payment_steps(pipeline& into, const std::vector<payment_step>& steps) {
  auto payments = into.rows_for(move_payments);
  auto movements = into.rows_for(insert_movements);
  for (const auto& step : steps) {
    payments.add(step);
    movements.add(step);
  }
}

} // namespace meisim
