#pragma once

#include <sys/socket.h>

#include <string_view>

namespace meisim {

/// Whether an address belongs to the public Internet: no loopback, private, link-local, shared
/// (CGNAT), unique local, multicast, documentation or otherwise reserved range, and no IPv4 address
/// in the guise of an IPv6 one (RFC 6890 and IANA's special-purpose registries). False for other
/// families.
bool is_public_address(const sockaddr& address);

/// As above, for an address in text; false for what is none.
bool is_public_address(std::string_view text);

} // namespace meisim
