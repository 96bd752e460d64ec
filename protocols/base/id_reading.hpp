#pragma once

#include "protocols/base/id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Ids as people copy them.

/// Removes what stands around the id: blanks, invisible characters, braces. Word processors' dashes
/// become hyphens again.
std::string bare_id(std::string_view text);

/// The id that the text names; nothing if it is no UUID.
template <class Id>
std::optional<Id> read_id(std::string_view text) {
  return Id::parse(bare_id(text));
}

/// See parse_order_name.
inline std::optional<order_name> read_order_name(std::string_view text) {
  return parse_order_name(bare_id(text));
}

} // namespace meisim
