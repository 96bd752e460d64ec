#include "actors/cluster/region.hpp"
#include "protocols/access/dealer.hpp"
#include "tests/fixtures/actors.hpp"

#include <unistd.h>

#include <fstream>

// How long callers wait for an owner that cannot be reached.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

int64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  int64_t all = 0;
  int64_t resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

/// The address sanitizer keeps what was freed, to find who still uses it.
#ifdef __SANITIZE_ADDRESS__
constexpr bool gives_memory_back = false;
#else
constexpr bool gives_memory_back = true;
#endif

struct fixture : actor_fixture {
  std::shared_ptr<const node_metrics> metrics =
    std::make_shared<node_metrics>(std::make_shared<prometheus::Registry>());
  std::shared_ptr<ownership_lease> lease = std::make_shared<ownership_lease>();
  region_actor sut = spawn(region, config_with(lease));

  region_config config_with(std::shared_ptr<const ownership_lease> shared) const {
    region_config result;
    result.limits = std::make_shared<limit_table>(1.0);
    result.metrics = metrics;
    result.lease = std::move(shared);
    return result;
  }

  auto ask_for_owner() {
    return ask<ip_limiter_actor>(system, sut, ip_limiter_atom_v, std::string{"192.0.2.1"},
                                 lookup{});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(region_suite, fixture)

BOOST_AUTO_TEST_CASE(without_its_lease_a_node_refuses_within_a_second) {
  lease->extend_to(scheduler.clock().now());
  auto asked = ask_for_owner();
  settle();
  BOOST_TEST(!asked.has_ended());
  advance(1s);
  BOOST_TEST((asked.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_node_that_stood_still_gets_its_lease_back_in_time) {
  lease->extend_to(scheduler.clock().now());
  auto asked = ask_for_owner();
  advance(300ms);
  BOOST_TEST(!asked.has_ended());
  // A dead owner's places are taken over later than that.
  lease->extend_to(scheduler.clock().now() + 1h);
  caf::anon_send(sut, placement_view{});
  advance(200ms);
  BOOST_TEST(asked.has_ended());
}

BOOST_AUTO_TEST_CASE(made_up_addresses_cost_little_and_the_oldest_leave) {
  std::string hers = "192.0.2.1";
  auto known = [&](const std::string& address) {
    auto asked = ask<ip_limiter_actor>(system, sut, ip_limiter_atom_v, address, lookup{});
    settle();
    return asked.get();
  };
  auto made_up = [](int i) { return "10." + std::to_string(i); };
  auto use = [&](const ip_limiter_actor& who, const std::string& address) {
    auto asked = ask<admission>(system, who, address_request{limit_class::login, address});
    settle();
    return asked.get().rate.remaining;
  };
  auto bytes_before = resident_bytes();
  auto first = known(made_up(0));
  auto her_limiter = known(hers);
  BOOST_TEST(use(her_limiter, hers) == 7u);
  for (int i = 1; i < 40'000; ++i) {
    use(known(made_up(i)), made_up(i));
    // Somebody who comes again and again is not forgotten for those who come once.
    if (i % 10'000 == 0)
      BOOST_TEST((known(hers) == her_limiter));
  }
  BOOST_TEST(first->getf(caf::abstract_actor::is_cleaned_up_flag));
  BOOST_TEST(use(her_limiter, hers) == 6u);
  caf::anon_send(sut, sweep_atom_v);
  settle();
  BOOST_TEST(metrics->active_ip_limiters.Value() == 16'384);
  // As many more addresses take no more memory: the oldest leave.
  if (gives_memory_back)
    BOOST_TEST(resident_bytes() - bytes_before < 50 * 1024 * 1024);
  advance(16min);
  BOOST_TEST(metrics->active_ip_limiters.Value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
