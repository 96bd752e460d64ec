#include "http/edge/request_runners.hpp"

#include "http/edge/route.hpp"

#include <utility>

namespace meisim::http {

namespace {

constexpr size_t runners_per_thread = 4;

/// A class, as CAF 0.17.6 reads through a null pointer to start a function that has no arguments.
class request_runner : public request_runner_actor::base {
public:
  explicit request_runner(caf::actor_config& config) : request_runner_actor::base(config) {
    // nop
  }

  behavior_type make_behavior() override {
    return {[this](const exchange_pointer& what) { what->run(this); }};
  }
};

request_runner_actor spawn_runner(caf::actor_system& system) {
  return system.spawn<request_runner>();
}

} // namespace

request_runners::request_runners(caf::actor_system& system) : system_(system) {
  auto threads =
    caf::get_or(system.config(), "scheduler.max-threads", caf::defaults::scheduler::max_threads);
  actors_.reserve(runners_per_thread * threads);
  while (actors_.size() < runners_per_thread * threads)
    actors_.push_back(spawn_runner(system));
}

void request_runners::run(exchange_pointer what) {
  // A larger body takes a while to read, and nobody is to wait behind it. So it gets a runner of
  // its own, which ends when the exchange no longer waits for anybody.
  auto runner = what->incoming.body.size() > ordinary_body ? spawn_runner(system_)
                                                           : actors_[turn_++ % actors_.size()];
  caf::anon_send(runner, std::move(what));
}

} // namespace meisim::http
