#pragma once

#include "persistence/access/retention.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct retention_state {
  static inline const char* name = "retention";

  std::unique_ptr<database> db;
  int days = 0;
  retention_place orders;
  retention_place mails;
  retention_place messages;
  /// Rows that this pass has emptied.
  int64_t emptied = 0;
};

/// Spawns detached as RETENTION with a session of its own on `connection`.
retention_actor::behavior_type retention(retention_actor::stateful_pointer<retention_state> self,
                                         std::string connection, int days);

} // namespace meisim
