#include "apps/sandbox/der.hpp"

namespace meisim::sandbox {

namespace {

constexpr unsigned char long_tag = 0x1f;
constexpr unsigned char more = 0x80;

struct element {
  std::string_view tag;
  std::string_view value;
};

unsigned char byte_at(std::string_view bytes, size_t place) {
  return static_cast<unsigned char>(bytes[place]);
}

/// Takes the first element off `bytes`.
std::optional<element> take(std::string_view& bytes) {
  if (bytes.empty())
    return std::nullopt;
  size_t tag = 1;
  if ((byte_at(bytes, 0) & long_tag) == long_tag)
    do {
      if (tag == bytes.size())
        return std::nullopt;
    } while ((byte_at(bytes, tag++) & more) != 0);
  if (tag == bytes.size())
    return std::nullopt;
  size_t length = byte_at(bytes, tag);
  size_t begin = tag + 1;
  if (length >= more) {
    auto count = length - more;
    if (count == 0 || count > 3 || begin + count > bytes.size())
      return std::nullopt;
    length = 0;
    for (size_t i = 0; i < count; ++i)
      length = length << 8 | byte_at(bytes, begin++);
  }
  if (length > bytes.size() - begin)
    return std::nullopt;
  element result{bytes.substr(0, tag), bytes.substr(begin, length)};
  bytes.remove_prefix(begin + length);
  return result;
}

std::optional<std::string_view> find_one(std::string_view bytes, std::string_view tag) {
  while (auto next = take(bytes))
    if (next->tag == tag)
      return next->value;
  return std::nullopt;
}

} // namespace

std::string der_element(std::string_view tag, std::string_view value) {
  std::string result{tag};
  auto size = value.size();
  auto add = [&](size_t byte) { result += static_cast<char>(byte); };
  if (size > 0xff) {
    add(0x82);
    add(size >> 8);
  } else if (size >= more) {
    add(0x81);
  }
  add(size & 0xff);
  result += value;
  return result;
}

std::optional<std::string_view> find_der(std::string_view bytes,
                                         std::initializer_list<std::string_view> tags) {
  std::optional<std::string_view> found = bytes;
  for (auto tag : tags)
    if (found)
      found = find_one(*found, tag);
  return found;
}

} // namespace meisim::sandbox
