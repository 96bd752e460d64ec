#include "tests/fixtures/several_nodes.hpp"

#include <atomic>
#include <csignal>
#include <thread>

// One node after the other is replaced by one of the next release, under load.

using namespace meisim::test;

namespace {

struct fixture {
  certificates keys;
  service here{keys.added_to({"--rate-limits", "off", "--linger-seconds", "1"})};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(upgrade_suite, fixture)

BOOST_AUTO_TEST_CASE(a_release_next_to_this_one_works_beside_it) {
  auto owner = here.add_dealer("100000.00");
  auto second = here.start_peer("node-1");
  std::atomic<bool> is_over{false};
  std::atomic<int> refused{0};
  std::thread client{[&] {
    while (!is_over)
      refused += order_at(here.public_url(), owner.key_header, true).status == 200 ? 0 : 1;
  }};
  BOOST_TEST(second.process->stop(SIGTERM) == 0);
  auto replaced = here.start_peer("node-1", "meisimd_next");
  std::vector<service::account> owners;
  // Some of these dealers belong to a node of this release, some to one of the next.
  for (int i = 0; i < 8; ++i) {
    auto other = here.add_dealer("100.00");
    BOOST_TEST(order_at(here.public_url(), other.key_header).status == 200);
    BOOST_TEST(order_at(replaced.url, other.key_header).status == 200);
  }
  is_over = true;
  client.join();
  BOOST_TEST(refused == 0);
  // The last node of this release stops.
  auto third = here.start_peer("node-2", "meisimd_next");
  BOOST_TEST(here.stop(SIGTERM) == 0);
  BOOST_TEST(order_at(third.url, owner.key_header).status == 200);
  here.start();
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_release_too_far_from_this_one_is_refused) {
  auto why = refusal_of(here, keys.added_to({}, "node-9"), "meisimd_far");
  BOOST_TEST(why.find("node node-0 speaks versions 1 to 1 of the nodes' protocol, this one 3 to 3")
               != std::string::npos,
             why);
}

BOOST_AUTO_TEST_SUITE_END()
