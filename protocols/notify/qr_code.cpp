#include "protocols/notify/qr_code.hpp"

#include "protocols/base/error.hpp"

#include <png.h>
#include <qrencode.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace meisim {

namespace {

constexpr size_t quiet_zone = 4;

struct qr_deleter {
  void operator()(QRcode* code) const {
    QRcode_free(code);
  }
};

using qr_pointer = std::unique_ptr<QRcode, qr_deleter>;

/// In pixels.
size_t side_of(const QRcode& code, int scale) {
  return (static_cast<size_t>(code.width) + 2 * quiet_zone) * static_cast<size_t>(scale);
}

/// One byte a pixel, white is 255.
std::vector<uint8_t> draw(const QRcode& code, int scale) {
  auto width = static_cast<size_t>(code.width);
  auto zoom = static_cast<size_t>(scale);
  auto side = side_of(code, scale);
  std::vector<uint8_t> pixels(side * side, 255);
  auto line = pixels.begin() + static_cast<ptrdiff_t>(quiet_zone * zoom * side);
  for (size_t y = 0; y < width; ++y) {
    auto module = line + static_cast<ptrdiff_t>(quiet_zone * zoom);
    for (size_t x = 0; x < width; ++x, module += scale)
      if ((code.data[y * width + x] & 1) != 0)
        std::fill_n(module, scale, uint8_t{0});
    auto next = line + static_cast<ptrdiff_t>(side);
    for (size_t copy = 1; copy < zoom; ++copy, next += static_cast<ptrdiff_t>(side))
      std::copy_n(line, side, next);
    line = next;
  }
  return pixels;
}

} // namespace

caf::expected<std::string> qr_png(std::string_view text, int pixels_per_module) {
  // A null byte would end the text for the library.
  if (text.empty() || text.size() > 1'000 || text.find('\0') != std::string_view::npos)
    return make_error(ec::invalid, "this text does not fit a QR code");
  qr_pointer code{QRcode_encodeString8bit(std::string{text}.c_str(), 0, QR_ECLEVEL_M)};
  if (!code)
    return make_error(ec::internal, "the QR code could not be made");
  auto pixels = draw(*code, pixels_per_module);
  auto side = static_cast<png_uint_32>(side_of(*code, pixels_per_module));
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = side;
  image.height = side;
  image.format = PNG_FORMAT_GRAY;
  // A few more bytes for a fraction of the time.
  image.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
    return make_error(ec::internal, "the picture could not be made");
  bytes.resize(size);
  return bytes;
}

} // namespace meisim
