#include "tests/verification/verification_fixture.hpp"

// Which row goes to which device, and what becomes of it: with a scripted store.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : verification_fixture {
  /// Another node, which has the device `name`. There is no way to one that has none.
  peer_link_actor other_node(const std::string& name) {
    auto find = [name](const std::string& wanted) {
      return name.empty()     ? make_error(ec::not_owner)
             : wanted == name ? caf::error{}
                              : make_error(ec::not_found);
    };
    return caf::actor_cast<peer_link_actor>(spawn([find](caf::event_based_actor*) -> caf::behavior {
      return {[find](const drain_device& wish) -> caf::result<done> {
                if (auto failure = find(wish.name))
                  return failure;
                return done{};
              },
              [find](const test_device& wish) -> caf::result<device_test> {
                if (auto failure = find(wish.name))
                  return failure;
                return device_test{wish.name, "89", "v2.3.0", {}};
              }};
    }));
  }

  void set_other_nodes(std::vector<peer_link_actor> links) {
    self->send(here, other_nodes{std::move(links)});
    settle();
  }

  template <class... Question>
  ec refusal_of(Question... question) {
    auto answer = ask<done>(system, here, question...);
    settle();
    return answer.code();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verification_suite, fixture)

BOOST_AUTO_TEST_CASE(every_row_gets_one_verdict) {
  add_device("one");
  add_device("two");
  add_batch(alice, "AVAILABLE-", 50);
  advance(10s);
  BOOST_TEST(count(verdict::available) == 50U);
  std::map<int32_t, int> seen;
  for (const auto& row : plan->verdicts)
    ++seen[row.number];
  BOOST_TEST(seen.size() == 50U);
  BOOST_TEST(plan->verdicts.front().found.seen.host == "smdp.example.com");
}

BOOST_AUTO_TEST_CASE(two_rows_do_not_wait_behind_many) {
  add_device("one");
  add_device("two");
  add_batch(alice, "AVAILABLE-", 1'000);
  advance(1s);
  auto before = plan->verdicts.size();
  add_batch(bob, "USED-", 2);
  // About two device times; what is under way ends first.
  advance(500ms);
  BOOST_TEST(count(verdict::used) == 2U);
  BOOST_TEST(plan->verdicts.size() - before <= 10U);
}

BOOST_AUTO_TEST_CASE(dealers_share_the_devices_and_not_batches) {
  add_device("one");
  for (int i = 0; i < 9; ++i)
    add_batch(alice, "AVAILABLE-", 100);
  add_batch(bob, "USED-", 100);
  advance(8s);
  auto total = plan->verdicts.size();
  BOOST_TEST(total > 30U);
  // One dealer of two, however many batches the other has.
  BOOST_TEST(count(verdict::used) * 3 > total);
}

BOOST_AUTO_TEST_CASE(what_is_urgent_goes_first) {
  add_device("one");
  add_batch(alice, "AVAILABLE-", 1'000);
  advance(500ms);
  add_batch(bob, "USED-", 1, true);
  advance(200ms);
  BOOST_TEST(count(verdict::used) == 1U);
}

BOOST_AUTO_TEST_CASE(no_device_confirms_itself_and_one_at_another_node_does) {
  add_device("one");
  add_batch(bob, "USED-", 1, true, "one");
  advance(10s);
  BOOST_TEST(plan->verdicts.empty());
  BOOST_TEST(plan->open.size() == 1U);
  auto there = start();
  add_device("two", {}, there);
  advance(2s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 1U);
  BOOST_TEST(plan->verdicts[0].device == "two");
  // Both nodes have told of theirs.
  BOOST_TEST(plan->devices.contains("one"));
  BOOST_TEST(plan->devices.contains("two"));
}

BOOST_AUTO_TEST_CASE(a_row_is_given_back_when_only_the_wrong_device_is_left) {
  auto one = add_device("one", {});
  auto two = add_device("two");
  add_batch(alice, "HANG-", 1);
  add_batch(alice, "HANG-", 1);
  advance(500ms);
  add_batch(bob, "USED-", 1, true, "one");
  // Both hang, and nothing else is leased: the row waits here.
  BOOST_TEST(plan->open.empty());
  self->send_exit(two, caf::exit_reason::kill);
  advance(10s);
  BOOST_TEST(count(verdict::used) == 0U);
  bool is_given_back = std::ranges::any_of(plan->renewals, [](const renew_leases& wish) {
    return wish.lease_seconds == 0 && wish.leases.size() == 1;
  });
  BOOST_TEST(is_given_back);
}

BOOST_AUTO_TEST_CASE(a_row_that_errs_is_tried_three_times_on_different_devices) {
  add_device("one");
  add_device("two");
  add_device("three");
  add_batch(alice, "ERROR-", 1);
  advance(5s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 1U);
  BOOST_TEST(count(verdict::error) == 1U);
  BOOST_REQUIRE_EQUAL(plan->attempts.size(), 2U);
  BOOST_TEST(plan->attempts[0].attempt == 1);
  BOOST_TEST(plan->attempts[1].attempt == 2);
  BOOST_TEST(plan->attempts[0].device != plan->attempts[1].device);
  BOOST_TEST(plan->verdicts[0].device != plan->attempts[0].device);
  BOOST_TEST(plan->verdicts[0].device != plan->attempts[1].device);
}

BOOST_AUTO_TEST_CASE(a_lone_device_tries_again_itself) {
  add_device("one");
  add_batch(alice, "ERROR-", 1);
  advance(5s);
  BOOST_TEST(count(verdict::error) == 1U);
}

BOOST_AUTO_TEST_CASE(a_code_that_hangs_costs_only_its_own_row) {
  add_device("one");
  add_device("two");
  add_batch(alice, "HANG-", 1);
  add_batch(bob, "AVAILABLE-", 40);
  advance(30s);
  BOOST_TEST(count(verdict::available) == 40U);
  BOOST_REQUIRE_EQUAL(count(verdict::error), 1U);
  for (const auto& row : plan->verdicts)
    if (row.found.what == verdict::error)
      BOOST_TEST(row.found.reason == "no answer within 2 s");
}

BOOST_AUTO_TEST_CASE(a_second_opinion_comes_from_another_device) {
  add_device("one");
  add_device("two");
  add_batch(alice, "USED-", 1, true, "one");
  add_batch(alice, "USED-", 1, true, "two");
  advance(1s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 2U);
  std::map<std::string, int> devices;
  for (const auto& row : plan->verdicts)
    ++devices[row.device];
  BOOST_TEST(devices.size() == 2U);
}

BOOST_AUTO_TEST_CASE(five_failures_in_a_row_are_a_rest_and_each_failed_probe_a_longer_one) {
  add_device("one");
  add_batch(alice, "ERROR-", 30);
  advance(1'500ms);
  auto tired = report("one");
  BOOST_TEST(tired.failures_in_a_row == 5);
  BOOST_CHECK(tired.state == device_state::resting);
  auto checks = tired.checks;
  advance(9s);
  BOOST_TEST(report("one").checks == checks);
  // The probe after 10 s fails, and the next comes after 20 s more.
  advance(2s);
  BOOST_TEST(report("one").checks > checks);
  advance(5s);
  checks = report("one").checks;
  advance(10s);
  BOOST_TEST(report("one").checks == checks);
}

BOOST_AUTO_TEST_CASE(a_rested_device_is_good_again_after_one_success) {
  add_device("one");
  add_batch(alice, "ERROR-", 5);
  advance(2s);
  BOOST_CHECK(report("one").state == device_state::resting);
  plan->open.clear();
  add_batch(bob, "AVAILABLE-", 10);
  advance(60s);
  BOOST_TEST(count(verdict::available) == 10U);
  BOOST_TEST(report("one").failures_in_a_row == 0);
}

BOOST_AUTO_TEST_CASE(a_drained_device_ends_its_check_and_gets_nothing_more) {
  auto device = add_device("one");
  add_device("two");
  add_batch(alice, "AVAILABLE-", 40);
  auto answer = ask<done>(system, here, drain_device{"one"});
  settle();
  BOOST_TEST(answer.has_ended());
  advance(10s);
  BOOST_TEST(count(verdict::available) == 40U);
  BOOST_TEST(report("one").checks <= 1);
  BOOST_CHECK(report("one").state == device_state::drained);
  auto unknown = ask<done>(system, here, drain_device{"nobody"});
  settle();
  BOOST_CHECK(unknown.code() == ec::not_found);
}

BOOST_AUTO_TEST_CASE(a_device_of_another_node_is_found_there) {
  set_other_nodes({other_node("lab.one"), other_node("far.two")});
  auto drained = ask<done>(system, here, drain_device{"far.two"});
  auto tested = ask<device_test>(system, here, test_device{"far.two"});
  settle();
  BOOST_TEST(drained.value->has_value());
  BOOST_TEST(tested.get().name == "far.two");
  BOOST_CHECK(refusal_of(drain_device{"nobody"}) == ec::not_found);
  // Another node asks for what is here.
  BOOST_CHECK(refusal_of(drain_device{"far.two"}, lookup{0, true}) == ec::not_found);
}

BOOST_AUTO_TEST_CASE(a_device_of_a_node_that_cannot_be_reached_is_not_said_to_be_none) {
  set_other_nodes({other_node(""), other_node("far.two")});
  BOOST_CHECK(refusal_of(drain_device{"lab.one"}) == ec::unavailable);
  auto drained = ask<done>(system, here, drain_device{"far.two"});
  settle();
  BOOST_TEST(drained.value->has_value());
}

BOOST_AUTO_TEST_CASE(the_row_of_a_device_that_dies_goes_to_another) {
  auto device = add_device("one");
  add_batch(alice, "AVAILABLE-", 1);
  self->send_exit(device, caf::exit_reason::kill);
  settle();
  BOOST_TEST(plan->verdicts.empty());
  add_device("two");
  advance(2s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 1U);
  BOOST_TEST(plan->verdicts[0].device == "two");
  BOOST_REQUIRE_EQUAL(plan->attempts.size(), 1U);
  BOOST_TEST(plan->attempts[0].reason == "the device was lost");
}

BOOST_AUTO_TEST_CASE(devices_that_are_lost_together_cost_a_row_one_attempt) {
  std::vector<validator_device_actor> site;
  for (const auto* name : {"lab.one", "lab.two", "lab.three", "lab.four"})
    site.push_back(add_device(name));
  add_batch(alice, "AVAILABLE-", 1);
  for (const auto& device : site)
    self->send_exit(device, caf::exit_reason::kill);
  settle();
  add_device("two");
  advance(2s);
  BOOST_REQUIRE_EQUAL(plan->verdicts.size(), 1U);
  BOOST_CHECK(plan->verdicts[0].found.what == verdict::available);
  BOOST_TEST(plan->attempts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(verdicts_outlast_a_database_that_is_away) {
  add_device("one");
  plan->failures_to_come = 3;
  add_batch(alice, "AVAILABLE-", 5);
  advance(10s);
  BOOST_TEST(count(verdict::available) == 5U);
  BOOST_TEST(plan->writes >= 4);
}

BOOST_AUTO_TEST_CASE(leases_are_kept_while_rows_are_checked) {
  add_device("one");
  add_batch(alice, "AVAILABLE-", 500);
  advance(25s);
  BOOST_TEST(plan->renewals.size() >= 2U);
  BOOST_TEST(plan->renewals.back().lease_seconds == 30);
}

BOOST_AUTO_TEST_CASE(rows_that_were_interrupted_too_often_are_errors) {
  add_device("one");
  add_row({1, "LPA:1$smdp.example.com$AVAILABLE-1", 3});
  BOOST_TEST(count(verdict::error) == 1U);
}

BOOST_AUTO_TEST_CASE(
  a_row_that_was_taken_as_a_code_and_cannot_be_read_is_an_error_and_not_judged_again) {
  add_device("one");
  add_row({1, "nonsense", 0});
  BOOST_REQUIRE_EQUAL(count(verdict::error), 1U);
  BOOST_TEST(plan->verdicts.front().found.reason == "its activation code cannot be read");
  BOOST_TEST(report("one").checks == 0);
}

BOOST_AUTO_TEST_SUITE_END()
