#pragma once

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim {

// A head of the ledger is signed with Ed25519, by a key that the database's owner does not have.

/// A new private key, as PEM.
std::string make_head_key();

/// The signature in hexadecimal. `invalid` if `private_key` is no Ed25519 key in PEM.
caf::expected<std::string> sign_head(std::string_view private_key, std::string_view text);

/// Whether the signature over the text was made with this private key.
caf::expected<bool> is_head_signed(std::string_view private_key, std::string_view text,
                                   std::string_view signature);

} // namespace meisim
