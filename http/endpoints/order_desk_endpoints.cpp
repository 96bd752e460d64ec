#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/orders/order_desk.hpp"

#include <algorithm>
#include <array>

namespace meisim::http {

// Orders as operators see and end them.

namespace {

void write_overview(json_writer& out, const order_overview& order) {
  out.member("id", order.id)
    .member("shortId", short_id(order.id))
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

constexpr std::array statuses{"pending", "processing", "completed", "failed", "revoked"};

/// Reads the query of a list into `question`, or says what is wrong with it.
caf::error read_query(const exchange& x, find_orders& question) {
  auto limit = x.incoming.whole_parameter("limit", 1, 1'000, 100);
  if (!limit)
    return limit.error();
  question.limit = *limit;
  auto stuck = x.incoming.parameter("stuck").value_or("false");
  if (stuck != "true" && stuck != "false")
    return make_error(ec::invalid, "stuck must be true or false");
  question.only_stuck = stuck == "true";
  question.status = x.incoming.parameter("status").value_or("");
  if (!question.status.empty() && std::ranges::find(statuses, question.status) == statuses.end())
    return make_error(ec::invalid,
                      "status must be pending, processing, completed, failed or revoked");
  question.dealer_email = x.incoming.parameter("dealer").value_or("");
  if (auto since = x.incoming.parameter("since")) {
    auto day = parse_date(*since);
    if (!day)
      return make_error(ec::invalid, "since must be a day like 2026-05-05");
    question.since = *day;
  }
  return {};
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

/// Calls `go_on(order_id)` if the path names an order.
template <class GoOn>
void with_order_id(const exchange_pointer& x, GoOn go_on) {
  if (auto id = order_id::parse(x->captures.front()))
    go_on(*id);
  else
    fail(x, make_error(ec::not_found, "there is no such order"));
}

void show_order(const exchange_pointer& x, order_id id) {
  find_orders question;
  question.order = id;
  question.stuck_after_seconds = x->node->stuck_after_seconds;
  ask<order_overviews>(
    x, x->node->slow_records,
    [x](const order_overviews& found) {
      if (found.orders.empty())
        fail(x, make_error(ec::not_found, "there is no such order"));
      else
        succeed(x, json_object(write_overview, found.orders.front()));
    },
    question);
}

void admin_show_order(const exchange_pointer& x) {
  with_order_id(x, [x](order_id id) { show_order(x, id); });
}

/// What was asked for is done, whether or not the order can be shown now.
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

std::string read_reason(fields& in) {
  return in.required_text("reason", 1, 500);
}

void admin_retry_order(const exchange_pointer& x) {
  auto reason = read_body(x, read_reason);
  if (!reason)
    return;
  with_order_id(x, [x, reason = *reason](order_id id) {
    ask<done>(x, x->node->order_desk, show_done(x, id), retry_order{id, reason});
  });
}

void admin_fail_order(const exchange_pointer& x) {
  auto reason = read_body(x, read_reason);
  if (!reason)
    return;
  with_order_id(x, [x, reason = *reason](order_id id) {
    ask<done>(x, x->node->order_desk, show_done(x, id), fail_order{id, reason});
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
          operators,
          none,
          admin_list_orders,
          {.parameters = "stuck status dealer since limit"}},
    route{get, "/admin/v1/orders/:order", operators, none, admin_show_order},
    route{post, "/admin/v1/orders/:order/retry", operators, none, admin_retry_order, repeatable},
    // An order ends once: a repeat is told that it has ended.
    route{post,
          "/admin/v1/orders/:order/fail",
          operators,
          none,
          admin_fail_order,
          {.told_by = "GET /admin/v1/orders/:order tells"}},
  };
  return table;
}

} // namespace meisim::http
