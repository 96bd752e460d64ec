#include "actors/access/totp.hpp"

#include "protocols/base/crypto.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>
#include <liboath/oath.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace meisim {

namespace {

using oath_text = std::unique_ptr<char, decltype(&std::free)>;

} // namespace

std::string make_totp_secret() {
  std::array<char, 20> bytes;
  random_bytes(bytes.data(), bytes.size());
  char* text = nullptr;
  if (oath_base32_encode(bytes.data(), bytes.size(), &text, nullptr) != OATH_OK)
    throw std::runtime_error("liboath cannot write base 32");
  return oath_text{text, std::free}.get();
}

std::string totp_url(const std::string& secret, const std::string& email) {
  return fmt::format("otpauth://totp/MeiSIM:{}?secret={}&issuer=MeiSIM", url_escaped(email),
                     secret);
}

std::optional<int64_t> totp_step(const std::string& secret, const std::string& code, instant at) {
  constexpr unsigned steps_beside = 1;
  char* bytes = nullptr;
  size_t size = 0;
  if (code.size() != 6
      || oath_base32_decode(secret.data(), secret.size(), &bytes, &size) != OATH_OK)
    return std::nullopt;
  oath_text key{bytes, std::free};
  uint64_t step = 0;
  auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  auto found =
    oath_totp_validate3(key.get(), size, seconds, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                        OATH_TOTP_DEFAULT_START_TIME, steps_beside, nullptr, &step, code.c_str());
  return found >= 0 ? std::optional{static_cast<int64_t>(step)} : std::nullopt;
}

} // namespace meisim
