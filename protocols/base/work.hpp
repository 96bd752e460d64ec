#pragma once

#include "protocols/base/id.hpp"

#include <caf/meta/type_name.hpp>

#include <string>

namespace meisim {

/// The answer to a request that has nothing else to tell: it has been done.
struct done {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, done&) {
  return f(caf::meta::type_name("done"));
}

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

/// An API key was used just now; kept to the minute.
struct key_used {
  std::string key_hash;
};

} // namespace meisim
