#pragma once

#include "actors/verification/lpac_check.hpp"
#include "protocols/interfaces.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace meisim {

/// The LPAC DRIVER with its internal messages.
using lpac_driver_actor = device_driver_actor::extend<
  // INTERNAL: the check that is under way has come to this.
  caf::reacts_to<finding>,
  // INTERNAL: the self-test has come to this.
  caf::reacts_to<device_test>>;

class lpac_driver_state {
public:
  static inline const char* name = "lpac_driver";

  using pointer = lpac_driver_actor::stateful_pointer<lpac_driver_state>;

  void start(pointer self, std::string device, lpac_settings settings,
             const std::shared_ptr<prometheus::Registry>& registry);

  /// Answers the sender once the device has had time for it.
  caf::typed_response_promise<finding> accept(activation_code code);
  caf::typed_response_promise<device_test> accept_test();

  /// Answers the oldest task, and goes on with the next.
  void handle(finding result);
  void handle(device_test result);

private:
  class thread;

  struct check_task {
    activation_code code;
    caf::typed_response_promise<finding> promise;
  };

  struct test_task {
    caf::typed_response_promise<device_test> promise;
  };

  using task = std::variant<check_task, test_task>;

  void add(task what);
  void begin_first();
  void begin(const check_task& what);
  void begin(const test_task& what);
  void end_first();

  std::string device_;
  pointer self_ = nullptr;
  std::shared_ptr<const lpac_settings> settings_;
  /// The card's, as the last self-test read it; empty before.
  std::string eid_;
  /// Keeps the registry that it is in.
  std::shared_ptr<prometheus::Counter> forbidden_;
  /// The first one is under way.
  std::deque<task> tasks_;
  std::shared_ptr<thread> thread_;
};

/// Spawns as LPAC DRIVER of one device. The checks run on a thread of their own: the actor itself
/// never blocks, and when it exits, the program that it runs is killed at once.
lpac_driver_actor::behavior_type lpac_driver(lpac_driver_state::pointer self, std::string device,
                                             lpac_settings settings,
                                             const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim
