#include "protocols/notify/brand.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace meisim {

namespace {

caf::error wrong(std::string_view what) {
  return make_error(cause::invalid_field, fmt::format("logoPng {}", what), "logoPng");
}

/// The size of the chunk at the start of `png`: its length, its type, its content and its checksum.
/// At most all that is left.
size_t chunk_size(std::string_view png) {
  constexpr size_t around_content = 12;
  uint32_t length = 0;
  for (char byte : png.substr(0, sizeof(length)))
    length = length << 8 | static_cast<unsigned char>(byte);
  return std::min(around_content + length, png.size());
}

/// The picture without what its pixels do not depend on. Libpng would unpack texts and profiles
/// before it looks at a pixel: a thousand bytes of them for each byte that was sent.
std::string without_extras(std::string_view png) {
  constexpr size_t signature_size = 8;
  constexpr size_t type_size = 4;
  constexpr std::array<std::string_view, 8> kept{"IHDR", "PLTE", "tRNS", "gAMA",
                                                 "cHRM", "sRGB", "IDAT", "IEND"};
  std::string result{png.substr(0, signature_size)};
  png.remove_prefix(result.size());
  while (png.size() > type_size) {
    auto chunk = png.substr(0, chunk_size(png));
    if (std::ranges::find(kept, chunk.substr(type_size, type_size)) != kept.end())
      result += chunk;
    png.remove_prefix(chunk.size());
  }
  return result;
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
  auto plain = without_extras(png);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, plain.data(), plain.size()) == 0)
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
