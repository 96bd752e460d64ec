#pragma once

#include "protocols/base/money.hpp"

#include <json/value.h>

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Numbers of others as they are written: a price never passes through a floating number.

/// A JSON number or text of `document`, from which `value` was parsed, digit by digit; empty for
/// anything else.
std::string decimal_text(const Json::Value& value, std::string_view document);

/// What a price is in whole cents, a part of a cent counted as one; nothing for what is no decimal
/// number from zero to ten million. A price with an exponent is none.
std::optional<money> cents_up(std::string_view decimal);

/// Likewise for whole numbers of ten-thousandths of a dollar.
std::optional<money> cents_up_from_ten_thousandths(int64_t value);

} // namespace meisim
