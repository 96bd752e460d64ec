#include "http/edge/exchange.hpp"

#include "http/edge/admission.hpp"
#include "http/edge/answering.hpp"

namespace meisim::http {

void exchange::run(request_runner_actor::pointer runner) {
  self = runner;
  attempt([this] { admit(shared_from_this()); });
}

void exchange::break_down(std::string_view why) {
  auto failed = error_response(500, "something failed on our side");
  failed.note.detail = why;
  answer(shared_from_this(), std::move(failed));
}

} // namespace meisim::http
