#include "tests/cluster/wallet_cluster.hpp"

#include <algorithm>
#include <set>

// Of many nodes, only some have dealers and their wallets.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : wallet_cluster {
  std::string owner_of_pool(const pool_name& pool) {
    for (auto& node : nodes) {
      auto found = ask<pool_actor>(node->system, node->here, pool_atom_v, pool, lookup{0, true});
      settle();
      if (found.value->has_value())
        return node->name;
    }
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(dealer_nodes_suite, fixture)

BOOST_AUTO_TEST_CASE(of_ten_nodes_only_as_many_have_dealers_as_the_fewest_that_is_wished) {
  for (auto wish : {0, 3, 5, 3, 3, 3, 3, 3, 3, 0}) {
    dealer_nodes = wish;
    add("node-" + std::to_string(nodes.size()));
  }
  auto dealers = many_dealers(60);
  auto before = owners_of(dealers);
  std::set<std::string> chosen{before.begin(), before.end()};
  BOOST_TEST(chosen.size() == 3u);
  // Pools are on all of them.
  std::set<std::string> with_pools;
  for (int i = 0; i < 60; ++i)
    with_pools.insert(owner_of_pool({"carrier-" + std::to_string(i), "qr"}));
  BOOST_TEST(with_pools.size() > 6u);
  // Wherever an order comes in, it is decided there, once.
  std::vector<pending_answer<receipt>> answers;
  for (size_t i = 0; i < dealers.size(); ++i)
    answers.push_back(pay(*nodes[i % nodes.size()], dealers[i]));
  end_all_commits();
  for (const auto& answer : answers)
    answer.get();
  // One other takes the place of one that dies; else no dealer moves.
  auto dead = before.front();
  kill(dead);
  advance(8s);
  auto after = owners_of(dealers);
  std::set<std::string> now{after.begin(), after.end()};
  BOOST_TEST(now.size() == 3u);
  std::erase_if(now, [&](const auto& name) { return chosen.contains(name); });
  BOOST_REQUIRE(now.size() == 1u);
  for (size_t i = 0; i < dealers.size(); ++i)
    BOOST_TEST((after[i] == before[i] || before[i] == dead || now.contains(after[i])));
}

BOOST_AUTO_TEST_SUITE_END()
