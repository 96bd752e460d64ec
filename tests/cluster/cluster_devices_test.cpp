#include "actors/verification/ask_other_nodes.hpp"
#include "tests/fixtures/memory_cluster.hpp"

// A device is asked for at any node, and found at the one that it works for.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// A verification that has one device, named after its node.
caf::behavior bench(caf::event_based_actor* self, const std::string& node) {
  auto known = std::make_shared<other_nodes>();
  return {
    [known](const other_nodes& others) { *known = others; },
    [node](const drain_device& wish, const lookup&) -> caf::result<done> {
      if (wish.name != node + ".one")
        return make_error(ec::not_found);
      return done{};
    },
    [self, known](const drain_device& wish) { return ask_other_nodes<done>(self, *known, wish); }};
}

struct fixture : cluster_fixture {
  fixture() {
    make_devices = [](cluster_node& node) {
      return caf::actor_cast<verification_actor>(node.spawn(bench, node.name));
    };
  }

  pending_answer<done> drain(cluster_node& at, const std::string& device) {
    auto answer = ask<done>(at.system, at.devices, drain_device{device});
    settle();
    return answer;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_devices, fixture)

BOOST_AUTO_TEST_CASE(a_device_is_found_at_whatever_node_it_works_for) {
  auto& a = add("a", "http,core");
  auto& b = add("b", "http,devices");
  auto& c = add("c", "core,devices");
  advance(2s);
  for (auto* asked : {&a, &b})
    BOOST_TEST(drain(*asked, "c.one").value->has_value());
  BOOST_TEST(drain(c, "b.one").value->has_value());
  BOOST_TEST((drain(a, "d.one").code() == ec::not_found));
}

BOOST_AUTO_TEST_CASE(a_node_that_cannot_be_reached_may_have_the_device) {
  auto& a = add("a");
  auto& b = add("b");
  add("c");
  advance(2s);
  cut(a, b);
  BOOST_TEST(drain(a, "c.one").value->has_value());
  BOOST_TEST((drain(a, "b.one").code() == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
