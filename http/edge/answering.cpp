#include "http/edge/answering.hpp"

#include "http/edge/receipt_answer.hpp"
#include "protocols/base/text.hpp"

namespace meisim::http {

void succeed(const exchange_pointer& x, std::string body) {
  response result;
  result.body = std::move(body);
  answer(x, std::move(result));
}

void succeed_as_written(const exchange_pointer& x, std::string_view json) {
  succeed(x, without_blanks(json));
}

void succeed(const exchange_pointer& x) {
  succeed(x, json_object([](json_writer& out) { out.member("ok", true); }));
}

void succeed(const exchange_pointer& x, const receipt& what) {
  response result;
  result.status = status_of(what.code);
  result.body = receipt_answer(what);
  if (what.replayed && !x->incoming.header("idempotency-key").empty())
    mark_as_replayed(result);
  answer(x, std::move(result));
}

void take_cookie_back(const exchange_pointer& x, const page_cookie& of) {
  response result;
  result.headers.emplace_back("Set-Cookie", ended_session_cookie(of, x->incoming));
  result.body = json_object([](json_writer& out) { out.member("ok", true); });
  answer(x, std::move(result));
}

void fail(const exchange_pointer& x, const caf::error& failure) {
  answer(x, problem(failure, x->where.extras.names_funds, recourse_of(x->where, x->incoming)));
}

namespace {

/// Tells a browser that came by TLS to use nothing else from now on. To any other client the header
/// means nothing.
void demand_tls(const exchange_pointer& x, response& what) {
  if (is_from_tls_proxy(x->incoming))
    what.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

/// Names the node that owns the dealer to a trusted proxy in front of several nodes. That node
/// answers the dealer's requests without a way through the cluster. The proxy removes the header
/// again (deploy/haproxy.cfg); nobody else is told.
void add_owner(const exchange_pointer& x, response& what) {
  if (!x->incoming.is_passed_on)
    return;
  auto nodes = x->node->node_board ? x->node->node_board->latest() : nullptr;
  if (nodes && nodes->names.size() > 1)
    what.headers.emplace_back("X-Meisim-Node", nodes->owner(x->dealer().id));
}

/// Keeps the request for the dealer's log, unless one of our own pages has sent it.
void note_request(const exchange_pointer& x, int status) {
  constexpr size_t longest_path = 200;
  if (x->is_from_page || role_needed(x->where.who))
    return;
  x->node->requests->add(x->dealer().id, status >= 400, [&] {
    return request_note{x->dealer().id,
                        now(),
                        to_string(x->incoming.verb),
                        beginning_of(x->incoming.path, longest_path),
                        status,
                        x->incoming.id,
                        x->incoming.ip};
  });
}

} // namespace

void answer(const exchange_pointer& x, response what) {
  demand_tls(x, what);
  const auto& rate = x->admitted.rate;
  if (rate.limit > 0) {
    what.headers.emplace_back("RateLimit-Limit", std::to_string(rate.limit));
    what.headers.emplace_back("RateLimit-Remaining", std::to_string(rate.remaining));
    what.headers.emplace_back("RateLimit-Reset", std::to_string(rate.reset_seconds));
  }
  if (what.status == 429)
    what.headers.emplace_back("Retry-After", std::to_string(rate.reset_seconds));
  what.note.route = x->where.path;
  what.note.trace_id = trace_id_of(x->incoming.trace_parent);
  if (x->dealer().id) {
    what.note.dealer = to_string(x->dealer().id);
    add_owner(x, what);
    note_request(x, what.status);
  }
  x->send(std::move(what));
}

void mark_as_replayed(response& what) {
  what.headers.emplace_back("Idempotent-Replayed", "true");
}

} // namespace meisim::http
