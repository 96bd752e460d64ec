#include "http/edge/asking.hpp"
#include "http/endpoints/documents.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/supply/stock.hpp"

#include <algorithm>
#include <array>

namespace meisim::http {

namespace {

void answer_status(const exchange_pointer& x, std::string_view status) {
  succeed(x, json_object([&](json_writer& out) { out.member("status", status); }));
}

void get_health(const exchange_pointer& x) {
  answer_status(x, "ok");
}

void get_readiness(const exchange_pointer& x) {
  if (!x->node->is_ready())
    return fail(x, make_error(ec::unavailable, "this node is starting or draining"));
  // A node is ready if it can reach the database.
  ask<pool_list>(
    x, x->node->records.next(), [x](const pool_list&) { answer_status(x, "ready"); }, list_pools{});
}

void get_metrics(const exchange_pointer& x) {
  response result;
  result.content_type = "text/plain; version=0.0.4; charset=utf-8";
  result.body = x->node->metrics();
  answer(x, std::move(result));
}

void write_part(json_writer& out, const part_health& part) {
  out.member("name", part.name)
    .member("status", to_string(part.now))
    .member("reason", or_null(part.reason));
}

condition worst_of(const health_report& parts) {
  auto worst = condition::ok;
  for (const auto& part : parts)
    worst = std::max(worst, part.now);
  return worst;
}

void admin_show_health(const exchange_pointer& x) {
  auto parts = x->node->health();
  succeed(x, json_object([&](json_writer& out) {
            out.member("status", to_string(worst_of(parts))).objects("parts", parts, write_part);
          }));
}

} // namespace

route_table health_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  constexpr route_extras page{.is_page = true};
  static constexpr std::array table{
    route{get, "/healthz", open, none, get_health, page},
    route{get, "/readyz", open, none, get_readiness, page},
    route{get, "/metrics", open, none, get_metrics, page},
    route{get, "/admin/v1/health", viewer, none, admin_show_health},
    route{get, "/admin/openapi.json", open, none, get_admin_document, page},
  };
  return table;
}

} // namespace meisim::http
