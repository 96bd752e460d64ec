#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/parameters.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/resend.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_desk.hpp"

#include <array>

namespace meisim::http {

// Orders as operators see and end them.

namespace {

void write_overview(json_writer& out, const order_overview& order) {
  out.member("id", order.id)
    .member("shortId", order.short_id)
    .member("dealer", order.dealer)
    .member("type", order.type)
    .member("product", order.product)
    .member("quantity", order.quantity)
    .member("delivered", order.delivered)
    .member("totalUsd", order.total)
    .member("status", order.status)
    .member("failure", or_null(order.failure))
    .member("customerReference", or_null(order.customer_reference))
    .member("customerEmail", or_null(order.customer_email))
    .member("createdAt", order.created_at)
    .member("completedAt", order.completed_at)
    .member("stuck", order.is_stuck)
    .member("attempts", order.attempts)
    .member("nextTryAt", order.next_try_at)
    .member("failingSince", order.failing_since)
    .member("lastWords", or_null(order.last_words));
}

/// Reads the query of a list into `question`, or says what is wrong with it.
caf::error read_query(const exchange& x, find_orders& question) {
  constexpr std::array<std::string_view, 5> statuses{"pending", "processing", "completed", "failed",
                                                     "revoked"};
  constexpr std::array<std::string_view, 2> flags{"true", "false"};
  auto limit = x.incoming.whole_parameter("limit", 1, 1'000, 100);
  if (!limit)
    return limit.error();
  question.limit = *limit;
  parameters in{x.incoming};
  question.only_stuck = in.choice("stuck", flags) == "true";
  question.status = in.choice("status", statuses);
  question.dealer_email = in.text("dealer");
  question.quoted = in.text("q");
  question.since = in.moment("since").value_or(question.since);
  return in.failure();
}

void admin_list_orders(const exchange_pointer& x) {
  find_orders question;
  question.stuck_after_seconds = x->node->stuck_after_seconds;
  if (auto failure = read_query(*x, question))
    return fail(x, failure);
  ask<order_overviews>(
    x, x->node->slow_records,
    [x](const order_overviews& list) { succeed(x, json_objects(list.orders, write_overview)); },
    question);
}

/// Calls `go_on(order_id)` if the path names an order, by its id or its short id.
template <class GoOn>
void with_order_id(const exchange_pointer& x, GoOn go_on) {
  auto name = read_order_name(x->captures.front());
  if (!name)
    return fail(x, make_error(cause::not_found,
                              "there is no such order: it is named by its id, a UUID, or its short "
                              "id, such as MM-AB12CD",
                              "order"));
  if (name->id)
    return go_on(name->id);
  ask<meisim::named_order>(
    x, x->node->records.next(), [go_on](const meisim::named_order& found) { go_on(found.id); },
    find_order_named{name->number});
}

/// The order, with all that belongs to it.
void show_order(const exchange_pointer& x, const order_overview& order) {
  ask<desk_answer>(
    x, x->node->slow_records,
    [x, order](const desk_answer& rest) {
      std::string_view members{rest.json};
      members = members.substr(1, members.size() - 2);
      succeed_as_written(x, json_object([&](json_writer& out) {
                           write_overview(out, order);
                           out.members({members});
                         }));
    },
    desk_question{desk_list::order, {{"order", to_string(order.id)}}});
}

void admin_show_order(const exchange_pointer& x) {
  with_order_id(x, [x](order_id id) {
    find_orders question;
    question.order = id;
    question.stuck_after_seconds = x->node->stuck_after_seconds;
    ask<order_overviews>(
      x, x->node->slow_records,
      [x](const order_overviews& found) {
        if (found.orders.empty())
          fail(x, make_error(ec::not_found, "there is no such order"));
        else
          show_order(x, found.orders.front());
      },
      question);
  });
}

/// The change is done, even if the order cannot be shown now.
auto show_done(const exchange_pointer& x, order_id id) {
  return [x, id](done) {
    find_orders question;
    question.order = id;
    question.stuck_after_seconds = x->node->stuck_after_seconds;
    auto plainly = [x, id] {
      succeed(x, json_object([&](json_writer& out) { out.member("ok", true).member("id", id); }));
    };
    ask_or<order_overviews>(
      x, x->node->slow_records,
      [x, plainly](const order_overviews& found) {
        if (found.orders.empty())
          return plainly();
        succeed(x, json_object(write_overview, found.orders.front()));
      },
      [plainly](const caf::error&) { plainly(); }, question);
  };
}

std::string read_order_reason(fields& in) {
  return in.required_text("reason", 1, 500);
}

void admin_retry_order(const exchange_pointer& x) {
  auto reason = read_body(x, read_order_reason);
  if (!reason)
    return;
  with_order_id(x, [x, reason = *reason](order_id id) {
    ask<done>(x, x->node->order_desk, show_done(x, id), retry_order{id, reason, stamp_of(x)});
  });
}

void admin_fail_order(const exchange_pointer& x) {
  auto reason = read_body(x, read_order_reason);
  if (!reason)
    return;
  with_order_id(x, [x, reason = *reason](order_id id) {
    ask<done>(x, x->node->order_desk, show_done(x, id), fail_order{id, reason, stamp_of(x)});
  });
}

// -- notes, and the mail once more
// ------------------------------------------------------------------

void admin_note_order(const exchange_pointer& x) {
  auto reason = read_body(x, read_order_reason);
  if (!reason)
    return;
  with_order_id(x, [x, reason = *reason](order_id id) {
    change_at_desk(x, desk_action::note_order,
                   {{"id", to_string(make_uuid())},
                    {"order", to_string(id)},
                    {"author", x->caller.name},
                    {"reason", reason}});
  });
}

struct resend_wish {
  std::string email;
  idempotency known_as;
};

void resend_order(const exchange_pointer& x, const resend_wish& wish,
                  const order_to_fulfil& order) {
  if (order.delivered.empty())
    return fail(x, make_error(ec::conflict, "nothing of the order was delivered"));
  auto recipient = wish.email.empty() ? order.buyer.email : wish.email;
  if (recipient.empty())
    return fail(
      x, make_error(cause::missing_field, "email is required: the order has no address", "email"));
  auto what = resend_posting(order, recipient, money{});
  what.idempotency_key = wish.known_as.key;
  what.request_hash = wish.known_as.request_hash;
  what.audit.push_back({stamp_of(x), to_string(order.id)});
  post_to_wallet(x, std::move(what));
}

/// The dealer pays nothing, because we send it.
void admin_resend_order(const exchange_pointer& x) {
  auto wish = read_optional_body(x, [](fields& in, idempotency known_as) {
    return resend_wish{in.optional_email("email"), std::move(known_as)};
  });
  if (!wish)
    return;
  with_order_id(x, [x, wish = std::move(*wish)](order_id id) {
    ask<order_to_fulfil>(
      x, x->node->jobs, [x, wish](const order_to_fulfil& order) { resend_order(x, wish, order); },
      load_order{id});
  });
}

} // namespace

route_table order_desk_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/admin/v1/orders",
          viewer,
          none,
          admin_list_orders,
          {.parameters = "q stuck status dealer since limit"}},
    route{get, "/admin/v1/orders/:order", viewer, none, admin_show_order},
    route{post,
          "/admin/v1/orders/:order/retry",
          support,
          none,
          admin_retry_order,
          {.is_repeatable = true, .audit = audit_kind::order_retried}},
    // An order ends once: a repeat is told that it has ended.
    route{post,
          "/admin/v1/orders/:order/fail",
          support,
          none,
          admin_fail_order,
          {.audit = audit_kind::order_failed, .told_by = "GET /admin/v1/orders/:order tells"}},
    route{post,
          "/admin/v1/orders/:order/notes",
          support,
          none,
          admin_note_order,
          {.audit = audit_kind::order_noted, .told_by = "GET /admin/v1/orders/:order tells"}},
    route{post,
          "/admin/v1/orders/:order/resend",
          support,
          none,
          admin_resend_order,
          {.takes_key = true, .audit = audit_kind::order_resent}},
  };
  return table;
}

} // namespace meisim::http
