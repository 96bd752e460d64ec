#pragma once

#include "protocols/base/published.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/provider.hpp"

#include <memory>
#include <string>
#include <vector>

namespace meisim {

/// A provider and the prefix of what it sells.
struct provider_route {
  /// `p4`.
  std::string prefix;
  provider_actor to;
};

struct provider_switch_state {
  static inline const char* name = "provider-switch";

  /// The first provider gets all names without a prefix. A name with an unknown prefix is nobody's:
  /// its provider may have left the configuration, and no other may sell it a second time.
  std::vector<provider_route> routes;
  std::shared_ptr<const published<catalogue>> board;

  /// Who sells what has this name; null for nobody.
  provider_actor seller_of(const std::string& what) const;
};

/// Spawns as PROVIDERS: passes each question on to the provider that it is for, whose answer goes
/// straight to the asker.
providers_actor::behavior_type provider_switch(
  providers_actor::stateful_pointer<provider_switch_state> self, std::vector<provider_route> routes,
  std::shared_ptr<const published<catalogue>> board);

} // namespace meisim
