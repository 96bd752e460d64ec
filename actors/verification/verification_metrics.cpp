#include "actors/verification/verification_metrics.hpp"

#include <utility>

namespace meisim {

verification_metrics::verification_metrics(std::shared_ptr<prometheus::Registry> registry)
  : registry_(std::move(registry)) {
  auto& verdicts = prometheus::BuildCounter()
                     .Name("meisim_verdicts_total")
                     .Help("Rows that got this verdict")
                     .Register(*registry_);
  for (size_t i = 0; i < verdicts_.size(); ++i)
    verdicts_[i] = &verdicts.Add({{"verdict", std::string{to_string(static_cast<verdict>(i))}}});
  auto& devices = prometheus::BuildGauge()
                    .Name("meisim_devices")
                    .Help("Validator devices in this state")
                    .Register(*registry_);
  for (size_t i = 0; i < devices_.size(); ++i)
    devices_[i] = &devices.Add({{"state", std::string{to_string(static_cast<device_state>(i))}}});
  waiting_ = &prometheus::BuildGauge()
                .Name("meisim_verification_waiting_rows")
                .Help("Rows that this node has leased and no device has begun")
                .Register(*registry_)
                .Add({});
  failures_ = &prometheus::BuildCounter()
                 .Name("meisim_device_failures_total")
                 .Help("Checks that a device failed at")
                 .Register(*registry_);
}

void verification_metrics::count_verdicts(const std::vector<checked_row>& rows) {
  for (const auto& row : rows)
    verdicts_.at(static_cast<size_t>(row.found.what))->Increment();
}

void verification_metrics::count_failure(const std::string& device) {
  failures_->Add({{"device", device}}).Increment();
}

void verification_metrics::show(size_t waiting_rows,
                                const std::array<int, device_state_count>& devices) {
  waiting_->Set(static_cast<double>(waiting_rows));
  for (size_t i = 0; i < devices.size(); ++i)
    devices_[i]->Set(devices[i]);
}

} // namespace meisim
