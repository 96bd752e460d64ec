#include "actors/verification/remote_devices.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/remote.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/certificates.hpp"

#include <memory>
#include <optional>
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
    [](const drain_device&, const lookup&) { return done{}; },
    [](const test_device&) { return device_test{}; },
    [](const test_device&, const lookup&) { return device_test{}; },
    [](const other_nodes&) {},
  };
}

/// A device at the other site: it keeps the orders that it gets.
validator_device_actor::behavior_type bench(const std::shared_ptr<std::vector<uint64_t>>& orders) {
  return {
    [orders](const check_order& order) { orders->push_back(order.call_id); },
    [orders](drain_atom) { orders->push_back(0); },
    [](const doubt_device&) {},
    [orders](const test_device&) {
      orders->push_back(1);
      return device_test{};
    },
    [](tick_atom) {},
  };
}

/// An actor at a site, which says what the test gives it to say.
caf::behavior site_of(caf::event_based_actor* self, const device_gate_actor& gate) {
  return {
    [=](const device_report& report, const validator_device_actor& device) {
      self->send(gate, report, device);
    },
    [=](const check_done& result) { self->send(gate, result); },
    [=](const site_greeting& greeting) {
      auto promise = self->make_response_promise<done>();
      self->request(gate, caf::infinite, greeting)
        .then([promise](done) mutable { promise.deliver(done{}); },
              [promise](caf::error& why) mutable { promise.deliver(std::move(why)); });
      return promise;
    },
  };
}

struct fixture : actor_fixture {
  std::shared_ptr<heard> all = std::make_shared<heard>();
  std::shared_ptr<std::vector<uint64_t>> orders = std::make_shared<std::vector<uint64_t>>();
  verification_actor verification = spawn(listener, all);
  device_owner_actor inside = spawn(remote_devices, verification, "core");
  device_gate_actor gate = spawn(device_gate, inside, std::nullopt);
  caf::actor site = spawn(site_of, gate);
  validator_device_actor device = spawn(bench, orders);

  ~fixture() {
    all->devices.clear();
  }

  pending_answer<done> greet(const caf::actor& as, const site_greeting& greeting) {
    auto answer = ask<done>(system, as, greeting);
    settle();
    return answer;
  }

  void report_from(const caf::actor& where, const std::string& name) {
    device_report what;
    what.name = name;
    what.node = "lab";
    caf::anon_send(where, what, device);
    settle();
  }

  void report(const std::string& name) {
    report_from(site, name);
  }
};

struct greeted_fixture : fixture {
  greeted_fixture() {
    greet(site, {"lab"}).get();
  }
};

/// A gate that sites greet by certificates.
struct certified_fixture : fixture {
  certificates keys{"core lab barn"};
  device_gate_actor guarded =
    spawn(device_gate, inside, std::optional<identity_files>{keys.of("core")});
  caf::actor bench_site = spawn(site_of, guarded);

  /// What a site with this certificate says as `name`.
  site_greeting greeting(const std::string& name, const std::string& certificate) {
    auto drawn = ask<challenge>(system, guarded, ask_challenge{});
    settle();
    auto proof =
      prove(keys.of(certificate), greeting_words(name, bench_site.node(), drawn.get().text));
    BOOST_REQUIRE(proof);
    return {name, *proof};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_devices_suite, greeted_fixture)

BOOST_AUTO_TEST_CASE(orders_and_results_cross_and_the_device_itself_does_not) {
  report("lab.a");
  report("lab.a");
  BOOST_REQUIRE(all->devices.size() == 2U);
  BOOST_TEST((all->devices[0] == all->devices[1]));
  BOOST_TEST((all->devices[0] != device));
  caf::anon_send(all->devices[0], check_order{7, {}, false});
  caf::anon_send(all->devices[0], drain_atom_v);
  auto tested = ask<device_test>(system, all->devices[0], test_device{"lab.a"});
  settle();
  // It cannot answer, and is told.
  BOOST_CHECK(tested.code() == ec::conflict);
  const std::vector<uint64_t> asked{7, 0, 1};
  BOOST_TEST(*orders == asked, boost::test_tools::per_element());
  check_done result;
  result.call_id = 7;
  result.device.name = "lab.a";
  result.device.node = "lab";
  caf::anon_send(site, result);
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
  // A name of the node's own, one of another site, and one that no device may have.
  for (const auto* name : {"core.a", "barn.a", "lab", "lab.\xff"})
    report(name);
  BOOST_TEST(all->devices.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(device_gate_suite, certified_fixture)

BOOST_AUTO_TEST_CASE(nothing_is_heard_of_a_site_before_it_has_greeted) {
  report_from(bench_site, "lab.a");
  check_done result;
  result.device.name = "lab.a";
  result.device.node = "lab";
  caf::anon_send(bench_site, result);
  settle();
  BOOST_TEST(all->reports.empty());
  BOOST_TEST(all->results.empty());
  greet(bench_site, greeting("lab", "lab")).get();
  report_from(bench_site, "lab.a");
  BOOST_TEST(all->reports.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_site_that_calls_itself_like_another_one_is_refused) {
  BOOST_TEST((greet(bench_site, greeting("lab", "barn")).code() == ec::forbidden));
  BOOST_TEST((greet(bench_site, {"lab"}).code() == ec::forbidden));
  report_from(bench_site, "lab.a");
  BOOST_TEST(all->reports.empty());
  // Under its own name it may greet, and offer no devices of the other one.
  greet(bench_site, greeting("barn", "barn")).get();
  report_from(bench_site, "lab.a");
  BOOST_TEST(all->reports.empty());
}

BOOST_AUTO_TEST_CASE(what_a_site_has_said_to_another_gate_is_worth_nothing) {
  auto elsewhere = spawn(device_gate, inside, std::optional<identity_files>{keys.of("core")});
  auto other = spawn(site_of, elsewhere);
  auto said = greeting("lab", "lab");
  BOOST_TEST((greet(other, said).code() == ec::forbidden));
  BOOST_TEST(!greet(bench_site, said).failure->has_value());
}

BOOST_AUTO_TEST_CASE(a_revoked_site_is_refused) {
  auto said = greeting("lab", "lab");
  keys.revoke("lab");
  BOOST_TEST((greet(bench_site, said).code() == ec::forbidden));
}

BOOST_AUTO_TEST_SUITE_END()
