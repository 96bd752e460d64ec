#pragma once

#include "apps/sandbox/provider_sandbox.hpp"

namespace meisim::sandbox {

/// Another upstream provider, which sells the same under another wire format
/// (protocols/orders/packages_wire.hpp) and under paths of its own: `/packages-api/…`. Safe for
/// many threads.
class packages_sandbox {
public:
  explicit packages_sandbox(std::chrono::milliseconds order_delay) : stock_(order_delay) {
    // nop
  }

  /// Whether a path is this provider's.
  static bool serves(std::string_view path);

  sandbox_answer answer(const sandbox_request& request, provider_sandbox::time_point now);

private:
  sandbox_answer place(const sandbox_request& request, provider_sandbox::time_point now);
  sandbox_answer look_up(const sandbox_request& request, provider_sandbox::time_point now);
  sandbox_answer answer_about(const sandbox_request& request, provider_sandbox::time_point now);

  provider_sandbox stock_;
};

} // namespace meisim::sandbox
