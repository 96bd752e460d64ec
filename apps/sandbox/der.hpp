#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace meisim::sandbox {

// DER (X.690), as eUICCs and SM-DP+s exchange it: as much as a check needs.

/// An element; `tag` is its bytes.
std::string der_element(std::string_view tag, std::string_view value);

/// The value of the element that is found by these tags, one within the other; nothing if there is
/// none, or the bytes are no DER.
std::optional<std::string_view> find_der(std::string_view bytes,
                                         std::initializer_list<std::string_view> tags);

} // namespace meisim::sandbox
