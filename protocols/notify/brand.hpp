#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// How a dealer shows itself in the mails to its customers.
struct brand {
  std::string name;
  /// `#1f4fd8`
  std::string colour;
  /// Where a customer's answer goes; empty for nobody.
  std::string reply_to;
  /// A PNG; empty for none.
  std::string logo;
};

/// The longest logo in bytes, and its longest side in pixels.
constexpr size_t most_logo_bytes = size_t{128} * 1024;
constexpr uint32_t most_logo_side = 1'024;

/// A colour as pages and mails write it, `#1f4fd8`; nothing if the text is none. The number sign
/// may be missing, and three digits stand for six.
std::optional<std::string> read_colour(std::string_view text);

/// Reads a picture, and gives a PNG of nothing but its pixels. `invalid` says what is wrong with
/// it.
caf::expected<std::string> read_logo(std::string_view png);

/// Sets the dealer's brand; none takes it away.
struct set_brand {
  dealer_id dealer;
  std::optional<brand> what;
  audit_stamp by = {};
};

/// The dealer's brand.
struct find_brand {
  dealer_id dealer;
};

struct brand_view {
  std::optional<brand> what;
};

} // namespace meisim
