#include "tests/fixtures/load.hpp"
#include "tests/fixtures/network.hpp"
#include "tests/fixtures/private_postgres.hpp"
#include "tests/fixtures/several_nodes.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

// Ten nodes, each with its own network, of which three have all dealers and write the ledger
// (dealer-nodes).

using namespace meisim::test;

namespace {

constexpr int all_nodes = 10;
constexpr size_t dealer_nodes = 3;

boost::test_tools::assertion_result can_make_networks(boost::unit_test::test_unit_id) {
  auto missing = network::missing();
  boost::test_tools::assertion_result result{missing.empty()};
  result.message() << "this needs " << missing;
  return result;
}

std::string name_of(int node) {
  return "node-" + std::to_string(node);
}

std::string all_names() {
  std::string result;
  for (int i = 0; i < all_nodes; ++i)
    result += name_of(i) + ' ';
  return result;
}

struct fixture {
  network net{all_nodes};
  private_postgres postgres{net.database()};
  certificates keys{all_names()};
  service here{keys.added_to({"--rate-limits", "off", "--linger-seconds", "0", "--dealer-nodes",
                              std::to_string(dealer_nodes)}),
               postgres.connection(), net.node(0), place{net.outside()}};
  /// All but the first.
  std::map<std::string, service::peer> others;
  std::vector<service::account> owners;
  load clients;

  fixture() {
    for (int i = 1; i < all_nodes; ++i)
      others.emplace(name_of(i), here.start_peer(name_of(i), "meisimd", net.node(i)));
    while (owners.size() < 12)
      owners.push_back(here.add_dealer("100000.00"));
    // Each dealer orders at a node.
    size_t next = 0;
    for (const auto& url : urls())
      clients.place_orders(url, owners[next++]);
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> result{here.public_url()};
    for (const auto& [name, node] : others)
      result.push_back(node.url);
    return result;
  }

  bool all_answer() const {
    return std::ranges::all_of(urls(),
                               [&](const auto& url) { return answers_more(clients, 10, url); });
  }

  /// How many commits of postings each node that answers has made.
  std::map<std::string, long> commits() const {
    std::map<std::string, long> result{{"node-0", commits_at(here.admin_url())}};
    for (const auto& [name, node] : others)
      result[name] = commits_at(node.admin_url);
    return result;
  }

  static long commits_at(const std::string& admin_url) {
    auto metrics = call({"GET", admin_url + "/metrics", {}, {}}).body;
    const std::string label = "\nmeisim_commit_postings_count ";
    auto at = metrics.find(label);
    BOOST_REQUIRE(at != std::string::npos);
    return std::stol(metrics.substr(at + label.size()));
  }

  /// Who has committed postings since then.
  std::set<std::string> writers_since(const std::map<std::string, long>& before) const {
    std::set<std::string> result;
    for (const auto& [name, count] : commits())
      if (count > before.at(name))
        result.insert(name);
    return result;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(many_nodes_suite, *boost::unit_test::precondition(can_make_networks))

BOOST_FIXTURE_TEST_CASE(all_take_orders_and_three_write_them, fixture) {
  BOOST_REQUIRE(all_answer());
  auto settled = commits();
  BOOST_TEST(all_answer());
  auto writers = writers_since(settled);
  BOOST_TEST(writers.size() <= dealer_nodes);
  // One of them dies, and another node takes its place.
  auto doomed = std::ranges::find_if(writers, [](const auto& name) { return name != "node-0"; });
  BOOST_REQUIRE(doomed != writers.end());
  others.at(*doomed).process->stop(SIGKILL);
  others.erase(*doomed);
  BOOST_TEST(comes_true([&] { return all_answer(); }, 60s));
  settled = commits();
  BOOST_TEST(all_answer());
  auto writers_after = writers_since(settled);
  BOOST_TEST(writers_after.size() <= dealer_nodes);
  // One that had dealers need not have been seen to write.
  writers.merge(writers_after);
  BOOST_TEST(writers.size() <= dealer_nodes + 1);
  clients.stop();
  for (const auto& one : clients.outcomes())
    BOOST_TEST((one.status == 200 || one.status == 503 || one.status == 0),
               one.url << " answered " << one.status);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
