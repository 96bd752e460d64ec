#include "actors/orders/recent_calls.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;
using namespace std::chrono_literals;

namespace {

struct fixture {
  recent_calls calls;
  recent_calls::time_point now{};

  void ended(int32_t status, std::chrono::microseconds took = 1ms) {
    web_answer answer;
    answer.status = status;
    answer.took = took;
    calls.note(now, answer);
  }

  call_figures figures() {
    return calls.figures(now);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recent_calls_suite, fixture)

BOOST_AUTO_TEST_CASE(without_a_call_there_is_no_time) {
  BOOST_TEST((figures() == call_figures{}));
  BOOST_TEST(!figures().median);
}

BOOST_AUTO_TEST_CASE(an_error_of_ours_is_told_from_one_of_theirs) {
  ended(200);
  ended(201);
  ended(404);
  ended(503);
  web_answer lost;
  lost.failure = web_failure::no_answer;
  calls.note(now, lost);
  BOOST_TEST(figures().answered == 2);
  BOOST_TEST(figures().refused == 1);
  BOOST_TEST(figures().failed == 2);
}

BOOST_AUTO_TEST_CASE(half_of_the_calls_and_95_in_a_hundred_took_no_longer) {
  for (int i = 100; i > 0; --i)
    ended(200, std::chrono::milliseconds{i});
  BOOST_TEST((figures().median == 50ms));
  BOOST_TEST((figures().p95 == 95ms));
}

BOOST_AUTO_TEST_CASE(a_part_of_a_millisecond_counts_as_one) {
  ended(200, 10us);
  BOOST_TEST((figures().median == 1ms));
  BOOST_TEST((figures().p95 == 1ms));
}

BOOST_AUTO_TEST_CASE(calls_are_forgotten_after_five_minutes) {
  ended(500, 9s);
  now += 5min;
  ended(200);
  BOOST_TEST(figures().failed == 1);
  now += 1s;
  BOOST_TEST(figures().failed == 0);
  BOOST_TEST((figures().p95 == 1ms));
}

BOOST_AUTO_TEST_CASE(only_the_latest_thousand_count) {
  ended(500);
  for (int i = 0; i < 1'000; ++i)
    ended(200);
  BOOST_TEST(figures().failed == 0);
  BOOST_TEST(figures().answered == 1'000);
}

BOOST_AUTO_TEST_SUITE_END()
