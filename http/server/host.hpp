#pragma once

#include <string_view>

namespace meisim::http {

/// Whether this is a name or an address, and perhaps a port, as the Host header has it (RFC 9110
/// §7.2). It may be empty.
bool is_host(std::string_view text);

/// The character of a method or a header's name (RFC 9110 §5.6.2).
bool is_token_character(char c);

} // namespace meisim::http
