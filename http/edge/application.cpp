#include "http/edge/application.hpp"

#include "http/edge/request_runners.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <optional>

namespace meisim::http {

namespace {

/// The path as it may stand in a header.
std::string encoded(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto segment = path.substr(0, path.find('/'));
    result += '/' + url_escaped(segment);
    path.remove_prefix(segment.size());
  }
  return result;
}

/// The query as it came, escaped anew.
std::string query_of(const request& incoming) {
  std::string text;
  for (const auto& [name, value] : incoming.query)
    text += fmt::format("{}{}={}", text.empty() ? '?' : '&', url_escaped(name), url_escaped(value));
  return text;
}

/// The path with single slashes only, and none at the end.
std::string without_spare_slashes(std::string_view path) {
  std::string result;
  for (char c : path)
    if (c != '/' || !result.ends_with('/'))
      result += c;
  if (result.size() > 1 && result.ends_with('/'))
    result.pop_back();
  return result;
}

/// Shows the way to a caller with a slash too many: one at the end of a page's address, or two
/// where a path was put behind the service's address that ended with one.
std::optional<response> shown_way(const request& incoming, const router& routes) {
  auto path = without_spare_slashes(incoming.path);
  if (path == incoming.path || !routes.match(incoming.verb, path).found)
    return std::nullopt;
  // Few clients take a body to another place.
  if (incoming.verb != method::get && incoming.verb != method::head)
    return error_response(404, fmt::format("there is no such path, but {}", path));
  response result;
  result.status = 308;
  result.headers.emplace_back("Location", encoded(path) + query_of(incoming));
  return result;
}

/// Answers a request without a route: OPTIONS, a wrong method, or an unknown path.
response without_route(const request& incoming, const route_match& match, const router& routes) {
  if (auto way = shown_way(incoming, routes))
    return std::move(*way);
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
  auto routes = std::make_shared<const router>(table);
  callbacks.body_limit = [routes](method verb, std::string_view path) -> body_rule {
    auto match = routes->match(verb, path);
    if (!match.found)
      return ordinary_body;
    return {match.found->extras.body_limit, match.found->who == access::open};
  };
  auto runners = std::make_shared<request_runners>(system);
  callbacks.handle = [runners, node, routes](request&& incoming, reply to) {
    auto match = routes->match(incoming.verb, incoming.path);
    if (!match.found) {
      to.send(without_route(incoming, match, *routes));
      return recourse{recourse::step::repeat};
    }
    auto if_late = recourse_of(*match.found, incoming);
    runners->run(std::make_shared<exchange>(node, runners, std::move(incoming), std::move(to),
                                            *match.found, std::move(match.captures)));
    return if_late;
  };
  callbacks.log = std::move(log);
  return callbacks;
}

} // namespace meisim::http
