#include "protocols/notify/brand.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>
#include <png.h>

#include <algorithm>
#include <vector>

namespace meisim {

namespace {

caf::error wrong(std::string_view what) {
  return make_error(cause::invalid_field, fmt::format("logoPng {}", what), "logoPng");
}

} // namespace

std::optional<std::string> read_colour(std::string_view text) {
  constexpr size_t short_form = 3;
  auto digits = lowered(compact_text(text));
  digits.erase(0, digits.starts_with('#') ? 1 : 0);
  bool is_short = digits.size() == short_form;
  if ((!is_short && digits.size() != 2 * short_form)
      || !std::ranges::all_of(digits, [](char c) { return hex_value(c) >= 0; }))
    return std::nullopt;
  std::string colour{"#"};
  for (char digit : digits)
    colour.append(is_short ? 2 : 1, digit);
  return colour;
}

caf::expected<std::string> read_logo(std::string_view png) {
  if (png.size() > most_logo_bytes)
    return wrong("must have at most 128 KiB");
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0)
    return wrong("must be a PNG picture");
  if (image.width > most_logo_side || image.height > most_logo_side) {
    png_image_free(&image);
    return wrong("must be at most 1,024 pixels wide and high");
  }
  image.format = PNG_FORMAT_RGBA;
  std::vector<png_byte> pixels(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) == 0)
    return wrong("must be a whole PNG picture");
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
    return make_error(ec::internal, "the picture could not be made");
  bytes.resize(size);
  return bytes;
}

} // namespace meisim
