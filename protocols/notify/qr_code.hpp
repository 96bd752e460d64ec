#pragma once

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim {

/// `text` (at most 1,000 bytes) as a QR code of correction level M: the bytes of a PNG in black and
/// white, with the quiet zone of four modules that scanners ask for.
caf::expected<std::string> qr_png(std::string_view text, int pixels_per_module = 8);

} // namespace meisim
