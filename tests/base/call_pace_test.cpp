#include "actors/base/call_pace.hpp"

#include <boost/test/unit_test.hpp>

// How calls are kept within a rate.

using namespace meisim;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(call_pace_suite)

BOOST_AUTO_TEST_CASE(a_burst_goes_at_once_and_the_rest_at_the_rate) {
  call_pace sut{100ms, 3};
  call_pace::time_point time{10s};
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(sut.wait(time).count() == 0);
    sut.take(time);
  }
  BOOST_TEST(sut.wait(time).count() == 100);
  BOOST_TEST(sut.wait(time + 60ms).count() == 40);
  BOOST_TEST(sut.wait(time + 100ms).count() == 0);
  sut.take(time + 100ms);
  BOOST_TEST(sut.wait(time + 100ms).count() == 100);
  // A rest brings the burst back, and no more than that.
  time += 10s;
  for (int i = 0; i < 3; ++i)
    sut.take(time);
  BOOST_TEST(sut.wait(time).count() == 100);
}

BOOST_AUTO_TEST_CASE(without_a_pause_nothing_waits) {
  call_pace sut;
  call_pace::time_point time{10s};
  for (int i = 0; i < 100; ++i)
    sut.take(time);
  BOOST_TEST(sut.wait(time).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
