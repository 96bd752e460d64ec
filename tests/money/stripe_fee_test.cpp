#include "protocols/money/stripe.hpp"

#include <boost/test/unit_test.hpp>

// What a card payment costs.

using namespace meisim;

namespace {

constexpr auto cents(int64_t value) {
  return money::from_cents(value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(fee_suite)

BOOST_AUTO_TEST_CASE(the_documented_fee) {
  stripe_fee fee;
  BOOST_TEST(fee.gross_for(cents(100'00)).cents() == 103'30);
  BOOST_TEST(fee.gross_for(cents(50'00)).cents() == 51'81);
  BOOST_TEST(fee.gross_for(cents(10'000'00)).cents() == 10'298'98);
}

BOOST_AUTO_TEST_CASE(the_gross_amount_is_the_least_that_leaves_the_net_amount) {
  stripe_fee fee;
  for (int64_t net = 50'00; net <= 10'000'00; net += net % 100 == 0 ? 37 : 63) {
    auto gross = fee.gross_for(cents(net)).cents();
    // In millionths of a cent: gross * (1 - 0.029) - 30 >= net, and one cent less is too little.
    auto left = [](int64_t amount) { return amount * 971'000 - 30'000'000; };
    BOOST_REQUIRE(left(gross) >= net * 1'000'000);
    BOOST_REQUIRE(left(gross - 1) < net * 1'000'000);
  }
}

BOOST_AUTO_TEST_CASE(without_a_fee_the_amounts_are_the_same) {
  BOOST_TEST((stripe_fee{0, cents(0)}.gross_for(cents(77'77)).cents()) == 77'77);
}

BOOST_AUTO_TEST_CASE(percentages_are_read_exactly) {
  BOOST_TEST(stripe_fee::parse_percent("2.9").value() == 29'000);
  BOOST_TEST(stripe_fee::parse_percent("0").value() == 0);
  BOOST_TEST(stripe_fee::parse_percent("1.2345").value() == 12'345);
  BOOST_TEST(stripe_fee::parse_percent("99.9999").value() == 999'999);
  for (auto text : {"", ".", "-1", "100", "1.23456", "2,9", "2.9%", "1e1", "1.2.3", "999999999999"})
    BOOST_TEST(!stripe_fee::parse_percent(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
