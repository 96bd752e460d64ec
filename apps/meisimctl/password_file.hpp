#pragma once

#include <optional>
#include <string>

namespace meisim {

/// Whose password a line of libpq's password file is.
struct password_owner {
  std::string host;
  std::string port;
  std::string database;
  std::string role;
};

/// The password that libpq would take from the file; none if there is none.
std::optional<std::string> password_in(const std::string& path, const password_owner& whose);

/// Puts a password at the front of the file, in place of an older one. The file belongs to the
/// owner of its folder, who alone can read it. Throws `refused`.
void keep_password(const std::string& path, const password_owner& whose,
                   const std::string& password);

} // namespace meisim
