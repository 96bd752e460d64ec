#pragma once

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace meisim {

// The versions of the messages between nodes of different releases. A message type that has been
// released does not change. New content is a new type, and is sent only to nodes whose version
// knows it. Each release understands the version of the release before, so that nodes can be
// replaced one by one.

/// The versions that a release understands, both included.
struct wire_range {
  int32_t oldest = 1;
  int32_t newest = 1;

  friend constexpr bool operator==(const wire_range&, const wire_range&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_range& x) {
  return f(caf::meta::type_name("wire_range"), x.oldest, x.newest);
}

/// The versions of this release.
wire_range spoken_here();

/// The newest version that both understand; nothing if there is none.
std::optional<int32_t> common_version(wire_range a, wire_range b);

} // namespace meisim
