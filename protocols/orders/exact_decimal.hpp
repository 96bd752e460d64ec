#pragma once

#include "protocols/base/money.hpp"

#include <json/value.h>

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Other people's numbers, read as they are written: a price never becomes a floating number.

/// A JSON number or text of `document`, from which `value` was parsed, digit by digit; empty for
/// anything else.
std::string decimal_text(const Json::Value& value, std::string_view document);

/// A price in whole cents; a part of a cent counts as one. Nothing if it is no decimal number from
/// zero to ten million. A number with an exponent is none.
std::optional<money> cents_up(std::string_view decimal);

/// The same for whole numbers of ten-thousandths of a dollar.
std::optional<money> cents_up_from_ten_thousandths(int64_t value);

/// Into how many parts a unit is divided if a cent is not exact enough: for rates, and for charges
/// in other currencies.
constexpr int64_t exact_unit = 100'000'000;

/// A decimal number from zero to ten million in such parts; a fraction of one counts as one.
/// Nothing for any other text.
std::optional<int64_t> exact_up(std::string_view decimal);

/// `1.09`: at least two decimals, and no zeros behind them.
std::string exact_to_string(int64_t value);

/// a * b / by, rounded up. None of them is negative, and the result has 63 bits.
int64_t product_up(int64_t a, int64_t b, int64_t by);

} // namespace meisim
