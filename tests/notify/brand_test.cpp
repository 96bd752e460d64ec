#include "protocols/notify/brand.hpp"

#include <boost/test/unit_test.hpp>
#include <png.h>

#include <array>
#include <fstream>
#include <string>

// A dealer's logo is a picture that somebody else has made.

using namespace meisim;

namespace {

void append(png_structp writer, png_bytep bytes, size_t size) {
  static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<char*>(bytes), size);
}

/// A picture of one pixel, and a text in it that is packed.
std::string picture_with(std::string text) {
  std::string result;
  auto* writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  auto* info = png_create_info_struct(writer);
  png_set_write_fn(writer, &result, append, nullptr);
  png_set_IHDR(writer, info, 1, 1, 8, PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::string key = "Comment";
  png_text entry{};
  entry.compression = PNG_TEXT_COMPRESSION_zTXt;
  entry.key = key.data();
  entry.text = text.data();
  entry.text_length = text.size();
  png_set_text(writer, info, &entry, 1);
  png_write_info(writer, info);
  std::array<png_byte, 4> pixel{255, 0, 0, 255};
  png_write_row(writer, pixel.data());
  png_write_end(writer, nullptr);
  png_destroy_write_struct(&writer, &info);
  return result;
}

/// The same picture with its text in it so many times.
std::string with_text_repeated(std::string picture, size_t times) {
  auto begin = picture.find("zTXt") - 4;
  auto text = picture.substr(begin, picture.find("IDAT") - 4 - begin);
  for (size_t i = 1; i < times; ++i)
    picture.insert(begin, text);
  return picture;
}

/// A line of /proc/self/status, in megabytes.
long megabytes(const std::string& name) {
  std::ifstream file{"/proc/self/status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":"))
      return std::stol(line.substr(name.size() + 1)) / 1'024;
  return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(brand_suite)

BOOST_AUTO_TEST_CASE(what_is_packed_beside_a_logos_pixels_is_not_unpacked) {
  auto bomb = with_text_repeated(picture_with(std::string(7'900'000, 'x')), 16);
  BOOST_REQUIRE(bomb.size() <= most_logo_bytes);
  // From now on the kernel counts the peak anew.
  std::ofstream{"/proc/self/clear_refs"} << "5";
  auto before = megabytes("VmRSS");
  auto logo = read_logo(bomb);
  BOOST_TEST(megabytes("VmHWM") - before < 40);
  BOOST_REQUIRE(logo.engaged());
  BOOST_TEST((*logo == *read_logo(picture_with("short"))));
}

BOOST_AUTO_TEST_CASE(a_picture_that_ends_too_soon_is_refused_wherever_it_ends) {
  auto picture = picture_with("short");
  // The last chunk holds nothing.
  for (size_t size = 0; size < picture.size() - 12; ++size)
    BOOST_TEST(!read_logo(std::string_view{picture}.substr(0, size)).engaged(), size);
}

BOOST_AUTO_TEST_SUITE_END()
