#include "apps/meisimd/secrets.hpp"

#include "protocols/base/crypto.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace meisim {

namespace {

std::string read_secret(const std::string& path) {
  std::ifstream file{path};
  std::string text;
  std::getline(file, text);
  return text;
}

} // namespace

std::string random_secret() {
  std::array<uint8_t, 32> bytes;
  random_bytes(bytes.data(), bytes.size());
  return to_hex(bytes.data(), bytes.size());
}

std::string secret_in(const std::string& path) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    auto text = random_secret() + '\n';
    bool is_written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(fd);
    if (!is_written)
      throw std::runtime_error("cannot write " + path);
  } else if (errno != EEXIST) {
    throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
  }
  auto secret = read_secret(path);
  if (secret.size() < 32)
    throw std::runtime_error(path + " holds no secret of at least 32 characters");
  return secret;
}

bool is_live_stripe_key(const std::string& key) {
  return key.starts_with("sk_live_") || key.starts_with("rk_live_");
}

std::string secret_if_in(const std::string& path) {
  return read_secret(path);
}

} // namespace meisim
