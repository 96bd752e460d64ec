#pragma once

#include "protocols/access/passwords.hpp"
#include "protocols/base/error.hpp"
#include "protocols/interfaces.hpp"

#include <caf/all.hpp>

#include <utility>

namespace meisim {

/// Password work that waits for one hasher. A full queue holds up no other queue.
struct hash_queue {
  password_hasher_actor hasher;
  int most = 0;
  int under_way = 0;
};

/// Asks a password hasher; `go_on` gets its answer and ends the promise. Each takes 50 ms and
/// 19 MiB, so more of them at once than the queue takes are an attack or a mistake.
template <class Answer, class Self, class Promise, class Question, class GoOn>
void hash_and(Self self, hash_queue& queue, Promise promise, Question question, GoOn go_on) {
  if (queue.under_way >= queue.most) {
    promise.deliver(make_error(ec::unavailable, "too many passwords are being checked, please "
                                                "repeat"));
    return;
  }
  ++queue.under_way;
  self->request(queue.hasher, caf::infinite, std::move(question))
    .then(
      [&queue, go_on](const Answer& answer) mutable {
        --queue.under_way;
        go_on(answer);
      },
      [&queue, promise](caf::error& failure) mutable {
        --queue.under_way;
        promise.deliver(std::move(failure));
      });
}

} // namespace meisim
