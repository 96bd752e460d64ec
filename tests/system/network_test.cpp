#include "tests/fixtures/load.hpp"
#include "tests/fixtures/network.hpp"
#include "tests/fixtures/private_postgres.hpp"
#include "tests/fixtures/several_nodes.hpp"

#include <algorithm>
#include <regex>
#include <set>

// Three nodes, each with its own network. Parts of the networks fail while all nodes are asked for
// orders on one wallet and on others, for eSIMs of one pool, and to verify a batch.

using namespace meisim::test;

namespace {

constexpr int batch_rows = 1'500;
constexpr int stock = 40'000;
/// How many eSIMs are imported at once: few enough for a busy machine.
constexpr int box = 5'000;

boost::test_tools::assertion_result can_make_networks(boost::unit_test::test_unit_id) {
  auto missing = network::missing();
  boost::test_tools::assertion_result result{missing.empty()};
  result.message() << "this needs " << missing;
  return result;
}

std::string stock_csv(int begin) {
  std::string csv = "iccid,lpa\n";
  for (int i = begin; i < begin + box; ++i) {
    auto number = std::to_string(100'000 + i);
    csv += "89014105550000" + number + ",LPA:1$host.example$M-" + number + "\n";
  }
  return csv;
}

/// One row in fifty is an error.
std::string codes_to_verify() {
  std::string list;
  for (int row = 1; row <= batch_rows; ++row)
    list += std::string{row == 1 ? "" : ","} + "\"LPA:1$smdp.example.com$"
            + (row % 50 == 0 ? "ERROR-" : "AVAILABLE-") + std::to_string(row) + '"';
  return R"({"lpas":[)" + list + "]}";
}

struct fixture {
  network net{3};
  private_postgres postgres{net.database()};
  certificates keys;
  service here{keys.added_to({"--rate-limits", "off", "--linger-seconds", "0",
                              "--simulated-devices", "4", "--simulated-latency-ms", "50"}),
               postgres.connection(), net.node(0), place{net.outside()}};
  service::peer second = here.start_peer("node-1", "meisimd", net.node(1));
  service::peer third = here.start_peer("node-2", "meisimd", net.node(2));
  std::vector<std::string> urls{here.public_url(), second.url, third.url};
  service::account hot = here.add_dealer("10000000.00");
  std::vector<service::account> others;
  service::account verifier = here.add_dealer("2000.00");
  std::string batch;
  load clients;

  fixture() {
    for (int begin = 0; begin < stock; begin += box)
      BOOST_REQUIRE_EQUAL(here.admin_post("/admin/v1/inventory/att/qr", stock_csv(begin)).status,
                          200);
    auto sku = here.get("/api/portal/v1/services/esim_supply_att/skus", {hot.portal_header})
                 .json()["skus"][0]["id"]
                 .asString();
    batch = here.post("/dealer/esim-verify", codes_to_verify(), {verifier.key_header})
              .json()["batch_id"]
              .asString();
    for (const auto& url : urls) {
      others.push_back(here.add_dealer("1000000.00"));
      clients.place_orders(url, hot);
      clients.place_orders(url, others.back());
      clients.buy_stock(url, hot, sku);
    }
    BOOST_TEST(all_answer());
  }

  bool all_answer() const {
    return std::ranges::all_of(urls,
                               [&](const auto& url) { return answers_more(clients, 30, url); });
  }

  std::string state_of(const std::string& name) const {
    for (const auto& node : here.admin_get("/admin/v1/nodes").json())
      if (node["name"].asString() == name)
        return node["state"].asString();
    return "absent";
  }

  /// Waits until the first node has links to `count` others.
  bool has_links(int count) const {
    auto line = "\nmeisim_cluster_links " + std::to_string(count) + '\n';
    return comes_true(
      [&] {
        auto metrics = call({"GET", here.admin_url() + "/metrics", {}, {}}).body;
        return metrics.find(line) != std::string::npos;
      },
      60s);
  }

  /// The ids of all orders in the statements of those who order.
  std::set<std::string> orders_in_statements() const {
    static const std::regex id{"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"};
    std::set<std::string> result;
    auto owners = others;
    owners.push_back(hot);
    for (const auto& owner : owners) {
      auto text = here.get("/dealer/statement", {owner.key_header}).body;
      for (std::sregex_iterator found{text.begin(), text.end(), id};
           found != std::sregex_iterator{}; ++found)
        result.insert(found->str());
    }
    return result;
  }

  void check_answers() const {
    auto orders = orders_in_statements();
    std::set<std::string> sold;
    for (const auto& one : clients.outcomes()) {
      BOOST_TEST((one.status == 200 || one.status == 503), one.url << " answered " << one.status);
      if (!one.order.empty())
        BOOST_TEST(orders.contains(one.order), "lost " << one.order);
      for (const auto& iccid : one.iccids)
        BOOST_TEST(sold.insert(iccid).second, "sold twice: " << iccid);
    }
    BOOST_TEST(!sold.empty());
  }

  void check_batch() const {
    auto path = "/dealer/esim-verify/" + batch;
    auto see = [&] { return here.get(path, {verifier.key_header}).json(); };
    BOOST_TEST(comes_true([&] { return !see()["batch"]["completed_at"].isNull(); }, 120s));
    auto errors = see()["progress"]["error_count"].asInt();
    BOOST_TEST(errors >= batch_rows / 50);
    auto balance = [&] {
      return here.get("/dealer/wallet", {verifier.key_header}).json()["balance"].asDouble();
    };
    auto due = 2'000.0 - batch_rows + errors;
    BOOST_TEST(comes_true([&] { return balance() >= due; }, 60s));
    BOOST_TEST(balance() == due);
  }

  void heal_and_check() {
    net.heal();
    for (const auto* name : {"node-0", "node-1", "node-2"})
      BOOST_TEST(comes_true([&] { return state_of(name) == "up"; }, 60s));
    BOOST_TEST(has_links(2));
    BOOST_TEST(all_answer());
    clients.stop();
    check_batch();
    check_answers();
    BOOST_TEST(here.is_ledger_ok());
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(network_suite, *boost::unit_test::precondition(can_make_networks))

BOOST_FIXTURE_TEST_CASE(two_nodes_that_cannot_reach_each_other_both_answer, fixture) {
  net.drop(0, net.node(1).address);
  net.drop(1, net.node(0).address);
  BOOST_TEST(has_links(1));
  BOOST_TEST(all_answer());
  heal_and_check();
}

BOOST_FIXTURE_TEST_CASE(a_node_that_the_database_is_lost_to_owns_nothing, fixture) {
  net.drop(2, net.database());
  BOOST_TEST(comes_true([&] { return state_of("node-2") == "down"; }));
  // It cannot commit anything, so the others decide what it is asked.
  BOOST_TEST(all_answer());
  BOOST_TEST(call({"GET", third.admin_url + "/readyz", {}, {}}).status == 503);
  heal_and_check();
}

BOOST_FIXTURE_TEST_CASE(what_goes_one_way_only_keeps_nobody_from_answering, fixture) {
  net.drop(0, net.node(1).address);
  BOOST_TEST(has_links(1));
  BOOST_TEST(all_answer());
  net.heal();
  BOOST_TEST(has_links(2));
  // Only one of the two dials, so the other direction is another case.
  net.drop(1, net.node(0).address);
  BOOST_TEST(has_links(1));
  BOOST_TEST(all_answer());
  heal_and_check();
}

BOOST_AUTO_TEST_SUITE_END()
