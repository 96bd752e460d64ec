#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/parameters.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/text.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_reconciliation.hpp"

#include <array>
#include <chrono>

namespace meisim::http {

namespace {

// -- payments -------------------------------------------------------------------------------------

void write_payment(json_writer& out, const payment_view& payment) {
  const auto& what = payment.what;
  out.member("id", to_string(what.id))
    .member("dealer", payment.email)
    .member("kind", to_string(what.kind))
    .member("reference", what.reference)
    .member("intent", what.intent)
    .member("net", what.net)
    .member("gross", what.gross)
    .member("credited", what.is_credited())
    .member("reversed", what.reversed())
    .member("fees", what.fees())
    .member("created_at", rfc3339(payment.at));
}

void write_movement(json_writer& out, const stripe_movement& movement) {
  out.member("id", movement.id)
    .member("kind", to_string(movement.kind))
    .member("amount", movement.amount)
    .member("fee", movement.fee)
    .member("undone", movement.is_undone);
}

void write_posting(json_writer& out, const payment_posting& posting) {
  out.member("id", to_string(posting.id))
    .member("movement", posting.movement)
    .member("amount", posting.amount)
    .member("created_at", rfc3339(posting.at));
}

void admin_list_payments(const exchange_pointer& x) {
  list_payments question;
  question.email = trimmed_text(x->incoming.parameter("dealer").value_or(""));
  auto limit = x->incoming.whole_parameter("limit", 1, 1'000, question.limit);
  if (!limit)
    return fail(x, limit.error());
  question.limit = static_cast<int32_t>(*limit);
  ask<payment_list>(
    x, x->node->payments,
    [x](const payment_list& list) { succeed(x, json_objects(list.payments, write_payment)); },
    std::move(question));
}

void admin_show_payment(const exchange_pointer& x) {
  ask<payment_view>(
    x, x->node->payments,
    [x](const payment_view& payment) {
      succeed(x, json_object([&](json_writer& out) {
                write_payment(out, payment);
                out.objects("movements", payment.what.movements, write_movement)
                  .objects("postings", payment.postings, write_posting);
              }));
    },
    show_payment{x->captures.front()});
}

void admin_replay_payment(const exchange_pointer& x) {
  write_down(x, x->captures.front(), [x] {
    ask<replay_outcome>(
      x, x->node->stripe,
      [x](const replay_outcome& outcome) {
        succeed(x, json_object([&](json_writer& out) {
                  out.member("ok", outcome.problem.empty()).member("problem", outcome.problem);
                }));
      },
      replay_payment{x->captures.front(), stamp_of(x)});
  });
}

// -- events that wait -----------------------------------------------------------------------------

void write_unmatched(json_writer& out, const unmatched_event& event) {
  out.member("event", event.what.event)
    .member("type", event.what.type)
    .member("session", event.what.session)
    .member("intent", event.what.intent)
    .member("reason", event.what.reason)
    .member("created_at", rfc3339(event.at));
}

void admin_list_unmatched(const exchange_pointer& x) {
  ask<unmatched_list>(
    x, x->node->payments,
    [x](const unmatched_list& list) { succeed(x, json_objects(list.events, write_unmatched)); },
    list_unmatched{});
}

void admin_settle_unmatched(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return settle_unmatched{x->captures.front(), in.required_text("reason"), stamp_of(x)};
  });
  if (wish)
    ask<done>(
      x, x->node->payments, [x](done) { succeed(x); }, std::move(*wish));
}

// -- reconciliation -------------------------------------------------------------------------------

void write_difference(json_writer& out, const stripe_difference& difference) {
  out.member("id", difference.id)
    .member("type", difference.type)
    .member("amount", difference.amount)
    .member("at", rfc3339(difference.at));
}

void admin_reconcile(const exchange_pointer& x) {
  parameters in{x->incoming};
  auto from = in.day("from");
  auto to = in.day("to");
  if (!from || !to)
    in.reject(from ? "to" : "from", "is required: a day like 2026-05-05", cause::missing_field);
  else if (*from > *to)
    in.reject("from", "must not be after to");
  if (in.failure())
    return fail(x, in.failure());
  ask<stripe_reconciliation>(
    x, x->node->stripe,
    [x](const stripe_reconciliation& held) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", held.missing_here.empty() && held.missing_at_stripe.empty())
                  .member("at_stripe", held.at_stripe)
                  .member("here", held.here)
                  .objects("missing_here", held.missing_here, write_difference)
                  .objects("missing_at_stripe", held.missing_at_stripe, write_difference);
              }));
    },
    // Whole days, both included.
    reconcile_stripe{*from, *to + std::chrono::days{1}});
}

} // namespace

route_table payment_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{
      get, "/admin/v1/payments", viewer, none, admin_list_payments, {.parameters = "dealer limit"}},
    route{get, "/admin/v1/payments/:id", viewer, none, admin_show_payment},
    route{post,
          "/admin/v1/payments/:id/replay",
          finance,
          none,
          admin_replay_payment,
          {.is_repeatable = true, .audit = audit_kind::payment_replayed}},
    route{get, "/admin/v1/stripe/unmatched", viewer, none, admin_list_unmatched},
    route{post,
          "/admin/v1/stripe/unmatched/:event/settle",
          finance,
          none,
          admin_settle_unmatched,
          {.is_repeatable = true, .audit = audit_kind::event_settled}},
    route{get,
          "/admin/v1/stripe/reconciliation",
          finance,
          none,
          admin_reconcile,
          {.parameters = "from to"}},
  };
  return table;
}

} // namespace meisim::http
