#include "protocols/orders/provider_signatures.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdint>

namespace meisim {

namespace {

/// The code point that begins at `at`, or the byte itself if it begins none. `at` moves behind it.
uint32_t take_code_point(std::string_view text, size_t& at) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  auto first = byte(at++);
  int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  uint32_t point = more == 0 ? first : first & (0x3Fu >> more);
  for (; more > 0 && at < text.size(); --more)
    point = point << 6 | (byte(at++) & 0x3Fu);
  return point;
}

void append_escaped(std::string& to, uint32_t point) {
  if (point >= 0x10000) {
    to += fmt::format("\\u{:04x}", 0xD800 + ((point - 0x10000) >> 10));
    point = 0xDC00 + ((point - 0x10000) & 0x3FF);
  }
  to += fmt::format("\\u{:04x}", point);
}

/// JSON as PHP writes it again, which is the form that is signed: no blanks between its parts;
/// slashes and all that is not ASCII are escaped in its texts.
std::string rewritten(std::string_view body) {
  std::string result;
  bool is_text = false;
  for (size_t at = 0; at < body.size();) {
    char c = body[at];
    if (is_text && static_cast<uint8_t>(c) >= 0x80) {
      append_escaped(result, take_code_point(body, at));
      continue;
    }
    ++at;
    if (!is_text && std::string_view{" \t\r\n"}.find(c) != std::string_view::npos)
      continue;
    if (is_text && c == '/')
      result += '\\';
    result += c;
    if (c == '"')
      is_text = !is_text;
    if (is_text && c == '\\' && at < body.size())
      result += body[at++];
  }
  return result;
}

} // namespace

bool is_signed_by_airalo(std::string_view body, std::string_view signature,
                         const std::string& secret) {
  return same_secret(signature, hmac_sha512_hex(secret, body))
         || same_secret(signature, hmac_sha512_hex(secret, rewritten(body)));
}

bool is_signed_by_esim_go(std::string_view body, std::string_view signature,
                          const std::string& api_key) {
  if (signature.empty())
    return true;
  auto digest = hmac_sha256(api_key, body);
  std::string_view bytes{reinterpret_cast<const char*>(digest.data()), digest.size()};
  return same_secret(lowered(signature), to_hex(digest))
         || same_secret(signature, to_base64(bytes));
}

bool is_signed_by_reloadly(std::string_view text, std::string_view signature,
                           const std::string& secret) {
  return !secret.empty() && same_secret(lowered(signature), to_hex(hmac_sha256(secret, text)));
}

std::string esim_access_digest(const esim_access_credentials& by, std::string_view time,
                               std::string_view call_id, std::string_view body) {
  return to_hex(
    hmac_sha256(by.secret, fmt::format("{}{}{}{}", time, call_id, by.access_code, body)));
}

std::vector<std::string> esim_access_signature(const esim_access_credentials& by,
                                               std::string_view body, instant at) {
  std::array<uint8_t, 16> random{};
  random_bytes(random.data(), random.size());
  // A UUID of version 4, without dashes, as in the provider's example.
  random[6] = static_cast<uint8_t>((random[6] & 0x0F) | 0x40);
  random[8] = static_cast<uint8_t>((random[8] & 0x3F) | 0x80);
  auto id = to_hex(random.data(), random.size());
  auto time = fmt::format("{}", micros(at) / 1'000);
  return {"RT-Timestamp: " + time, "RT-RequestID: " + id,
          "RT-Signature: " + esim_access_digest(by, time, id, body)};
}

} // namespace meisim
