#include "http/edge/dealer_turns.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace meisim;
using namespace meisim::http;

namespace {

struct fixture {
  std::shared_ptr<dealer_turns> sut = std::make_shared<dealer_turns>(2, 3);
  dealer_id one = dealer_id::make();
  dealer_id other = dealer_id::make();
  std::vector<std::pair<std::string, dealer_turns::turn>> begun;

  ~fixture() {
    // Each that ends lets another one begin.
    while (!begun.empty())
      std::exchange(begun, {});
  }

  void take(dealer_id dealer, const std::string& name) {
    sut->take(dealer, [=, this](dealer_turns::turn turn) { begun.emplace_back(name, turn); });
  }

  std::string names() const {
    std::string result;
    for (const auto& [name, turn] : begun)
      result += name;
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(dealer_turns_suite, fixture)

BOOST_AUTO_TEST_CASE(those_of_one_dealer_wait_in_order_and_hold_up_nobody_else) {
  for (const auto* name : {"a", "b", "c", "d"})
    take(one, name);
  BOOST_TEST(names() == "ab");
  take(other, "x");
  BOOST_TEST(names() == "abx");
  auto ended = std::exchange(begun.front().second, nullptr);
  begun.erase(begun.begin());
  ended.reset();
  BOOST_TEST(names() == "bxc");
}

BOOST_AUTO_TEST_CASE(one_that_is_given_up_passes_its_turn_on) {
  take(one, "a");
  take(one, "b");
  sut->take(one, [](const dealer_turns::turn&) { /* Its client has gone. */ });
  take(one, "c");
  auto ended = std::exchange(begun.front().second, nullptr);
  ended.reset();
  BOOST_TEST(names() == "abc");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_full_takes_nobody) {
  for (const auto* name : {"a", "b", "c", "d", "e"})
    take(one, name);
  BOOST_TEST(!sut->take(one, [](const dealer_turns::turn&) {}));
  BOOST_TEST(sut->take(other, [](const dealer_turns::turn&) {}));
}

BOOST_AUTO_TEST_SUITE_END()
