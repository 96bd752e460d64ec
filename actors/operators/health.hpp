#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/operators/health.hpp"

#include <prometheus/metric_family.h>

#include <vector>

namespace meisim {

/// How all parts are, as the metrics tell: what an alert fires for and what an operator reads come
/// from the same numbers.
health_report read_health(const std::vector<prometheus::MetricFamily>& metrics, instant now);

} // namespace meisim
