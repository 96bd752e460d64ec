#pragma once

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

namespace meisim {

/// The two parts of `host:port`. The port is zero if the text is not of that form.
struct network_address {
  std::string host;
  uint16_t port = 0;
};

network_address read_network_address(const std::string& text);

/// The actor that another process has published at this address, over TLS. Blocks: for `patience`
/// where nobody answers, and five times as long where somebody does and says nothing. `interface`
/// is what it has to understand. Errors: `unavailable`, with the reason.
caf::expected<caf::strong_actor_ptr> reach_actor(caf::actor_system& system,
                                                 const std::set<std::string>& interface,
                                                 const network_address& where,
                                                 std::chrono::milliseconds patience);

template <class Handle>
caf::expected<Handle> reach(caf::actor_system& system, const network_address& where,
                            std::chrono::milliseconds patience) {
  caf::detail::type_list<Handle> handle;
  auto found = reach_actor(system, system.message_types(handle), where, patience);
  if (!found)
    return found.error();
  return caf::actor_cast<Handle>(std::move(*found));
}

} // namespace meisim
