#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

using sha256_digest = std::array<uint8_t, 32>;

/// SHA-256 of `text` (FIPS 180-4).
sha256_digest sha256(std::string_view text);

/// HMAC-SHA256 of `text` under `key` (RFC 2104).
sha256_digest hmac_sha256(std::string_view key, std::string_view text);

/// HMAC-SHA512 of `text` under `key`, as lower-case hexadecimal text.
std::string hmac_sha512_hex(std::string_view key, std::string_view text);

/// Fills `size` bytes at `target` from the operating system's cryptographic source.
void random_bytes(void* target, size_t size);

/// Lower-case hexadecimal text of `size` bytes.
std::string to_hex(const uint8_t* bytes, size_t size);

inline std::string to_hex(const sha256_digest& digest) {
  return to_hex(digest.data(), digest.size());
}

/// The digest written as 64 hexadecimal characters; all zero if `text` is no such thing.
sha256_digest digest_from_hex(std::string_view text);

/// Whether both texts are the same, in a time that tells nothing about where they differ.
bool same_secret(std::string_view a, std::string_view b);

/// A new dealer API key: `dk_`, 40 hexadecimal characters (160 random bits), and 8 that follow from
/// them.
std::string make_api_key();

/// Whether a text may be an API key of ours: its last eight characters fit the others, or it lacks
/// them, as older keys do.
bool may_be_api_key(std::string_view text);

/// A new one-time code: six decimal digits, each code equally likely.
std::string make_one_time_code();

} // namespace meisim
