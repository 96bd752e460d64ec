#pragma once

#include "actors/verification/lpac_settings.hpp"
#include "protocols/verification/activation_code.hpp"

#include <optional>
#include <string>

namespace meisim {

/// How a check came to its end.
struct lpac_check_end {
  check_outcome outcome;
  /// For the log: what went wrong, or what was asked for that must not be.
  std::string detail;
};

/// Checks a code on a device without using it up, and blocks until that is over. It runs the
/// program and carries its requests to the SM-DP+. It kills the program once the profile's metadata
/// is known, or when the program fails, asks for anything else or takes too long. Of the SM-DP+'s
/// functions only the two that find an order are ever called, each once. A card that cannot be
/// opened is tried again for half of the time, because nothing has been sent by then. A card with
/// another EID than `eid` (empty if that is not known) ends the check before the SM-DP+ is told the
/// code. The program is gone when this returns. Nothing is returned if the check was given up
/// because `give_up` (an eventfd) became readable.
std::optional<lpac_check_end> run_lpac_check(const lpac_settings& settings,
                                             const activation_code& code, int give_up,
                                             const std::string& eid = {});

} // namespace meisim
