#pragma once

#include "http/server/server.hpp"

#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <string>

namespace meisim {

/// Makes everything that is logged one JSON object a line on standard error: time, level, node,
/// message.
void start_logging(const std::string& node, const std::string& level);

/// Writes what has been logged so far. What other threads log from now on is lost.
void stop_logging();

/// A function that is told of each answered request.
using access_log = std::function<void(const http::access_record&)>;

/// Logs each request as a line of its own, and counts it by route and status and by the time it
/// took.
access_log request_log(std::shared_ptr<prometheus::Registry> registry);

} // namespace meisim
