#include "actors/base/circuit_breaker.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;
using namespace std::chrono_literals;

namespace {

struct fixture {
  circuit_breaker breaker{circuit_settings{5, 1s, 30s}};
  circuit_breaker::time_point now{};

  void fail(int times) {
    for (int i = 0; i < times; ++i)
      breaker.failed(now);
  }

  bool is(circuit_state state) const {
    return breaker.state() == state;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(circuit, fixture)

BOOST_AUTO_TEST_CASE(it_opens_after_five_failures_in_a_row) {
  fail(4);
  breaker.succeeded();
  fail(4);
  BOOST_TEST(is(circuit_state::closed));
  BOOST_TEST(breaker.try_pass(now));
  fail(1);
  BOOST_TEST(is(circuit_state::open));
  BOOST_TEST(!breaker.try_pass(now));
  BOOST_TEST((breaker.wait(now) == 1s));
}

BOOST_AUTO_TEST_CASE(one_probe_passes_after_the_pause) {
  fail(5);
  now += 999ms;
  BOOST_TEST(!breaker.try_pass(now));
  now += 1ms;
  BOOST_TEST(breaker.try_pass(now));
  BOOST_TEST(is(circuit_state::half_open));
  BOOST_TEST(!breaker.try_pass(now));
  breaker.succeeded();
  BOOST_TEST(is(circuit_state::closed));
  BOOST_TEST((breaker.wait(now) == 0ms));
  fail(4);
  BOOST_TEST(is(circuit_state::closed));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest_and_begin_anew_after_a_success) {
  fail(5);
  for (auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    BOOST_TEST((breaker.wait(now) == pause));
    now += pause - 1ms;
    BOOST_TEST(!breaker.try_pass(now));
    now += 1ms;
    BOOST_TEST(breaker.try_pass(now));
    fail(1);
    BOOST_TEST(is(circuit_state::open));
  }
  now += 30s;
  BOOST_TEST(breaker.try_pass(now));
  breaker.succeeded();
  fail(5);
  BOOST_TEST((breaker.wait(now) == 1s));
}

BOOST_AUTO_TEST_CASE(late_answers_do_not_move_an_open_circuit) {
  fail(5);
  fail(20);
  breaker.succeeded();
  BOOST_TEST(is(circuit_state::open));
  BOOST_TEST((breaker.wait(now) == 1s));
}

BOOST_AUTO_TEST_SUITE_END()
