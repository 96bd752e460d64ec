#include "http/edge/exchange.hpp"

#include "http/edge/admission.hpp"
#include "http/edge/answering.hpp"
#include "http/edge/request_runners.hpp"
#include "http/edge/unpack_body.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

caf::error unknown_parameter(const route& where, const std::string& name) {
  constexpr size_t longest_shown = 64;
  auto shown = beginning_of(name, longest_shown);
  std::string rule = where.extras.parameters.empty() ? "no query parameters" : "";
  for (char c : where.extras.parameters)
    rule += c == ' ' ? std::string{", "} : std::string{c};
  return make_error(cause::unknown_field,
                    fmt::format("{} is not a parameter of this path, which takes {}", shown, rule),
                    shown);
}

/// What is wrong with the query: a parameter that the path does not take, or one that has two
/// values.
caf::error flaw_of_query(const route& where, const request& incoming) {
  for (const auto& [name, value] : incoming.query) {
    if (!takes_parameter(where, name))
      return unknown_parameter(where, name);
    if (incoming.parameter(name).value_or("") != value)
      return make_error(cause::invalid_field, name + " must stand once", name);
  }
  return {};
}

} // namespace

void exchange::run(request_runner_actor::pointer runner) {
  self = runner;
  attempt([this] {
    if (is_admitted_)
      handle();
    else
      admit(shared_from_this());
  });
}

void exchange::proceed() {
  is_admitted_ = true;
  if (!is_long())
    return incoming.awaits_body ? wait_for_body() : handle();
  auto runners = runners_.lock();
  if (!runners)
    return;
  auto begin = [me = shared_from_this()](dealer_turns::turn turn) {
    me->turn_ = std::move(turn);
    me->incoming.awaits_body ? me->wait_for_body() : me->run_again();
  };
  if (!runners->long_work().take(dealer().id, std::move(begin)))
    fail(shared_from_this(),
         make_error(ec::unavailable, "too many large bodies, documents or pictures of yours are "
                                     "under way, please repeat"));
}

bool exchange::is_large() const {
  return incoming.body_size > ordinary_body
         || (where.extras.body_limit > ordinary_body
             && !incoming.header("content-encoding").empty());
}

void exchange::wait_for_body() {
  to_.read_body([me = shared_from_this()](std::string body, body_share memory) {
    me->incoming.body = std::move(body);
    me->incoming.memory = std::move(memory);
    me->incoming.awaits_body = false;
    me->run_again();
  });
}

void exchange::run_again() {
  if (auto runners = runners_.lock())
    runners->run(shared_from_this());
}

void exchange::handle() {
  auto flaw = where.extras.is_page ? caf::error{} : flaw_of_query(where, incoming);
  if (flaw)
    return fail(shared_from_this(), flaw);
  if (unpack_body(shared_from_this()))
    where.handler(shared_from_this());
}

void exchange::break_down(std::string_view why) {
  auto failed = error_response(500, "something failed on our side");
  failed.note.detail = why;
  answer(shared_from_this(), std::move(failed));
}

} // namespace meisim::http
