#pragma once

#include "actors/verification/lpac_check.hpp"
#include "protocols/interfaces.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace meisim {

/// The LPAC DRIVER as it is within.
using lpac_driver_actor = device_driver_actor::extend<
  // INTERNAL: the check that is under way has come to this.
  caf::reacts_to<finding>>;

class lpac_driver_state {
public:
  static inline const char* name = "lpac_driver";

  using pointer = lpac_driver_actor::stateful_pointer<lpac_driver_state>;

  void start(pointer self, std::string device, lpac_settings settings,
             const std::shared_ptr<prometheus::Registry>& registry);

  /// Answers the sender once the device has had the time.
  caf::typed_response_promise<finding> accept(activation_code code);

  /// Answers the oldest, and goes on with the next.
  void handle(finding result);

private:
  class thread;

  struct task {
    activation_code code;
    caf::typed_response_promise<finding> promise;
  };

  void check_first();

  std::string device_;
  pointer self_ = nullptr;
  std::shared_ptr<const lpac_settings> settings_;
  /// Keeps the registry that it is in.
  std::shared_ptr<prometheus::Counter> forbidden_;
  /// The first one is being checked.
  std::deque<task> tasks_;
  std::shared_ptr<thread> thread_;
};

/// Spawns as LPAC DRIVER of one device. The checks run on a thread of their own: the actor itself
/// never blocks, and when it exits, the program that it runs is killed at once.
lpac_driver_actor::behavior_type lpac_driver(lpac_driver_state::pointer self, std::string device,
                                             lpac_settings settings,
                                             const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim
