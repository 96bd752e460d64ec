#include "protocols/money/signed_head.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace meisim {

namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_pointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

/// The length of an Ed25519 signature.
constexpr size_t signature_size = 64;

using signature_bytes = std::array<uint8_t, signature_size>;

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

key_pointer read_key(std::string_view pem) {
  bio_pointer from{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  key_pointer key{PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  if (key && EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    key.reset();
  return key;
}

caf::error no_key() {
  return make_error(ec::invalid, "the file holds no Ed25519 key");
}

} // namespace

std::string make_head_key() {
  key_pointer key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free};
  bio_pointer to{BIO_new(BIO_s_mem()), BIO_free};
  if (!key
      || PEM_write_bio_PrivateKey(to.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("OpenSSL makes no key");
  char* data = nullptr;
  auto size = BIO_get_mem_data(to.get(), &data);
  return {data, static_cast<size_t>(size)};
}

caf::expected<std::string> sign_head(std::string_view private_key, std::string_view text) {
  auto key = read_key(private_key);
  if (!key)
    return no_key();
  digest_pointer digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  signature_bytes signature{};
  size_t size = signature.size();
  if (EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, key.get()) != 1
      || EVP_DigestSign(digest.get(), signature.data(), &size, bytes_of(text), text.size()) != 1)
    throw std::runtime_error("OpenSSL does not sign");
  return to_hex(signature.data(), size);
}

caf::expected<bool> is_head_signed(std::string_view private_key, std::string_view text,
                                   std::string_view signature) {
  // Ed25519 gives the same signature for the same text.
  auto expected = sign_head(private_key, text);
  if (!expected)
    return std::move(expected.error());
  return same_secret(*expected, signature);
}

} // namespace meisim
