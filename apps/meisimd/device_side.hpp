#pragma once

#include "actors/verification/validator_device.hpp"
#include "apps/meisimd/system_config.hpp"

#include <caf/actor_system.hpp>

namespace meisim {

/// The part of a node that speaks to devices of other sites, or lends its own to them. It is an
/// actor system of its own, with certificates of another CA than the nodes', and holds nothing but
/// devices and what they work for. CAF lets anybody who is connected send to any actor of a system
/// whose id they guess. So sites and wallets must not be in one system.
class device_side {
public:
  /// Throws std::runtime_error without the certificates for it.
  explicit device_side(const node_options& options);

  ~device_side();

  device_side(const device_side&) = delete;
  device_side& operator=(const device_side&) = delete;

  /// From now on nodes that have only devices may join. What they say is told to `inside`. Throws
  /// std::runtime_error if the port cannot be had.
  void open(device_owner_actor inside);

  caf::actor_system& system() {
    return system_;
  }

private:
  const node_options& options_;
  system_config config_;
  caf::actor_system system_;
  device_gate_actor gate_;
};

} // namespace meisim
