#pragma once

#include "http/edge/route.hpp"
#include "http/edge/services.hpp"
#include "http/server/server.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <span>

namespace meisim::http {

/// What a server does with requests: finds the route of each in `table`, and starts its exchange.
/// `log` gets each answered request.
server_callbacks serve_routes(caf::actor_system& system,
                              const std::shared_ptr<const services>& node, route_table table,
                              std::function<void(const access_record&)> log);

} // namespace meisim::http
