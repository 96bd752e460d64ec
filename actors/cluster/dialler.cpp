#include "actors/cluster/dialler.hpp"

#include "actors/cluster/reach.hpp"
#include "protocols/cluster/remote.hpp"

namespace meisim {

dialler_actor::behavior_type dialler(dialler_actor::pointer self,
                                     std::chrono::milliseconds patience) {
  return {
    [self, patience](const dial& wish) -> caf::result<node_gate_actor> {
      return reach<node_gate_actor>(self->system(), read_network_address(wish.address), patience);
    },
  };
}

} // namespace meisim
