#include "protocols/base/strict_json.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/several_nodes.hpp"
#include "tests/fixtures/weak_link.hpp"

#include <algorithm>
#include <set>
#include <sstream>

// Eight benches at other sites work for three nodes, and their links drop again and again.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr size_t benches = 8;
constexpr int codes = 1'000;

struct fixture {
  certificates keys;
  /// Those of the sites. Each node has the same one for them.
  std::string sites = keys.folder() + "/sites";
  std::vector<std::string> ports{free_port(), free_port(), free_port()};
  std::vector<std::unique_ptr<weak_link>> links;
  std::unique_ptr<service> here;
  std::vector<service::peer> peers;
  std::vector<std::unique_ptr<child_process>> sites_at_work;

  fixture() {
    make_certificates();
    // No two nodes can have the same port, and all have the same options.
    ::setenv("MEISIM_DEVICES_PORT", ports[0].c_str(), 1);
    here = std::make_unique<service>(node_options());
    for (size_t i = 1; i < ports.size(); ++i) {
      ::setenv("MEISIM_DEVICES_PORT", ports[i].c_str(), 1);
      peers.push_back(here->start_peer("node-" + std::to_string(i)));
    }
    ::unsetenv("MEISIM_DEVICES_PORT");
    for (const auto& port : ports)
      links.push_back(std::make_unique<weak_link>(port));
    for (size_t i = 0; i < benches; ++i)
      sites_at_work.push_back(bench(i));
  }

  ~fixture() {
    sites_at_work.clear();
    peers.clear();
    here.reset();
  }

  void make_certificates() const {
    std::string names = "core";
    for (size_t i = 0; i < benches; ++i)
      names += " bench-" + std::to_string(i);
    auto command = source_folder() + "/scripts/cluster-certs --devices '" + sites + "' " + names
                   + " >/dev/null 2>&1";
    BOOST_REQUIRE_EQUAL(std::system(command.c_str()), 0);
  }

  std::vector<std::string> site_options(const std::string& name) const {
    auto path = sites + '/' + name;
    return {"--devices-certificate", path + ".pem",  "--devices-key",
            path + ".key",           "--devices-ca", sites + "/ca.pem"};
  }

  std::vector<std::string> node_options() const {
    auto options = keys.added_to({"--rate-limits", "off"});
    for (const auto& option : site_options("core"))
      options.push_back(option);
    return options;
  }

  /// A site with one device. Each looks for its nodes in another order.
  std::unique_ptr<child_process> bench(size_t number) const {
    auto name = "bench-" + std::to_string(number);
    auto file = sites + '/' + name + ".json";
    std::ofstream{file} << R"({"devices":[{"name":"a","driver":"simulated","latency_ms":80}]})";
    std::string nodes;
    for (size_t i = 0; i < links.size(); ++i)
      nodes += (i == 0 ? "" : ",") + links[(number + i) % links.size()]->address();
    std::vector<std::string> arguments{"--roles",        "devices", "--node-name", name,
                                       "--devices-file", file,      "--join",      nodes};
    for (const auto& option : site_options(name))
      arguments.push_back(option);
    return std::make_unique<child_process>("meisimd", arguments, "meisimd ready ");
  }

  /// Whether each bench is at a node.
  bool are_all_there() const {
    auto all = here->admin_get("/admin/v1/devices").json();
    return all.size() == benches && std::ranges::none_of(all, [](const Json::Value& device) {
             return device["state"].asString() == "lost";
           });
  }

  /// Whether each bench is there, once, has nothing to do, and has never failed.
  bool are_all_well() const {
    size_t well = 0;
    auto all = here->admin_get("/admin/v1/devices").json();
    for (const auto& device : all)
      well += device["state"].asString() == "idle" && device["failures"].asInt() == 0
                  && device["detail"].isNull()
                ? 1
                : 0;
    return well == benches && all.size() == benches;
  }

  std::string submit(const service::account& owner) const {
    Json::Value order{Json::objectValue};
    for (int i = 0; i < codes; ++i)
      order["lpas"].append("LPA:1$smdp.example.com$AVAILABLE-" + std::to_string(i));
    auto placed = here->post("/dealer/esim-verify", write_json(order), {owner.key_header});
    BOOST_REQUIRE_EQUAL(placed.status, 200);
    return "/dealer/esim-verify/" + placed.json()["batch_id"].asString();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(benches_suite, fixture)

BOOST_AUTO_TEST_CASE(links_that_drop_cost_no_row_its_verdict_and_no_device_its_name) {
  BOOST_REQUIRE(comes_true([&] { return are_all_well(); }));
  auto owner = here->add_dealer("1000.00");
  auto batch = submit(owner);
  auto found = [&] {
    return here->get(batch, {owner.key_header}).json()["progress"]["available"].asInt();
  };
  // Three losses make a row an error. The rows that a drop has lost are checked before many others,
  // so none of them is under way again at the next drop.
  constexpr int apart = 60;
  size_t drops = 0;
  for (int done = found(); done < codes - 2 * apart; done = found()) {
    BOOST_REQUIRE(comes_true([&] { return found() >= done + apart; }, 120s));
    links[drops++ % links.size()]->drop();
    BOOST_REQUIRE(comes_true([&] { return are_all_there(); }));
  }
  BOOST_TEST(drops >= links.size());
  BOOST_REQUIRE(comes_true([&] { return found() == codes; }, 120s));

  auto lines = std::istringstream{here->get(batch + "/results.csv", {owner.key_header}).body};
  std::string line;
  std::getline(lines, line);
  std::set<std::string> seen;
  int rows = 0;
  for (; std::getline(lines, line); ++rows) {
    BOOST_TEST(line.find(",available,") != std::string::npos, line);
    auto from = line.find("AVAILABLE-");
    seen.insert(line.substr(from, line.find(',', from) - from));
  }
  BOOST_TEST(rows == codes);
  BOOST_TEST(seen.size() == static_cast<size_t>(codes));
  // Nothing was given back, as nothing was an error.
  BOOST_TEST(here->get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble() == 0.0);
  BOOST_TEST(comes_true([&] { return are_all_well(); }));
  BOOST_TEST(here->is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
