#include "actors/verification/remote_devices.hpp"
#include "protocols/base/done.hpp"
#include "tests/fixtures/actors.hpp"

#include <memory>
#include <string>
#include <vector>

// Devices of other sites, as the verification sees them.

using namespace meisim;
using namespace meisim::test;

namespace {

/// What the verification heard.
struct heard {
  std::vector<std::string> reports;
  std::vector<validator_device_actor> devices;
  std::vector<uint64_t> results;
  int lost = 0;
};

verification_actor::behavior_type listener(verification_actor::pointer self,
                                           const std::shared_ptr<heard>& all) {
  self->set_down_handler([all](const caf::down_msg&) { ++all->lost; });
  return {
    [=](const device_report& report, const validator_device_actor& device) {
      all->reports.push_back(report.name);
      if (all->devices.empty() || all->devices.back() != device)
        self->monitor(device);
      all->devices.push_back(device);
    },
    [all](const check_done& result) { all->results.push_back(result.call_id); },
    [](wake_atom) {},
    [](tick_atom) {},
    [](const list_devices&) { return device_list{}; },
    [](const drain_device&) { return done{}; },
    [](const test_device&) { return device_test{}; },
  };
}

/// A device at the other site: it keeps the orders that it gets.
validator_device_actor::behavior_type bench(const std::shared_ptr<std::vector<uint64_t>>& orders) {
  return {
    [orders](const check_order& order) { orders->push_back(order.call_id); },
    [orders](drain_atom) { orders->push_back(0); },
    [](const doubt_device&) {},
    [](const test_device&) { return device_test{}; },
    [](tick_atom) {},
  };
}

struct fixture : actor_fixture {
  std::shared_ptr<heard> all = std::make_shared<heard>();
  std::shared_ptr<std::vector<uint64_t>> orders = std::make_shared<std::vector<uint64_t>>();
  verification_actor verification = spawn(listener, all);
  device_owner_actor inside = spawn(remote_devices, verification, "core");
  device_owner_actor gate = spawn(device_gate, inside);
  validator_device_actor device = spawn(bench, orders);

  ~fixture() {
    all->devices.clear();
  }

  void report(const std::string& name) {
    device_report what;
    what.name = name;
    what.node = "lab";
    caf::anon_send(gate, what, device);
    settle();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_devices_suite, fixture)

BOOST_AUTO_TEST_CASE(orders_and_results_cross_and_the_device_itself_does_not) {
  report("lab.a");
  report("lab.a");
  BOOST_REQUIRE(all->devices.size() == 2U);
  BOOST_TEST((all->devices[0] == all->devices[1]));
  BOOST_TEST((all->devices[0] != device));
  caf::anon_send(all->devices[0], check_order{7, {}, false});
  caf::anon_send(all->devices[0], drain_atom_v);
  settle();
  const std::vector<uint64_t> asked{7, 0};
  BOOST_TEST(*orders == asked, boost::test_tools::per_element());
  check_done result;
  result.call_id = 7;
  result.device.name = "lab.a";
  result.device.node = "lab";
  caf::anon_send(gate, result);
  settle();
  BOOST_TEST(all->results == std::vector<uint64_t>{7}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_device_whose_site_has_gone_is_lost) {
  report("lab.a");
  caf::anon_send_exit(device, caf::exit_reason::kill);
  settle();
  BOOST_TEST(all->lost == 1);
}

BOOST_AUTO_TEST_CASE(a_site_cannot_pass_its_devices_off_as_others) {
  // The node's own, another site's, and what no device is called.
  for (const auto* name : {"core.a", "barn.a", "lab", "lab.\xff"})
    report(name);
  BOOST_TEST(all->devices.empty());
}

BOOST_AUTO_TEST_SUITE_END()
