#pragma once

#include "actors/verification/lpac_settings.hpp"
#include "protocols/verification/devices.hpp"

#include <optional>
#include <string>

namespace meisim {

/// Finds out whether a device can check codes, step by step, and blocks until that is known: the
/// program and its version, the reader, the card and its EID, the CA file, and the way to
/// `test_host`. If a step fails that later steps need, the test ends there. No code is asked about.
/// Nothing is returned if it was given up because `give_up` (an eventfd) became readable.
std::optional<device_test> run_lpac_test(const std::string& device, const lpac_settings& settings,
                                         int give_up);

} // namespace meisim
