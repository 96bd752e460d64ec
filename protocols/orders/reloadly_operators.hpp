#pragma once

#include "protocols/orders/provider.hpp"

#include <caf/expected.hpp>

#include <string_view>

namespace meisim {

/// A page of the operators that Reloadly tops up, each of which is a network here. Those of data,
/// bundles and vouchers are left out.
caf::expected<catalogue> read_reloadly_operators(std::string_view body);

} // namespace meisim
