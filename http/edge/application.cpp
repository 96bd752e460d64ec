#include "http/edge/application.hpp"

#include "http/edge/request_runners.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

/// Answers a request without a route: OPTIONS, a wrong method, or an unknown path.
response without_route(const request& incoming, const route_match& match) {
  auto allowed = incoming.path == "*" ? "OPTIONS" : match.allowed;
  if (allowed.empty())
    return error_response(404, "there is no such path");
  response result;
  if (incoming.verb == method::options)
    result.status = 204;
  else
    result = error_response(405, fmt::format("this path takes {}", allowed));
  result.headers.emplace_back("Allow", allowed);
  return result;
}

} // namespace

server_callbacks serve_routes(caf::actor_system& system,
                              const std::shared_ptr<const services>& node, route_table table,
                              std::function<void(const access_record&)> log) {
  server_callbacks callbacks;
  callbacks.body_limit = [table](method verb, std::string_view path) {
    auto match = match_route(table, verb, path);
    return match.found ? match.found->extras.body_limit : ordinary_body;
  };
  auto runners = std::make_shared<request_runners>(system);
  callbacks.handle = [runners, node, table](request&& incoming, reply to) {
    auto match = match_route(table, incoming.verb, incoming.path);
    if (!match.found) {
      to.send(without_route(incoming, match));
      return recourse{recourse::step::repeat};
    }
    auto if_late = recourse_of(*match.found, incoming);
    std::erase_if(incoming.query, [&](const auto& parameter) {
      return !takes_parameter(*match.found, parameter.first);
    });
    runners->run(std::make_shared<exchange>(node, std::move(incoming), std::move(to), *match.found,
                                            std::move(match.captures)));
    return if_late;
  };
  callbacks.log = std::move(log);
  return callbacks;
}

} // namespace meisim::http
