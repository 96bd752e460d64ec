#pragma once

#include "protocols/verification/devices.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace meisim {

/// What verification counts.
class verification_metrics {
public:
  explicit verification_metrics(std::shared_ptr<prometheus::Registry> registry);

  void count_verdicts(const std::vector<checked_row>& rows);

  void count_failure(const std::string& device);

  /// `devices` by their states, in the enumeration's order.
  void show(size_t waiting_rows, const std::array<int, device_state_count>& devices);

private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::array<prometheus::Counter*, verdict_count> verdicts_{};
  std::array<prometheus::Gauge*, device_state_count> devices_{};
  prometheus::Gauge* waiting_;
  prometheus::Family<prometheus::Counter>* failures_;
};

} // namespace meisim
