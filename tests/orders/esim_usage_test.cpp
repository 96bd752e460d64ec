#include "protocols/orders/esim_usage.hpp"

#include <boost/test/unit_test.hpp>

// What providers say of an eSIM, and what its dealer is told of it.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

const instant noon = from_micros(1'777'982'400'000'000);

esim_usage with_data(int64_t used, int64_t allowance) {
  esim_usage usage;
  usage.used_mb = used;
  usage.allowance_mb = allowance;
  return usage;
}

esim_usage with_time_left(std::chrono::hours left) {
  esim_usage usage;
  usage.expires_at = noon + left;
  return usage;
}

} // namespace

BOOST_AUTO_TEST_SUITE(esim_usage_suite)

BOOST_AUTO_TEST_CASE(details_are_read_whatever_their_provider_leaves_out) {
  auto usage = read_esim_usage(R"({"State":"Released","DataUsedMb":0,"DataAllowanceMb":5120,)"
                               R"("ExpiresAt":null})",
                               3);
  BOOST_REQUIRE(usage);
  BOOST_TEST(usage->unit == 3);
  BOOST_TEST(!usage->is_installed);
  BOOST_TEST(usage->allowance_mb == 5'120);
  BOOST_TEST(!is_over(*usage, noon));
  BOOST_TEST(read_esim_usage(R"({"State":"ENABLED"})", 1)->is_installed);
  BOOST_TEST(read_esim_usage(R"({"DataUsedMb":1})", 1)->is_installed);
  BOOST_TEST(is_over(*read_esim_usage(R"({"State":"Revoked"})", 1), noon));
  BOOST_TEST(!read_esim_usage("nonsense", 1));
}

BOOST_AUTO_TEST_CASE(data_is_told_of_at_80_and_100_percent) {
  BOOST_TEST(told_percent(with_data(79, 100)) == 0);
  BOOST_TEST(told_percent(with_data(80, 100)) == 80);
  BOOST_TEST(told_percent(with_data(99, 100)) == 80);
  BOOST_TEST(told_percent(with_data(100, 100)) == 100);
  BOOST_TEST(told_percent(with_data(100, 0)) == 0);
}

BOOST_AUTO_TEST_CASE(the_end_is_told_of_three_days_and_one_day_before) {
  BOOST_TEST(!told_days(with_time_left(73h), noon));
  BOOST_TEST(*told_days(with_time_left(72h), noon) == 3);
  BOOST_TEST(*told_days(with_time_left(25h), noon) == 3);
  BOOST_TEST(*told_days(with_time_left(24h), noon) == 1);
  BOOST_TEST(!told_days(with_time_left(0h), noon));
  BOOST_TEST(is_over(with_time_left(0h), noon));
  BOOST_TEST(!told_days({}, noon));
}

BOOST_AUTO_TEST_SUITE_END()
