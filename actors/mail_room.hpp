#pragma once

#include "actors/job_loop.hpp"
#include "protocols/interfaces.hpp"

namespace meisim {

struct mail_room_state {
  static inline const char* name = "mail-room";

  job_loop loop;
  mailer_actor mailer;
};

/// Spawns as MAIL ROOM: sends the mails that stand in the queue.
job_worker_actor::behavior_type mail_room(job_worker_actor::stateful_pointer<mail_room_state> self,
                                          job_loop_config config, job_book_actor book,
                                          mailer_actor mailer);

} // namespace meisim
