#include "http/endpoints/endpoints.hpp"
#include "protocols/supply/stock.hpp"

namespace meisim::http {

void get_health(const exchange_pointer& x) {
  x->succeed(std::string{R"({"status":"ok"})"});
}

void get_readiness(const exchange_pointer& x) {
  if (!x->node->is_ready())
    return x->fail(make_error(ec::unavailable, "this node is starting or draining"));
  // Ready is who can reach the database.
  x->ask<pool_list>(
    x->node->records.next(),
    [x](const pool_list&) { x->succeed(std::string{R"({"status":"ready"})"}); }, list_pools{});
}

void get_metrics(const exchange_pointer& x) {
  response result;
  result.content_type = "text/plain; version=0.0.4; charset=utf-8";
  result.body = x->node->metrics();
  x->answer(std::move(result));
}

} // namespace meisim::http
