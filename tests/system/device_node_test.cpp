#include "protocols/base/done.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/cluster/registry.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/free_port.hpp"
#include "tests/fixtures/several_nodes.hpp"

#include <caf/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/remote_actor.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

// Devices at another site: a node without a database, linked by mutual TLS. The link drops.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// A program of somebody who has stolen a bench.
struct thief_config : caf::actor_system_config {
  /// The folder has the site's certificate.
  thief_config(const std::string& folder, const std::string& site) {
    announce_messages(*this);
    openssl_certificate = folder + '/' + site + ".pem";
    openssl_key = folder + '/' + site + ".key";
    openssl_cafile = folder + "/ca.pem";
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    set("middleman.app-identifiers", std::vector<std::string>{"meisim-devices-1"});
    set("scheduler.max-threads", size_t{1});
  }
};

/// What the thief tries behind the devices' port. CAF lets whoever is connected send to any actor
/// of the system there by its id, and ask that system for actors by their names.
class thief {
public:
  thief(const std::string& folder, const std::string& port) : config_(folder, "lab") {
    auto gate = caf::openssl::remote_actor<device_gate_actor>(
      system_, "127.0.0.1", static_cast<uint16_t>(std::stoi(port)));
    BOOST_REQUIRE(gate);
    node_ = gate->node();
  }

  /// What the actors with the ids up to this one are. Every actor answers to this question.
  std::multiset<std::string> names_up_to(caf::actor_id last) {
    caf::scoped_actor self{system_};
    for (const auto& handle : handles_up_to(last))
      self->send(handle, caf::sys_atom_v, caf::get_atom_v, std::string{"info"});
    std::multiset<std::string> names;
    bool is_quiet = false;
    while (!is_quiet)
      self->receive([&](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&,
                        const std::string& name) { names.insert(name); },
                    caf::after(3s) >> [&] { is_quiet = true; });
    return names;
  }

  bool finds(const std::string& name) {
    return mm().remote_lookup(caf::atom_from_string(name), node_) != nullptr;
  }

  bool spawns(const std::string& name) {
    return static_cast<bool>(mm().remote_spawn<caf::actor>(node_, name, caf::make_message(), 30s));
  }

private:
  caf::io::middleman& mm() {
    return system_.middleman();
  }

  /// Handles of whatever may have the ids up to this one. They are made where CAF makes those of
  /// actors that it hears of.
  std::vector<caf::actor> handles_up_to(caf::actor_id last) {
    auto made = std::make_shared<std::promise<std::vector<caf::actor>>>();
    auto result = made->get_future();
    mm().run_later([this, last, made] {
      auto basp = mm().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
      auto* broker =
        static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(basp));
      std::vector<caf::actor> handles;
      for (caf::actor_id id = 1; id <= last; ++id)
        if (auto handle = broker->proxy_registry_ptr()->get_or_put(node_, id))
          handles.push_back(caf::actor_cast<caf::actor>(handle));
      made->set_value(std::move(handles));
    });
    return result.get();
  }

  thief_config config_;
  caf::actor_system system_{config_};
  caf::node_id node_;
};

struct fixture {
  std::string folder =
    (std::filesystem::temp_directory_path() / ("meisim-nodes-" + to_string(make_uuid()))).string();
  std::string port = free_port();
  std::unique_ptr<service> core;
  service::account owner;
  mutable int next_code = 0;

  fixture() {
    std::filesystem::create_directory(folder);
    make_certificates("cluster", "node-0");
    make_certificates("sites", "core lab barn", "--devices");
    make_certificates("strangers", "stranger", "--devices");
    std::vector<std::string> options{"--rate-limits", "off", "--devices-port", port};
    for (const auto& option : tls("cluster", "cluster", "node-0"))
      options.push_back(option);
    for (const auto& option : tls("devices", "sites", "core"))
      options.push_back(option);
    options.insert(options.end(), {"--devices-revoked", revoked()});
    core = std::make_unique<service>(options);
    owner = core->add_dealer("100.00");
  }

  ~fixture() {
    core.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  void make_certificates(const std::string& ca, const std::string& nodes,
                         const std::string& of = {}) const {
    auto command = source_folder() + "/scripts/cluster-certs " + of + " '" + folder + '/' + ca
                   + "' " + nodes + " >/dev/null 2>&1";
    BOOST_REQUIRE_EQUAL(std::system(command.c_str()), 0);
  }

  std::string revoked() const {
    return folder + "/sites/revoked.pem";
  }

  /// The options `--cluster-…` or `--devices-…` of a node.
  std::vector<std::string> tls(const std::string& options, const std::string& ca,
                               const std::string& node) const {
    auto path = folder + '/' + ca + '/';
    auto option = "--" + options;
    return {option + "-certificate", path + node + ".pem", option + "-key",
            path + node + ".key",    option + "-ca",       path + "ca.pem"};
  }

  /// A node with two devices that take this long.
  std::unique_ptr<child_process> device_node(const std::string& name, int latency_ms,
                                             const std::string& ca = "sites") const {
    auto file = folder + '/' + name + ".json";
    std::ofstream{file} << R"({"devices":[{"name":"a","driver":"simulated","latency_ms":)"
                        << latency_ms << R"(},{"name":"b","driver":"simulated","latency_ms":)"
                        << latency_ms << "}]}";
    std::vector<std::string> arguments{"--roles", "devices",          "--node-name",
                                       name,      "--devices-file",   file,
                                       "--join",  "127.0.0.1:" + port};
    for (const auto& option : tls("devices", ca, name))
      arguments.push_back(option);
    return std::make_unique<child_process>("meisimd", arguments, "meisimd ready ");
  }

  std::vector<std::string> devices() const {
    std::vector<std::string> names;
    auto known = core->admin_get("/admin/v1/devices").json();
    for (const auto& device : known)
      if (device["state"].asString() != "lost")
        names.push_back(device["name"].asString());
    return names;
  }

  /// Submits this many codes that are available, and that nobody has asked about: those that a site
  /// checks are counted.
  std::string submit(int rows) const {
    Json::Value order{Json::objectValue};
    for (int i = 0; i < rows; ++i)
      order["lpas"].append("LPA:1$smdp.example.com$AVAILABLE-" + std::to_string(next_code++));
    auto placed = core->post("/dealer/esim-verify", write_json(order), {owner.key_header});
    BOOST_REQUIRE_EQUAL(placed.status, 200);
    return placed.json()["batch_id"].asString();
  }

  Json::Value poll(const std::string& batch) const {
    return core->get("/dealer/esim-verify/" + batch, {owner.key_header}).json();
  }

  bool is_finished(const std::string& batch) const {
    return !poll(batch)["batch"]["completed_at"].isNull();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(device_nodes, fixture)

BOOST_AUTO_TEST_CASE(devices_at_another_node_do_the_work_and_the_link_may_drop_at_either_end) {
  auto lab = device_node("lab", 150);
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 2; }));
  const std::vector<std::string> names{"lab.a", "lab.b"};
  BOOST_TEST(devices() == names, boost::test_tools::per_element());
  auto first = submit(4);
  BOOST_REQUIRE(comes_true([&] { return is_finished(first); }));
  BOOST_TEST(poll(first)["progress"]["available"].asInt() == 4);

  // The node dies in the middle of a batch.
  auto second = submit(30);
  BOOST_REQUIRE(comes_true([&] { return poll(second)["progress"]["available"].asInt() > 2; }));
  lab->stop(SIGKILL);
  BOOST_REQUIRE(comes_true([&] { return devices().empty(); }));
  lab = device_node("lab", 150);
  BOOST_REQUIRE(comes_true([&] { return is_finished(second); }));
  BOOST_TEST(poll(second)["progress"]["available"].asInt() == 30);

  // The core node dies in the middle of a batch; the devices come back by themselves.
  auto third = submit(30);
  BOOST_REQUIRE(comes_true([&] { return poll(third)["progress"]["available"].asInt() > 2; }));
  core->restart(SIGKILL);
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 2; }));
  BOOST_REQUIRE(comes_true([&] { return is_finished(third); }, 90s));
  BOOST_TEST(poll(third)["progress"]["available"].asInt() == 30);
  BOOST_TEST(core->is_ledger_ok());
  BOOST_TEST(lab->stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(a_node_with_a_certificate_of_another_ca_is_not_let_in) {
  auto stranger = device_node("stranger", 10, "strangers");
  auto friendly = device_node("lab", 10);
  BOOST_REQUIRE(comes_true([&] { return devices().size() >= 2; }));
  auto batch = submit(20);
  BOOST_REQUIRE(comes_true([&] { return is_finished(batch); }));
  const std::vector<std::string> names{"lab.a", "lab.b"};
  BOOST_TEST(devices() == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_revoked_site_is_shut_out_at_once_and_another_works_on) {
  auto barn = device_node("barn", 10);
  auto lab = device_node("lab", 10);
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 4; }));
  make_certificates("sites", "barn", "--devices --revoke");
  // It goes on trying, in vain; its link was up.
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 2; }));
  auto batch = submit(20);
  BOOST_REQUIRE(comes_true([&] { return is_finished(batch); }));
  const std::vector<std::string> names{"lab.a", "lab.b"};
  BOOST_TEST(devices() == names, boost::test_tools::per_element());
  barn->stop(SIGTERM);
  barn = device_node("barn", 10);
  // The next check ends after the site has tried.
  auto second = submit(20);
  BOOST_REQUIRE(comes_true([&] { return is_finished(second); }));
  BOOST_TEST(devices() == names, boost::test_tools::per_element());
  // A new certificate, which no restart has to read, and it is back.
  make_certificates("sites", "barn", "--devices");
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 4; }));
}

BOOST_AUTO_TEST_CASE(a_list_of_revoked_certificates_that_cannot_be_read_changes_nothing) {
  auto lab = device_node("lab", 10);
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 2; }));
  std::ofstream{revoked()} << "no list\n";
  auto batch = submit(100);
  BOOST_REQUIRE(comes_true([&] { return is_finished(batch); }));
  BOOST_TEST(devices().size() == 2U);
  // A node is not started with one.
  std::vector<std::string> options = tls("devices", "sites", "core");
  options.insert(options.end(), {"--devices-port", free_port(), "--devices-revoked", revoked()});
  auto why = refusal_of(*core, options);
  BOOST_TEST(why.find("revoked.pem holds no list of revoked certificates") != std::string::npos,
             why);
}

BOOST_AUTO_TEST_CASE(a_site_with_devices_cannot_pass_for_a_node) {
  // With all that somebody takes who steals a bench, and more: the database and the nodes' CA.
  auto stolen = tls("cluster", "sites", "lab");
  auto among_sites = refusal_of(*core, stolen, "meisimd", "lab");
  BOOST_TEST(among_sites.find("this node cannot join") != std::string::npos, among_sites);
  stolen.back() = folder + "/cluster/ca.pem";
  auto among_nodes = refusal_of(*core, stolen, "meisimd", "lab");
  BOOST_TEST(among_nodes.find("this node cannot join") != std::string::npos, among_nodes);
  BOOST_TEST(core->is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_stolen_certificate_of_a_site_leads_to_the_gate_and_to_nothing_else) {
  auto lab = device_node("lab", 10);
  BOOST_REQUIRE(comes_true([&] { return devices().size() == 2; }));
  thief stranger{folder + "/sites", port};
  // Far more than there are: a system counts its actors from one.
  auto found = stranger.names_up_to(2'000);
  // Beside the gate there are CAF's own: one that starts actors by name, of which there are none,
  // and for each of the two who are connected one that waits for the like of theirs.
  const std::multiset<std::string> known{"device-gate", "scheduled_actor", "scheduled_actor",
                                         "spawn_server"};
  BOOST_TEST(found == known, boost::test_tools::per_element());
  for (const auto* name : {"accounts", "records", "region", "wallet", "nodegate", "node-gate"}) {
    BOOST_TEST(!stranger.finds(name), name);
    BOOST_TEST(!stranger.spawns(name), name);
  }
}

BOOST_AUTO_TEST_CASE(one_ca_for_both_is_refused) {
  auto options = tls("cluster", "sites", "core");
  for (const auto& option : tls("devices", "sites", "core"))
    options.push_back(option);
  options.insert(options.end(), {"--devices-port", free_port()});
  auto why = refusal_of(*core, options);
  BOOST_TEST(why.find("devices-ca must be another CA than cluster-ca") != std::string::npos, why);
}

BOOST_AUTO_TEST_SUITE_END()
