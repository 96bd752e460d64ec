#include "actors/verification/device_link.hpp"
#include "actors/verification/device_list.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "tests/fixtures/actors.hpp"

#include <set>

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// What core nodes heard of the devices.
struct core_site {
  std::vector<std::string> tried;
  std::set<std::string> down;
  std::vector<std::string> greeted;
  /// The sites that have greeted.
  std::vector<std::string> sites;
  bool takes_nobody = false;
  std::vector<validator_device_actor> devices;
  std::vector<check_done> results;
  device_gate_actor owner;
};

device_gate_actor::behavior_type core(std::shared_ptr<core_site> site) {
  return {
    [site](const device_report& report, const validator_device_actor& device) {
      site->greeted.push_back(report.name);
      site->devices.push_back(device);
    },
    [site](const check_done& result) { site->results.push_back(result); },
    [](ask_challenge) { return challenge{"drawn"}; },
    [site](const site_greeting& greeting) -> caf::result<done> {
      site->sites.push_back(greeting.name);
      if (site->takes_nobody)
        return make_error(ec::forbidden, "you are not lab");
      return done{};
    },
  };
}

struct link_fixture : actor_fixture {
  std::shared_ptr<core_site> site = std::make_shared<core_site>();
  device_link_actor link;

  link_fixture() {
    device_site lab{"lab", std::make_shared<prometheus::Registry>()};
    device_link_config settings;
    settings.name = "lab";
    settings.core_nodes = {"one:1", "two:2"};
    for (const char* name : {"a", "b"})
      settings.devices.push_back(simulated_device(lab, name, {100ms, 0}));
    settings.connect = [known = site](caf::actor_system& in,
                                      const std::string& node) -> caf::expected<device_gate_actor> {
      known->tried.push_back(node);
      if (known->down.contains(node))
        return make_error(ec::unavailable, "nobody is there");
      known->owner = in.spawn(core, known);
      return known->owner;
    };
    link = spawn(device_link, std::move(settings));
    settle();
  }

  ~link_fixture() {
    caf::anon_send_exit(site->owner, caf::exit_reason::user_shutdown);
    // They hold each other.
    site->owner = nullptr;
    site->devices.clear();
  }

  void drop_link() {
    site->greeted.clear();
    site->tried.clear();
    caf::anon_send_exit(site->owner, caf::exit_reason::kill);
    settle();
  }

  using names = std::vector<std::string>;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(device_links, link_fixture)

BOOST_AUTO_TEST_CASE(devices_register_with_a_core_node_and_work_for_it) {
  BOOST_TEST(site->tried == names{"one:1"}, boost::test_tools::per_element());
  BOOST_TEST(
    (site->greeted == names{"lab.a", "lab.b"} || site->greeted == names{"lab.b", "lab.a"}));
  self->send(site->devices.front(),
             check_order{7, {"smdp.example.com", "USED-1", "", false}, false});
  settle();
  advance(200ms);
  BOOST_REQUIRE_EQUAL(site->results.size(), 1u);
  BOOST_TEST(site->results.front().call_id == 7u);
  BOOST_TEST(to_string(site->results.front().found.what) == "used");
}

BOOST_AUTO_TEST_CASE(when_the_link_drops_the_devices_turn_to_another_core_node) {
  auto before = site->devices;
  self->send(before.front(), check_order{7, {"smdp.example.com", "USED-1", "", false}, false});
  settle();
  drop_link();
  BOOST_TEST(site->tried == names{"two:2"}, boost::test_tools::per_element());
  BOOST_TEST(site->greeted.size() == 2u);
  advance(200ms);
  // What was asked for by the one that is gone is no answer to the other.
  BOOST_TEST(site->results.empty());
}

BOOST_AUTO_TEST_CASE(while_nobody_is_there_it_tries_again_after_growing_pauses) {
  site->down = {"one:1", "two:2"};
  drop_link();
  advance(100s);
  auto tries = site->tried.size();
  BOOST_TEST(tries >= 14u);
  BOOST_TEST(tries <= 40u);
  BOOST_TEST(site->greeted.empty());
  site->down = {"one:1"};
  advance(16s);
  BOOST_TEST(site->greeted.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_site_greets_before_it_offers_anything) {
  BOOST_TEST(site->sites == names{"lab"}, boost::test_tools::per_element());
  site->takes_nobody = true;
  drop_link();
  BOOST_TEST(site->sites.size() == 2U);
  BOOST_TEST(site->greeted.empty());
  // It goes on trying, in turn.
  site->takes_nobody = false;
  advance(16s);
  BOOST_TEST(site->greeted.size() == 2U);
}

BOOST_AUTO_TEST_CASE(devices_end_with_their_link) {
  for (const auto& device : site->devices)
    self->monitor(device);
  caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
  settle();
  int gone = 0;
  self->receive_for(gone, 2)([](const caf::down_msg&) {});
  BOOST_TEST(gone == 2);
}

BOOST_AUTO_TEST_SUITE_END()
