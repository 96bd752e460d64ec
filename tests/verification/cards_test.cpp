#include "tests/verification/verification_fixture.hpp"

#include <set>

// Devices with cards: which of them get rows, what is at fault in an error, and how often an SM-DP+
// is asked.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : verification_fixture {
  /// One card on which the hosts of example.com fail, and one on which none does.
  void add_two_cards() {
    add_card("bad",
             std::make_shared<card>(card{
               "1", "", {"a.example.com", "b.example.com", "c.example.com", "d.example.com"}}));
    add_card("good", std::make_shared<card>(card{"2", ""}));
    plan->most_asks = 100;
  }

  void ask_about(const std::string& host, dealer_id dealer) {
    add_row({1, "LPA:1$" + host + "$A", 0}, dealer);
  }

  /// Has the device test itself, as an operator does.
  void test_now(const std::string& device) {
    auto tested = ask<device_test>(system, here, test_device{device});
    settle();
    BOOST_TEST(tested.get().eid == report(device).eid);
  }

  /// Whether the device has been told to rest. Once it does well, the reason is forgotten.
  bool is_doubted(const std::string& device) {
    return report(device).detail.find("hosts fail on it") != std::string::npos;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cards_suite, fixture)

BOOST_AUTO_TEST_CASE(a_device_tests_itself_before_it_gets_rows_and_again_when_it_has_rested) {
  auto what = std::make_shared<card>(card{"89049032000000000000000000000001", "no such reader"});
  add_card("one", what);
  add_row({1, "LPA:1$smdp.example.com$A", 0});
  BOOST_CHECK(report("one").state == device_state::refused);
  BOOST_TEST(report("one").detail == "reader: no such reader");
  BOOST_TEST(plan->verdicts.empty());
  what->flaw.clear();
  advance(11s);
  BOOST_TEST(report("one").eid == what->eid);
  BOOST_TEST(report("one").version == "v2.3.0");
  BOOST_TEST(report("one").detail == "");
  BOOST_TEST(count(verdict::used) == 1U);
}

BOOST_AUTO_TEST_CASE(
  a_card_that_was_pulled_costs_one_row_a_try_and_the_next_card_is_known_by_its_eid) {
  auto what = std::make_shared<card>(card{"89049032000000000000000000000001", ""});
  add_card("one", what);
  add_card("two", std::make_shared<card>(card{"89049032000000000000000000000002", ""}));
  what->is_out = true;
  what->flaw = "no card";
  add_batch(alice, "A-", 12);
  advance(2s);
  BOOST_TEST(count(verdict::used) == 12U);
  BOOST_TEST(plan->attempts.size() == 1U);
  BOOST_CHECK(report("one").state == device_state::refused);
  BOOST_TEST(report("one").detail == "reader: no card");
  what->is_out = false;
  what->flaw.clear();
  what->eid = "89049032000000000000000000000003";
  advance(11s);
  BOOST_CHECK(report("one").state == device_state::idle);
  BOOST_TEST(report("one").eid == what->eid);
}

BOOST_AUTO_TEST_CASE(of_two_devices_with_one_card_the_first_keeps_it) {
  auto what = std::make_shared<card>(card{"89049032000000000000000000000001", ""});
  auto one = add_card("one", what);
  add_card("two", what);
  settle();
  BOOST_CHECK(report("one").state == device_state::idle);
  BOOST_CHECK(report("two").state == device_state::refused);
  BOOST_TEST(report("two").detail == "its card is that of one");
  self->send_exit(one, caf::exit_reason::kill);
  settle();
  BOOST_CHECK(report("two").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_card_that_was_moved_belongs_to_the_device_that_has_it_now) {
  auto first = std::make_shared<card>(card{"1", ""});
  auto second = std::make_shared<card>(card{"2", ""});
  add_card("one", first);
  add_card("two", second);
  *first = {"", "no card", {}, true};
  second->eid = "1";
  test_now("two");
  BOOST_CHECK(report("two").state == device_state::refused);
  // Until it shows that the first has it no longer.
  add_batch(alice, "A-", 3);
  advance(2s);
  BOOST_TEST(count(verdict::used) == 3U);
  BOOST_CHECK(report("one").state == device_state::refused);
  BOOST_TEST(report("one").eid == "");
  BOOST_CHECK(report("two").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_device_that_loses_its_card_to_another_looks_which_it_has_now) {
  auto first = std::make_shared<card>(card{"1", ""});
  auto second = std::make_shared<card>(card{"2", ""});
  add_card("one", first);
  add_card("two", second);
  first->eid = "2";
  second->eid = "3";
  test_now("one");
  BOOST_TEST(report("two").eid == "3");
  BOOST_CHECK(report("two").state == device_state::idle);
  // So does one that loses it to a device of another node.
  plan->refused = {{"one", "its card is that of far.one at far"}};
  first->eid = "4";
  advance(15s);
  BOOST_TEST(report("one").eid == "4");
}

BOOST_AUTO_TEST_CASE(a_device_whose_self_test_fails_between_two_rows_gets_no_more) {
  auto what = std::make_shared<card>(card{"1", ""});
  add_card("one", what);
  what->flaw = "no such reader";
  test_now("one");
  BOOST_CHECK(report("one").state == device_state::refused);
  BOOST_TEST(report("one").detail == "reader: no such reader");
  what->flaw.clear();
  advance(11s);
  BOOST_CHECK(report("one").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_second_opinion_does_not_come_from_the_same_card) {
  const std::string eid = "89049032000000000000000000000001";
  add_card("one", std::make_shared<card>(card{eid, ""}));
  add_batch(bob, "USED-", 1, true, eid);
  advance(5s);
  BOOST_TEST(plan->verdicts.empty());
  add_card("two", std::make_shared<card>(card{"89049032000000000000000000000002", ""}));
  advance(2s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 1U);
  BOOST_TEST(plan->verdicts[0].device == "two");
}

BOOST_AUTO_TEST_CASE(a_bench_with_a_name_that_is_taken_waits_until_it_is_free) {
  auto first = add_card("lab.one", std::make_shared<card>(card{"1", ""}), "a");
  add_card("lab.one", std::make_shared<card>(card{"2", ""}), "b");
  settle();
  BOOST_TEST(report("lab.one").eid == "1");
  self->send_exit(first, caf::exit_reason::kill);
  settle();
  BOOST_TEST(report("lab.one").eid == "2");
  BOOST_CHECK(report("lab.one").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_device_that_another_node_had_before_gets_no_rows) {
  plan->refused = {{"one", "its card is that of far.one at far"}};
  add_device("one");
  advance(1s);
  add_batch(alice, "AVAILABLE-", 1);
  advance(2s);
  BOOST_TEST(plan->verdicts.empty());
  BOOST_TEST(report("one").detail == "its card is that of far.one at far");
  plan->refused.clear();
  advance(15s);
  BOOST_TEST(count(verdict::available) == 1U);
}

BOOST_AUTO_TEST_CASE(one_host_that_fails_rests_no_device) {
  auto what = std::make_shared<card>(card{"1", "", {"smdp.example.com"}});
  add_card("one", what);
  plan->most_asks = 100;
  add_batch(alice, "A-", 20);
  advance(20s);
  BOOST_TEST(count(verdict::error) == 20U);
  BOOST_CHECK(report("one").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_device_on_which_several_hosts_fail_that_do_well_elsewhere_is_doubted) {
  add_two_cards();
  for (int turn = 0; turn < 4; ++turn)
    for (const char* host : {"a", "b", "c"})
      ask_about(std::string{host} + ".example.com", alice);
  BOOST_TEST(count(verdict::used) == 12U);
  BOOST_TEST(count(verdict::error) == 0U);
  BOOST_TEST(is_doubted("bad"));
  BOOST_CHECK(report("good").state == device_state::idle);
}

BOOST_AUTO_TEST_CASE(a_dealer_with_hosts_of_its_own_rests_no_device_of_others) {
  add_two_cards();
  ask_about("a.example.org", bob);
  for (int turn = 0; turn < 4; ++turn)
    for (const char* host : {"a", "b", "c", "d"})
      ask_about(std::string{host} + ".example.com", alice);
  BOOST_TEST(count(verdict::error) == 0U);
  BOOST_TEST(report("bad").failures >= 3);
  BOOST_TEST(!is_doubted("bad"));
}

BOOST_AUTO_TEST_CASE(hosts_that_several_dealers_ask_bring_a_device_to_rest) {
  add_two_cards();
  for (int turn = 0; turn < 4; ++turn)
    for (const char* host : {"a", "b", "c"})
      ask_about(std::string{host} + ".example.com", turn % 2 == 0 ? alice : bob);
  BOOST_TEST(is_doubted("bad"));
  BOOST_TEST(!is_doubted("good"));
}

BOOST_AUTO_TEST_CASE(so_do_several_dealers_each_with_a_host_of_its_own) {
  add_two_cards();
  for (int turn = 0; turn < 4; ++turn) {
    ask_about("a.example.com", alice);
    ask_about("b.example.com", bob);
    ask_about("c.example.com", carol);
  }
  BOOST_TEST(is_doubted("bad"));
}

BOOST_AUTO_TEST_CASE(a_device_alone_at_its_node_is_doubted_for_what_others_do_well_elsewhere) {
  add_card("bad", std::make_shared<card>(
                    card{"1", "", {"a.example.com", "b.example.com", "c.example.com"}}));
  plan->most_asks = 100;
  auto ask_about_all = [&] {
    for (const char* host : {"a", "b", "c"})
      ask_about(std::string{host} + ".example.com", alice);
  };
  // They may have failed everywhere.
  ask_about_all();
  ask_about_all();
  BOOST_TEST(!is_doubted("bad"));
  for (const char* host : {"a", "b", "c"})
    plan->well.push_back({std::string{host} + ".example.com", alice});
  ask_about_all();
  ask_about_all();
  BOOST_TEST(is_doubted("bad"));
}

BOOST_AUTO_TEST_CASE(a_code_is_asked_about_three_times_a_day_and_then_given_back) {
  add_card("one", std::make_shared<card>(card{"1", ""}));
  for (int i = 0; i < 4; ++i)
    add_row({1, "LPA:1$smdp.example.com$A", 0});
  BOOST_TEST(count(verdict::used) == 3U);
  BOOST_REQUIRE_EQUAL(count(verdict::error), 1U);
  BOOST_TEST(plan->verdicts.back().found.reason
             == "its SM-DP+ was asked about it three times within a day, and may lock it");
  BOOST_TEST(plan->asks["smdp.example.com$A"] == 3);
  BOOST_TEST(plan->verdicts.back().device == "");
}

BOOST_AUTO_TEST_CASE(a_simulated_device_asks_nobody_and_nothing_is_counted) {
  add_device("one");
  for (int i = 0; i < 5; ++i)
    add_row({1, "LPA:1$smdp.example.com$AVAILABLE-1", 0});
  BOOST_TEST(count(verdict::available) == 5U);
  BOOST_TEST(plan->asks.empty());
}

BOOST_AUTO_TEST_CASE(what_another_site_is_handed_is_counted_whatever_it_says) {
  device_config settings;
  settings.site = "elsewhere";
  // A simulated device says that it asks nobody.
  add_device("lab.one", settings);
  for (int i = 0; i < 5; ++i)
    add_row({1, "LPA:1$smdp.example.com$AVAILABLE-1", 0});
  BOOST_TEST(count(verdict::available) == 3U);
  BOOST_TEST(count(verdict::error) == 2U);
  BOOST_TEST(plan->asks["smdp.example.com$AVAILABLE-1"] == 3);
}

BOOST_AUTO_TEST_CASE(a_verdict_that_is_recent_enough_needs_no_device) {
  add_device("one");
  open_row row{1, "LPA:1$smdp.example.com$USED-1", 0};
  finding found;
  found.what = verdict::available;
  row.known = earlier_verdict{found, "other", now(), now()};
  add_row(row);
  BOOST_TEST(count(verdict::available) == 1U);
  BOOST_TEST(plan->verdicts.front().device == "other");
  BOOST_TEST(report("one").checks == 0);
}

BOOST_AUTO_TEST_CASE(links_that_drop_cost_no_row_its_verdict_and_no_device_its_name) {
  std::vector<verification_actor> nodes{here, start(), start()};
  std::vector<validator_device_actor> benches;
  auto name_of = [](size_t bench) { return "lab.bench-" + std::to_string(bench); };
  for (size_t i = 0; i < 8; ++i)
    benches.push_back(add_device(name_of(i), {}, nodes[i % nodes.size()]));
  add_batch(alice, "AVAILABLE-", 1'000);
  for (size_t turn = 0; turn < 16; ++turn) {
    auto bench = turn % benches.size();
    self->send_exit(benches[bench], caf::exit_reason::kill);
    advance(500ms);
    // It comes back at the next node.
    benches[bench] = add_device(name_of(bench), {}, nodes[(bench + turn) % nodes.size()]);
  }
  advance(60s);
  BOOST_TEST(count(verdict::available) == 1'000U);
  std::set<int32_t> numbers;
  for (const auto& row : plan->verdicts)
    numbers.insert(row.number);
  BOOST_TEST(numbers.size() == 1'000U);
  BOOST_TEST(plan->verdicts.size() == 1'000U);
  // A drop gives back the one row that the device had.
  BOOST_TEST(plan->attempts.size() <= 16U);
  size_t devices = 0;
  for (const auto& node : nodes) {
    auto list = ask<device_list>(system, node, list_devices{});
    settle();
    for (const auto& device : list.get().devices) {
      ++devices;
      BOOST_CHECK(device.state == device_state::idle);
      BOOST_TEST(device.failures == 0);
    }
  }
  BOOST_TEST(devices == 8U);
}

BOOST_AUTO_TEST_SUITE_END()
