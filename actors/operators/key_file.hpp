#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/kept_secret.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <string>

namespace meisim {

// A secret in a file of the home: its first line. `FILE.before` beside it has the one before, and
// may have a second line with the time until which it holds.

/// What the file says; an empty secret if there is none. `invalid` with a sentence that names the
/// file if it cannot be read, or holds no secret.
caf::expected<secret_value> read_key_file(const std::string& path, instant now);

/// Puts another secret into the file, as a whole or not at all. The one that was in it holds until
/// `former_until`. `internal` with a sentence if it cannot be written.
caf::error write_key_file(const std::string& path, const std::string& secret, instant former_until,
                          instant now);

/// Writes a file, as a whole or not at all, that only its owner can read.
caf::error write_private_file(const std::string& path, const std::string& text);

/// The same, but a file that is already there stays.
caf::error make_private_file(const std::string& path, const std::string& text);

/// What is wrong with the text as a secret; empty if nothing is.
std::string secret_flaw(const std::string& text);

} // namespace meisim
