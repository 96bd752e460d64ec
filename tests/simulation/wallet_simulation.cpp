// Wallets under chance: postings of several dealers and their repeats, owners that move and die,
// and a database that refuses, conflicts and loses answers, in an order that a seed decides. What
// callers are told is held against a ledger in memory. Prints the seed that fails.

#include "tests/simulation/moving_owners.hpp"
#include "tests/simulation/told_callers.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <string_view>
#include <utility>

using namespace meisim;
using namespace meisim::simulation;
using namespace std::chrono_literals;

namespace {

constexpr size_t dealer_count = 3;
constexpr int steps_a_run = 1'500;

class world : test::actor_fixture {
public:
  explicit world(uint64_t seed) : ground_{chance{seed}, {}} {
    for (size_t i = 0; i < dealer_count; ++i) {
      dealer_id dealer{ground_.random.id()};
      owners_.add(dealer);
      callers_.add(dealer, money::from_cents(static_cast<int64_t>(ground_.random.below(500))));
    }
  }

  ~world() {
    // The actors use the members of this object.
    for (const auto& actor : spawned)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    settle();
  }

  /// Throws std::runtime_error that tells what has gone wrong.
  void run() {
    for (int i = 0; i < steps_a_run; ++i) {
      step();
      callers_.end_if_wrong();
    }
    come_to_rest();
    callers_.check_the_end();
  }

private:
  void step() {
    auto what = ground_.random.below(100);
    if (what < 6)
      callers_.send_new();
    else if (what < 9)
      callers_.send_again();
    else if (what < 22)
      writers_.end_one();
    else if (what < 25)
      writers_.look_up_one();
    else if (what < 26)
      writers_.land_one();
    else if (what < 27)
      owners_.move_one();
    else if (what < 28)
      owners_.tell_one_to_leave();
    else if (what < 29)
      owners_.kill_one();
    else if (what < 30)
      scheduler.advance_time(std::chrono::milliseconds{100 + ground_.random.below(3'000)});
    else
      run_any_job();
  }

  void run_any_job() {
    auto& jobs = scheduler.jobs;
    if (jobs.empty())
      return;
    std::swap(jobs.front(), jobs[ground_.random.below(jobs.size())]);
    scheduler.run_once();
  }

  void come_to_rest() {
    ground_.is_calm = true;
    for (int i = 0; i < 100; ++i) {
      while (scheduler.has_job())
        run_any_job();
      writers_.end_all();
      owners_.tell_all_to_leave();
      scheduler.advance_time(1s);
    }
  }

  ground ground_;
  lossy_writers writers_{*this, ground_, [this] { callers_.note_balances(); }};
  moving_owners owners_{*this, ground_, writers_};
  told_callers callers_{*this, ground_, writers_, owners_.region()};
};

struct arguments {
  uint64_t seed = 1;
  uint64_t seeds = 10'000;
};

arguments read_arguments(int argc, char** argv) {
  arguments result;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view name{argv[i]};
    auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed")
      result.seed = value;
    else if (name == "--seeds")
      result.seeds = value;
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  auto [first, count] = read_arguments(argc, argv);
  // A wallet's warnings about what was made to happen here.
  spdlog::set_level(spdlog::level::off);
  for (auto seed = first; seed < first + count; ++seed) {
    try {
      world{seed}.run();
    } catch (const std::exception& error) {
      fmt::print("--seeds 1 --seed {}: {}\n", seed, error.what());
      return 1;
    }
  }
  fmt::print("{} seeds from {} on: every caller was told the truth\n", count, first);
  return 0;
}
