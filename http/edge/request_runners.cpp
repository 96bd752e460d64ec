#include "http/edge/request_runners.hpp"

#include "http/edge/route.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace meisim::http {

namespace {

constexpr size_t runners_per_thread = 4;
constexpr size_t body_readers = 2;
/// The priority of their threads, as `nice` has it.
constexpr int stood_back = 10;

/// This is a class because CAF 0.17.6 reads through a null pointer to start a function that has no
/// arguments.
class request_runner : public request_runner_actor::base {
public:
  explicit request_runner(caf::actor_config& config) : request_runner_actor::base(config) {
    // nop
  }

  behavior_type make_behavior() override {
    return {[this](const exchange_pointer& what) { what->run(this); }};
  }
};

/// Reads large bodies and makes documents. That takes long, so it gives way to shorter work.
class body_reader : public request_runner {
public:
  using request_runner::request_runner;

  behavior_type make_behavior() override {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), stood_back);
    return request_runner::make_behavior();
  }
};

} // namespace

request_runners::request_runners(caf::actor_system& system) {
  auto threads =
    caf::get_or(system.config(), "scheduler.max-threads", caf::defaults::scheduler::max_threads);
  actors_.reserve(runners_per_thread * threads);
  while (actors_.size() < runners_per_thread * threads)
    actors_.push_back(system.spawn<request_runner>());
  while (readers_.size() < body_readers)
    readers_.push_back(system.spawn<body_reader, caf::detached>());
}

/// Nobody else ends these threads.
request_runners::~request_runners() {
  for (const auto& reader : readers_)
    caf::anon_send_exit(reader, caf::exit_reason::user_shutdown);
}

void request_runners::run(exchange_pointer what) {
  bool stands_back = what->is_long() && what->is_admitted();
  const auto& all = stands_back ? readers_ : actors_;
  caf::anon_send(all[turn_++ % all.size()], std::move(what));
}

} // namespace meisim::http
