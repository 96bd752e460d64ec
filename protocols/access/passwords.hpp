#pragma once

#include <string>

namespace meisim {

/// Does this password belong to this Argon2id hash? With an empty hash the answer is no, after the
/// same time.
struct password_check {
  std::string password;
  std::string hash;
};

/// Hash a password with Argon2id.
struct password_to_hash {
  std::string password;
};

} // namespace meisim
