#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The EID of the card that has answered an SM-DP+. It stands in the card's own certificate, within
/// the body of an `authenticateClient` request (SGP.22 §5.7.13). Nothing if it cannot be read.
std::optional<std::string> card_eid_in(std::string_view body);

} // namespace meisim
