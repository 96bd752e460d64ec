#pragma once

#include <string>
#include <string_view>

namespace meisim {

/// The two letters of ISO 3166-1 for the three of a country, both in upper case: `GB` for `GBR`.
/// Empty if there is no such country.
std::string country_of_three_letters(std::string_view code);

} // namespace meisim
