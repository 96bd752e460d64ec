#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct request_recorder_state {
  static inline const char* name = "request_recorder";

  std::unique_ptr<database> db;
  std::shared_ptr<request_notes> notes;
};

/// Spawns detached as REQUEST RECORDER with a session of its own on `connection`. Every second it
/// writes down what has gathered in `notes`. What cannot be written is lost, because nobody is to
/// wait for a log.
request_recorder_actor::behavior_type request_recorder(
  request_recorder_actor::stateful_pointer<request_recorder_state> self, std::string connection,
  std::shared_ptr<request_notes> notes);

} // namespace meisim
