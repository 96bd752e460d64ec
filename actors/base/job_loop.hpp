#pragma once

#include "protocols/base/error.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/base/log.hpp"
#include "protocols/interfaces.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace meisim {

/// How a worker takes jobs.
struct job_loop_config {
  /// Which jobs it takes.
  std::string kind;
  /// The lane whose jobs it takes. If `other_than` is not empty, it takes the jobs of all lanes but
  /// those.
  std::string lane = {};
  std::vector<std::string> other_than = {};
  /// How many it has in hand at once. With 0 it leaves the jobs to other nodes.
  int32_t concurrency = 16;
  /// How long a lease lasts. The loop renews the leases of all jobs in hand; when one runs out,
  /// another worker takes the job.
  std::chrono::seconds lease{30};
  /// How often it looks for new jobs while it has nothing to do.
  std::chrono::milliseconds pause{250};
};

/// How far a worker is.
struct job_loop {
  job_loop_config config;
  job_store_actor store;
  std::map<uuid, job> in_hand = {};
  std::chrono::steady_clock::time_point renewed_at = {};
  bool is_leasing = false;
};

/// Pause before a job's next try in seconds: 1, 2, 4, … up to `longest`.
inline int32_t retry_pause(int32_t attempts, int32_t longest = 60) {
  return std::min(longest, 1 << std::clamp(attempts - 1, 0, 16));
}

inline int32_t lease_seconds(const job_loop& loop) {
  return static_cast<int32_t>(loop.config.lease.count());
}

/// Takes as many jobs as there is room for, and calls `start(job)` for each. `self->state.loop` is
/// the worker's job_loop.
template <class Self, class Start>
void take_jobs(Self* self, Start start) {
  auto& loop = self->state.loop;
  auto room = loop.config.concurrency - static_cast<int32_t>(loop.in_hand.size());
  // Looking for a job whenever one place becomes free would cost more than the work itself.
  if (loop.is_leasing || room <= 0 || room * 2 < loop.config.concurrency)
    return;
  loop.is_leasing = true;
  lease_jobs question{loop.config.kind, room, lease_seconds(loop), loop.config.lane,
                      loop.config.other_than};
  self->request(loop.store, caf::infinite, std::move(question))
    .then(
      [self, start, room](const job_list& taken) {
        auto& current = self->state.loop;
        current.is_leasing = false;
        for (const auto& work : taken.jobs) {
          current.in_hand[work.subject] = work;
          start(work);
        }
        if (static_cast<int32_t>(taken.jobs.size()) == room)
          self->send(self, wake_atom_v);
      },
      [self](const caf::error&) { self->state.loop.is_leasing = false; });
}

/// Begins to look for jobs; the worker answers each tick with look_again.
template <class Self>
// NOLINTNEXTLINE(performance-unnecessary-value-param): in a template it does not see the moves.
void begin_loop(Self* self, job_loop_config config, job_store_actor store) {
  self->state.loop.config = std::move(config);
  self->state.loop.store = std::move(store);
  self->send(self, tick_atom_v);
}

/// Renews the leases, so that nobody else takes a job in hand, whatever it waits for.
template <class Self>
void keep_leases(Self* self) {
  auto& loop = self->state.loop;
  auto time = self->clock().now();
  if (time - loop.renewed_at < loop.config.lease / 3)
    return;
  loop.renewed_at = time;
  for (const auto& [subject, work] : loop.in_hand)
    self->send(loop.store, keep_job{loop.config.kind, work, lease_seconds(loop)});
}

/// Takes jobs now, and again after the pause.
template <class Self, class Start>
void look_again(Self* self, Start start) {
  keep_leases(self);
  take_jobs(self, start);
  self->delayed_send(self, self->state.loop.config.pause, tick_atom_v);
}

/// What a worker does with the messages of the loop; `handlers` are for those of its own. It calls
/// `start(self, job)` for each job.
template <class Self, class... Handlers>
auto job_behavior(Self* self, job_loop_config config, job_store_actor store,
                  void (*start)(Self*, const job&), Handlers... handlers) ->
  typename Self::behavior_type {
  begin_loop(self, std::move(config), std::move(store));
  auto begin = [self, start](const job& work) { start(self, work); };
  return {
    [self, begin](wake_atom) { take_jobs(self, begin); },
    [self, begin](tick_atom) { look_again(self, begin); },
    std::move(handlers)...,
  };
}

/// The job is out of this worker's hands, done or postponed.
template <class Self>
void put_down(Self* self, const job& work) {
  auto& in_hand = self->state.loop.in_hand;
  auto found = in_hand.find(work.subject);
  // The job may have been lost and taken once more.
  if (found != in_hand.end() && found->second.attempts == work.attempts)
    in_hand.erase(found);
  self->send(self, wake_atom_v);
}

/// Leaves a job for later.
template <class Self>
void postpone(Self* self, const job& work, int32_t seconds, const std::string& why) {
  const auto& loop = self->state.loop;
  log_warn("job {} {}: try {} ended, again in {} s: {}", loop.config.kind, to_string(work.subject),
           work.attempts, seconds, why);
  self->send(loop.store, postpone_job{loop.config.kind, work, seconds, why});
  put_down(self, work);
}

/// What a worker does when a step of a job ends in an error: it leaves the job for later, or for
/// the worker that has it now.
template <class Self>
auto postpone_on_error(Self* self, const job& work) {
  return [self, work](const caf::error& failure) {
    if (code_of(failure) == ec::moved) {
      log_warn("job {} {}: try {} is over: {}", self->state.loop.config.kind,
               to_string(work.subject), work.attempts, message_of(failure));
      return put_down(self, work);
    }
    postpone(self, work, retry_pause(work.attempts), message_of(failure));
  };
}

} // namespace meisim
