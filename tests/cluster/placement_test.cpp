#include "protocols/cluster/placement.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

using namespace meisim;

namespace {

constexpr size_t dealers = 100'000;

std::vector<uint64_t> nodes(size_t count) {
  std::vector<uint64_t> marks;
  for (size_t i = 0; i < count; ++i)
    marks.push_back(placement_mark("node-" + std::to_string(i)));
  return marks;
}

std::vector<size_t> owners(const std::vector<uuid>& entities, const std::vector<uint64_t>& marks) {
  std::vector<size_t> result;
  for (const auto& entity : entities)
    result.push_back(owner_of(entity, marks));
  return result;
}

struct fixture {
  std::vector<uuid> entities;

  fixture() {
    // Ids of one moment, which differ in few bits.
    for (size_t i = 0; i < dealers; ++i)
      entities.push_back({0x0198f3a45b6c7000U + i / 4'096, 0x8000000000000000U + i});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(placement, fixture)

BOOST_AUTO_TEST_CASE(every_node_has_about_its_share) {
  for (size_t count : {2u, 3u, 10u}) {
    std::vector<size_t> load(count);
    for (auto owner : owners(entities, nodes(count)))
      ++load.at(owner);
    auto share = dealers / count;
    BOOST_TEST(*std::ranges::max_element(load) < share * 105 / 100);
    BOOST_TEST(*std::ranges::min_element(load) > share * 95 / 100);
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_joins_takes_its_share_and_nothing_else_moves) {
  for (size_t count : {2u, 3u, 10u}) {
    auto before = owners(entities, nodes(count - 1));
    auto after = owners(entities, nodes(count));
    size_t moved = 0;
    for (size_t i = 0; i < dealers; ++i) {
      moved += before[i] != after[i] ? 1 : 0;
      BOOST_TEST_REQUIRE((before[i] == after[i] || after[i] == count - 1));
    }
    auto share = dealers / count;
    BOOST_TEST(moved < share * 12 / 10);
    BOOST_TEST(moved > share * 8 / 10);
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_goes_leaves_its_own_to_all_others) {
  auto marks = nodes(4);
  auto before = owners(entities, marks);
  marks.erase(marks.begin() + 1);
  auto after = owners(entities, marks);
  std::vector<size_t> taken(3);
  for (size_t i = 0; i < dealers; ++i) {
    auto old = before[i] > 1 ? before[i] - 1 : before[i];
    if (before[i] == 1)
      ++taken.at(after[i]);
    else
      BOOST_TEST_REQUIRE(after[i] == old);
  }
  auto [least, most] = std::ranges::minmax_element(taken);
  BOOST_TEST(*most < *least * 11 / 10);
}

BOOST_AUTO_TEST_CASE(the_order_in_which_nodes_are_named_does_not_matter) {
  auto marks = nodes(5);
  auto turned = marks;
  std::ranges::reverse(turned);
  for (const auto& entity : entities)
    BOOST_TEST_REQUIRE(marks[owner_of(entity, marks)] == turned[owner_of(entity, turned)]);
}

BOOST_AUTO_TEST_CASE(if_one_of_the_chosen_leaves_one_other_takes_its_place) {
  auto marks = nodes(10);
  BOOST_TEST(chosen_nodes(marks, 0).size() == 10u);
  BOOST_TEST(chosen_nodes(marks, 11).size() == 10u);
  auto named = [](const std::vector<uint64_t>& all) {
    std::set<uint64_t> result;
    for (auto at : chosen_nodes(all, 3))
      result.insert(all[at]);
    return result;
  };
  auto before = named(marks);
  BOOST_TEST(before.size() == 3u);
  for (auto leaving : marks) {
    auto left = marks;
    std::erase(left, leaving);
    auto after = named(left);
    BOOST_TEST(after.size() == 3u);
    std::vector<uint64_t> stayed;
    std::ranges::set_intersection(before, after, std::back_inserter(stayed));
    BOOST_TEST(stayed.size() == (before.contains(leaving) ? 2u : 3u));
  }
}

BOOST_AUTO_TEST_CASE(neighbouring_releases_place_alike) {
  BOOST_TEST(placement_mark("node-0") == placement_mark("node-0"));
  BOOST_TEST(placement_mark("node-0") != placement_mark("node-1"));
  BOOST_TEST(placement_mark("ab") != placement_mark("ba"));
  std::vector<size_t> first;
  for (size_t i = 0; i < 12; ++i)
    first.push_back(owner_of(entities[i], nodes(3)));
  const std::vector<size_t> as_ever{0, 2, 2, 1, 0, 2, 1, 0, 2, 1, 2, 0};
  BOOST_TEST(first == as_ever, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
