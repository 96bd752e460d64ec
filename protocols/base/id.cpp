#include "protocols/base/id.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

namespace meisim {

namespace {

constexpr uint64_t variant_bits = 0x8000'0000'0000'0000ULL;
constexpr uint64_t variant_mask = 0x3fff'ffff'ffff'ffffULL;

uint64_t random_bits() {
  thread_local std::mt19937_64 generator = [] {
    std::array<uint32_t, 16> seed;
    random_bytes(seed.data(), sizeof(seed));
    std::seed_seq sequence(seed.begin(), seed.end());
    return std::mt19937_64{sequence};
  }();
  return generator();
}

uuid from_bytes(const uint8_t* bytes) {
  uuid result;
  for (int i = 0; i < 8; ++i) {
    result.high = (result.high << 8) | bytes[i];
    result.low = (result.low << 8) | bytes[i + 8];
  }
  return result;
}

constexpr std::string_view short_id_mark = "MM-";
/// So many codes have six letters, and so many have at most seven.
constexpr int64_t short_codes = int64_t{1} << 30;
/// A code of six letters is an order's number times this, and the number is the code times the
/// other: modulo `short_codes`, their product is one.
constexpr int64_t spread = 663'608'941;
constexpr int64_t gathered = 247'520'101;
static_assert((spread * gathered & (short_codes - 1)) == 1);
constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Minus one if it is none. Letters that are taken for a digit count as that.
int crockford_digit(char c) {
  if (lower(c) == 'i' || lower(c) == 'l')
    return 1;
  if (lower(c) == 'o')
    return 0;
  for (size_t digit = 0; digit < crockford.size(); ++digit)
    if (lower(crockford[digit]) == lower(c))
      return static_cast<int>(digit);
  return -1;
}

} // namespace

uuid make_uuid() {
  using namespace std::chrono;
  auto now = duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
  auto millis = static_cast<uint64_t>(now / 1'000'000);
  // The first random bits carry the fraction of the millisecond instead (RFC 9562 §6.2, method 3).
  auto fraction = static_cast<uint64_t>(now % 1'000'000) * 4'096 / 1'000'000;
  uuid result;
  result.high = millis << 16 | 0x7000 | fraction;
  result.low = variant_bits | (random_bits() & variant_mask);
  return result;
}

uuid derive_uuid(uuid base, std::string_view purpose) {
  auto digest = sha256(to_string(base) + '/' + std::string{purpose});
  auto result = from_bytes(digest.data());
  result.high = (result.high & ~0xf000ULL) | 0x8000;
  result.low = variant_bits | (result.low & variant_mask);
  return result;
}

std::string to_string(uuid value) {
  std::string result = "........-....-....-....-............";
  size_t at = 0;
  for (auto half : {value.high, value.low})
    for (int shift = 60; shift >= 0; shift -= 4) {
      at += result[at] == '-' ? 1 : 0;
      result[at++] = hex_digits[half >> shift & 15];
    }
  return result;
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36)
    return std::nullopt;
  uuid result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-')
        return std::nullopt;
      continue;
    }
    auto digit = hex_value(text[i]);
    if (digit < 0)
      return std::nullopt;
    auto& half = i < 18 ? result.high : result.low;
    half = half << 4 | static_cast<uint64_t>(digit);
  }
  return result;
}

std::string short_id(int64_t number) {
  bool is_spread = number < short_codes;
  auto code = is_spread ? number * spread & (short_codes - 1) : number;
  std::string result{short_id_mark};
  for (int i = is_spread ? 5 : 6; i >= 0; --i)
    result += crockford[static_cast<size_t>(code >> (5 * i)) & 31];
  return result;
}

std::optional<order_name> parse_order_name(std::string_view text) {
  if (auto id = order_id::parse(text))
    return order_name{*id};
  if (!same_but_for_case(text.substr(0, short_id_mark.size()), short_id_mark))
    return std::nullopt;
  text.remove_prefix(short_id_mark.size());
  if (text.size() != 6 && (text.size() != 7 || crockford_digit(text.front()) == 0))
    return std::nullopt;
  int64_t code = 0;
  for (char c : text) {
    auto digit = crockford_digit(c);
    if (digit < 0)
      return std::nullopt;
    code = code << 5 | digit;
  }
  return order_name{{}, code < short_codes ? code * gathered & (short_codes - 1) : code};
}

} // namespace meisim
