#pragma once

#include "protocols/base/identity.hpp"
#include "protocols/cluster/cluster.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace meisim {

/// The greeting with its proof for this incarnation of another node. Without an identity no TLS is
/// used, and nothing is proved.
caf::expected<node_greeting> proved_to(const uuid& other, node_greeting greeting,
                                       const std::optional<identity_files>& identity);

/// Nothing if the greeting names a gate and comes from the node whose name it bears; otherwise a
/// `forbidden` error. `own` is the incarnation that was greeted.
caf::error check_greeting(const uuid& own, const node_greeting& greeting,
                          const std::optional<identity_files>& identity);

} // namespace meisim
