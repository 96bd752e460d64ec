#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// An IP address or network as it is written everywhere: `127.0.0.1`, `10.0.0.0/8`,
/// `2001:db8::/32`, with no bits set after its prefix. An IPv4 network in the form of IPv6 becomes
/// an IPv4 network. Nothing if the text is neither.
std::optional<std::string> read_network(std::string_view text);

/// Whether an address is in a network that `read_network` has written. An IPv4 address may be
/// written as `::ffff:10.0.0.1`.
bool is_in_network(std::string_view address, const std::string& network);

} // namespace meisim
