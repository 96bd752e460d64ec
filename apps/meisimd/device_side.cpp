#include "apps/meisimd/device_side.hpp"

#include "actors/verification/remote_devices.hpp"
#include "protocols/base/log.hpp"

#include <caf/openssl/publish.hpp>
#include <fmt/core.h>

#include <stdexcept>

namespace meisim {

device_side::device_side(const node_options& options)
  : options_(options), config_(for_devices(options)), system_(config_) {
  // nop
}

device_side::~device_side() {
  if (gate_)
    caf::anon_send_exit(gate_, caf::exit_reason::user_shutdown);
}

void device_side::open(device_owner_actor inside) {
  gate_ = system_.spawn(device_gate, std::move(inside), options_.devices_identity());
  auto port =
    caf::openssl::publish(gate_, options_.devices_port, options_.devices_address.c_str(), true);
  if (!port)
    throw std::runtime_error(
      fmt::format("devices-port {}: {}", options_.devices_port, system_.render(port.error())));
  log_info("nodes with devices join at {}:{}", options_.devices_address, *port);
}

} // namespace meisim
