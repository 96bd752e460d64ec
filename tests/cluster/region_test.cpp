#include "actors/cluster/region.hpp"
#include "tests/fixtures/actors.hpp"

// How long callers wait for an owner that cannot be had.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  std::shared_ptr<ownership_lease> lease = std::make_shared<ownership_lease>();
  region_actor sut = spawn(region, config_with(lease));

  region_config config_with(std::shared_ptr<const ownership_lease> shared) const {
    region_config result;
    result.limits = std::make_shared<limit_table>(1.0);
    result.metrics = std::make_shared<node_metrics>(std::make_shared<prometheus::Registry>());
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

BOOST_AUTO_TEST_SUITE_END()
