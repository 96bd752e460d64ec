#pragma once

#include "actors/notify/mail_transport.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"

namespace meisim {

struct mailer_state {
  static inline const char* name = "mailer";

  mail_transport transport;
};

/// Spawns detached as MAILER: its transport blocks.
mailer_actor::behavior_type mailer(mailer_actor::stateful_pointer<mailer_state> self,
                                   mail_transport transport);

} // namespace meisim
