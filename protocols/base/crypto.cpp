#include "protocols/base/crypto.hpp"

#include "protocols/base/ascii.hpp"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>

namespace meisim {

namespace {

struct digest_context_deleter {
  void operator()(EVP_MD_CTX* context) const {
    EVP_MD_CTX_free(context);
  }
};

/// The length of an API key without its check digits, and the number of check digits.
constexpr size_t bare_key_size = 43;
constexpr size_t check_size = 8;

std::string check_digits(std::string_view bare_key) {
  return to_hex(sha256(bare_key)).substr(0, check_size);
}

int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

} // namespace

sha256_digest sha256(std::string_view text) {
  // Fetching the algorithm anew for each call costs more than the hash of a short text.
  static const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local std::unique_ptr<EVP_MD_CTX, digest_context_deleter> context{EVP_MD_CTX_new()};
  sha256_digest result;
  if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1
      || EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1
      || EVP_DigestFinal_ex(context.get(), result.data(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  return result;
}

sha256_digest hmac_sha256(std::string_view key, std::string_view text) {
  sha256_digest result{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), result.data(), &size)
      == nullptr)
    throw std::runtime_error("HMAC-SHA256 is not available");
  return result;
}

std::string hmac_sha512_hex(std::string_view key, std::string_view text) {
  std::array<uint8_t, 64> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha512(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size)
      == nullptr)
    throw std::runtime_error("HMAC-SHA512 is not available");
  return to_hex(digest.data(), digest.size());
}

void random_bytes(void* target, size_t size) {
  if (RAND_bytes(static_cast<unsigned char*>(target), static_cast<int>(size)) != 1)
    throw std::runtime_error("the system's random source failed");
}

std::string to_hex(const uint8_t* bytes, size_t size) {
  std::string result(size * 2, '0');
  for (size_t i = 0; i < size; ++i) {
    result[2 * i] = hex_digits[bytes[i] >> 4];
    result[2 * i + 1] = hex_digits[bytes[i] & 15];
  }
  return result;
}

sha256_digest digest_from_hex(std::string_view text) {
  sha256_digest result{};
  if (text.size() != result.size() * 2)
    return result;
  for (size_t i = 0; i < result.size(); ++i) {
    int high = nibble(text[2 * i]);
    int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return {};
    result[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return result;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string make_api_key() {
  std::array<uint8_t, 20> bytes;
  random_bytes(bytes.data(), bytes.size());
  auto key = "dk_" + to_hex(bytes.data(), bytes.size());
  return key + check_digits(key);
}

bool may_be_api_key(std::string_view text) {
  if (!text.starts_with("dk_"))
    return false;
  if (text.size() == bare_key_size)
    return true;
  return text.size() == bare_key_size + check_size
         && text.substr(bare_key_size) == check_digits(text.substr(0, bare_key_size));
}

std::string make_one_time_code() {
  constexpr uint32_t codes = 1'000'000;
  constexpr uint32_t fair = UINT32_MAX - UINT32_MAX % codes;
  uint32_t number = 0;
  do {
    random_bytes(&number, sizeof(number));
  } while (number >= fair);
  return fmt::format("{:06}", number % codes);
}

} // namespace meisim
