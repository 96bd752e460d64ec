#include "protocols/cluster/registry.hpp"

#include "protocols/base/error.hpp"
#include "protocols/interfaces.hpp"

namespace meisim {

void announce_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::meisim_wire>();
  config.add_message_types<caf::id_block::meisim_local>();
  config.add_message_types<caf::id_block::meisim_handles>();
  config.add_error_category(error_category, render_error);
}

} // namespace meisim
