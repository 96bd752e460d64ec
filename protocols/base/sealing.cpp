#include "protocols/base/sealing.hpp"

#include "protocols/base/crypto.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

namespace meisim {

namespace {

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
using bytes = std::vector<uint8_t>;

constexpr size_t nonce_size = 12;
constexpr size_t tag_size = 16;

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

int size_of(std::string_view text) {
  return static_cast<int>(text.size());
}

void demand(int done) {
  if (done != 1)
    throw std::runtime_error("OpenSSL cannot seal");
}

std::optional<bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return std::nullopt;
  bytes result(text.size() / 2);
  for (size_t i = 0; i < result.size(); ++i) {
    const auto* begin = text.data() + 2 * i;
    auto [end, failure] = std::from_chars(begin, begin + 2, result[i], 16);
    if (failure != std::errc{} || end != begin + 2)
      return std::nullopt;
  }
  return result;
}

} // namespace

std::string seal(std::string_view key, std::string_view name, std::string_view text) {
  auto cipher_key = sha256(key);
  bytes result(nonce_size + text.size() + tag_size);
  random_bytes(result.data(), nonce_size);
  cipher_context context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  auto* at = result.data() + nonce_size;
  int size = 0;
  demand(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, cipher_key.data(),
                            result.data()));
  demand(EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(name), size_of(name)));
  demand(EVP_EncryptUpdate(context.get(), at, &size, bytes_of(text), size_of(text)));
  demand(EVP_EncryptFinal_ex(context.get(), at + size, &size));
  demand(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, at + text.size()));
  return to_hex(result.data(), result.size());
}

std::optional<std::string> unseal(std::string_view key, std::string_view name,
                                  std::string_view sealed) {
  auto all = from_hex(sealed);
  if (!all || all->size() < nonce_size + tag_size)
    return std::nullopt;
  auto cipher_key = sha256(key);
  auto text_size = all->size() - nonce_size - tag_size;
  std::string text(text_size, '\0');
  auto* target = reinterpret_cast<uint8_t*>(text.data());
  cipher_context context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  int size = 0;
  demand(
    EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, cipher_key.data(), all->data()));
  demand(EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(name), size_of(name)));
  demand(EVP_DecryptUpdate(context.get(), target, &size, all->data() + nonce_size,
                           static_cast<int>(text_size)));
  demand(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size,
                             all->data() + nonce_size + text_size));
  bool is_genuine = EVP_DecryptFinal_ex(context.get(), target + size, &size) == 1;
  return is_genuine ? std::optional{std::move(text)} : std::nullopt;
}

} // namespace meisim
