#include "actors/access/password_hasher.hpp"

#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"

#include <argon2.h>

#include <array>

namespace meisim {

namespace {

constexpr uint32_t lanes = 1;
constexpr size_t salt_size = 16;
constexpr size_t hash_size = 32;

caf::expected<std::string> hash_of(const std::string& password, hash_cost cost) {
  auto [passes, memory_kib] = cost;
  std::array<uint8_t, salt_size> salt;
  random_bytes(salt.data(), salt.size());
  std::string encoded(argon2_encodedlen(passes, memory_kib, lanes, salt_size, hash_size, Argon2_id),
                      '\0');
  if (argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), hash_size, encoded.data(), encoded.size())
      != ARGON2_OK)
    return make_error(ec::internal, "Argon2id failed");
  encoded.resize(encoded.find('\0'));
  return encoded;
}

} // namespace

password_hasher_actor::behavior_type password_hasher(password_hasher_actor::pointer,
                                                     hash_cost cost) {
  // A question about an account without a password takes as long as one about an account with a
  // password.
  auto decoy = hash_of("nobody's password", cost);
  return {
    [decoy](const password_check& question) {
      const auto& hash = question.hash.empty() && decoy ? *decoy : question.hash;
      bool fits = argon2id_verify(hash.c_str(), question.password.data(), question.password.size())
                  == ARGON2_OK;
      return fits && !question.hash.empty();
    },
    [cost](const password_to_hash& wish) -> caf::result<std::string> {
      auto hash = hash_of(wish.password, cost);
      if (!hash)
        return std::move(hash.error());
      return std::move(*hash);
    },
  };
}

} // namespace meisim
