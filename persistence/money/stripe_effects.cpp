#include "persistence/money/stripe_effects.hpp"

#include "persistence/base/array.hpp"

#include <optional>

namespace meisim {

namespace {

using postings_view = std::span<const std::shared_ptr<const decided_posting>>;

/// Where a posting expects its payment, and where it leaves it.
struct payment_step {
  const decided_posting* posting = nullptr;
  payment_id payment;
  std::string_view cause;
  std::string_view intent;
  bool credited_before = false;
  money refunded_before, refunded_after;
  money reversed_before, reversed_after;
};

std::optional<payment_step> step_of(const decided_posting& posting) {
  payment_step step;
  step.posting = &posting;
  if (auto* credit = std::get_if<stripe_credited>(&posting.what.what)) {
    step.payment = credit->payment;
    step.cause = "paid";
    step.intent = credit->intent;
    return step;
  }
  if (auto* reversal = std::get_if<stripe_reversed>(&posting.what.what)) {
    step.payment = reversal->payment;
    step.cause = reversal->cause;
    step.credited_before = true;
    step.refunded_before = reversal->refunded_before;
    step.refunded_after = reversal->refunded_after;
    step.reversed_before = reversal->reversed_before;
    step.reversed_after = reversal->reversed_before + reversal->taken;
    return step;
  }
  return std::nullopt;
}

std::vector<payment_step> steps_in(postings_view postings) {
  std::vector<payment_step> steps;
  for (const auto& posting : postings)
    if (auto step = step_of(*posting))
      steps.push_back(*step);
  return steps;
}

struct lock_expected {
  explicit lock_expected(soci::session& sql)
    : statement(
      (sql.prepare << "WITH locked AS (SELECT p.id FROM stripe_payments p"
                      " JOIN unnest(:ids::uuid[], :credited::boolean[], :refunded::bigint[],"
                      " :reversed::bigint[]) AS e(id, credited, refunded, reversed) ON p.id = e.id"
                      " WHERE p.credited = e.credited AND p.refunded_cents = e.refunded"
                      " AND p.reversed_cents = e.reversed ORDER BY p.id FOR UPDATE OF p)"
                      " SELECT coalesce(string_agg(id::text, ','), '') FROM locked",
       soci::use(ids, "ids"), soci::use(credited, "credited"), soci::use(refunded, "refunded"),
       soci::use(reversed, "reversed"), soci::into(locked))) {
    // nop
  }

  std::string ids, credited, refunded, reversed, locked;
  soci::statement statement;
};

struct move_payments {
  explicit move_payments(soci::session& sql)
    : statement(
      (sql.prepare << "UPDATE stripe_payments p SET credited = true, refunded_cents = m.refunded,"
                      " reversed_cents = m.reversed, intent = coalesce(p.intent, m.intent)"
                      " FROM unnest(:ids::uuid[], :refunded::bigint[], :reversed::bigint[],"
                      " :intents::text[]) AS m(id, refunded, reversed, intent) WHERE p.id = m.id",
       soci::use(ids, "ids"), soci::use(refunded, "refunded"), soci::use(reversed, "reversed"),
       soci::use(intents, "intents"))) {
    // nop
  }

  std::string ids, refunded, reversed, intents;
  soci::statement statement;
};

} // namespace

void lock_payments(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  auto steps = steps_in(postings);
  if (steps.empty())
    return;
  array_text ids, credited, refunded, reversed;
  for (const auto& step : steps) {
    ids.add(step.payment);
    credited.add(std::string_view{step.credited_before ? "t" : "f"});
    refunded.add(step.refunded_before.cents());
    reversed.add(step.reversed_before.cents());
  }
  auto& query = db.prepared<lock_expected>();
  query.ids = ids.take();
  query.credited = credited.take();
  query.refunded = refunded.take();
  query.reversed = reversed.take();
  query.statement.execute(true);
  auto locked = split_ids<payment_id>(query.locked);
  for (const auto& step : steps)
    // Of two postings about one payment the second stands on what the first changes.
    if (locked.erase(step.payment) == 0)
      stale.insert(step.posting->what.id);
}

void add_payment_movements(pipeline& into, postings_view postings) {
  auto& movements = into.rows_for(
    "INSERT INTO stripe_movements (payment_id, cause, posting_id, amount_cents, created_at)"
    " SELECT * FROM unnest($1::movement_row[])");
  for (const auto& step : steps_in(postings)) {
    movements.row();
    movements.add(step.payment);
    movements.add(step.cause);
    movements.add(step.posting->what.id);
    movements.add(sum(step.posting->what.lines).cents());
    movements.add(step.posting->decided_at);
  }
}

void write_payments(database& db, postings_view postings) {
  auto steps = steps_in(postings);
  if (steps.empty())
    return;
  array_text ids, refunded, reversed, intents;
  for (const auto& step : steps) {
    ids.add(step.payment);
    refunded.add(step.refunded_after.cents());
    reversed.add(step.reversed_after.cents());
    intents.add_optional(step.intent);
  }
  auto& query = db.prepared<move_payments>();
  query.ids = ids.take();
  query.refunded = refunded.take();
  query.reversed = reversed.take();
  query.intents = intents.take();
  query.statement.execute(true);
}

} // namespace meisim
