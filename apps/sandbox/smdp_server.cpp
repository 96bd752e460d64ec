#include "apps/sandbox/smdp_server.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim::sandbox {

namespace {

tls_listener::reply written(const smdp_answer& answer) {
  if (answer.is_silent)
    return {{}, true};
  if (answer.closes)
    return {};
  auto location = answer.location.empty() ? "" : fmt::format("Location: {}\r\n", answer.location);
  return {fmt::format("HTTP/1.1 {} As asked\r\nContent-Type: application/json\r\n"
                      "X-Admin-Protocol: gsma/rsp/v2.2.0\r\n{}Content-Length: {}\r\n\r\n{}",
                      answer.status, location, answer.body.size(), answer.body),
          false};
}

} // namespace

smdp_server::smdp_server(const smdp_settings& settings)
  : listener_(settings.address, settings.port, settings.certificate, settings.key,
              [this](http::request&& request) {
                return written(orders_.answer(request.path, request.body));
              }) {
  // nop
}

} // namespace meisim::sandbox
