#pragma once

#include <string>
#include <string_view>

namespace meisim {

/// The two letters of ISO 3166-1 for the three of a country, both in upper case: `GB` for `GBR`.
/// Empty if there is no such country.
std::string country_of_three_letters(std::string_view code);

/// The two letters of a country that is written in either case, by its three letters, or as `UK`.
/// Other texts, such as its name, as they are.
std::string read_country(std::string_view text);

} // namespace meisim
