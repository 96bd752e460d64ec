#include "protocols/base/base64.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace meisim {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// The base64 in a `data:` address (RFC 2397); other texts unchanged.
std::string_view without_data_address(std::string_view text) {
  constexpr std::string_view scheme = "data:";
  constexpr std::string_view mark = ";base64,";
  if (!same_but_for_case(text.substr(0, scheme.size()), scheme))
    return text;
  auto end = text.find(mark);
  return end == std::string_view::npos ? text : text.substr(end + mark.size());
}

} // namespace

std::string to_base64(std::string_view bytes) {
  // There is one byte more, for the NUL that OpenSSL writes at the end.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size())) < 0)
    return std::nullopt;
  size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.erase(bytes.size() - std::min(padding, bytes.size()));
  return bytes;
}

std::optional<std::string> read_base64(std::string_view text) {
  auto compact = compact_text(without_data_address(trimmed_text(text)));
  std::ranges::replace(compact, '-', '+');
  std::ranges::replace(compact, '_', '/');
  // A group of four stands for three bytes, three of its characters for two, and two for one.
  if (auto rest = compact.size() % 4; rest > 1)
    compact.append(4 - rest, '=');
  return from_base64(compact);
}

} // namespace meisim
