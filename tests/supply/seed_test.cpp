#include "persistence/seed.hpp"
#include "persistence/supply/prices.hpp"
#include "tests/supply/stock_fixture.hpp"

// The demonstration in an empty database.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(seed_suite, stock_fixture)

BOOST_AUTO_TEST_CASE(the_demonstration_fills_an_empty_database_only) {
  auto dealer = seed_demo(db, "$argon2id$demo");
  BOOST_REQUIRE(dealer);
  BOOST_TEST(!seed_demo(db, "$argon2id$other"));
  auto account = dealer_overviews_of(db, "demo@meisim.test");
  BOOST_REQUIRE(account.size() == 1u);
  BOOST_TEST(account.front().dealer.portal);
  BOOST_TEST(account.front().has_password);
  BOOST_TEST(all_prices(db).skus.size() == 2u);
  BOOST_TEST(counts_of(db, att).available == 500);
}

BOOST_AUTO_TEST_CASE(its_iccids_carry_a_good_check_digit) {
  seed_demo(db, "$argon2id$demo");
  for (const auto& row : rows(500)) {
    BOOST_TEST(row.iccid.size() == 20u);
    int sum = 0;
    for (size_t i = 0; i < row.iccid.size(); ++i) {
      int digit = (row.iccid[row.iccid.size() - 1 - i] - '0') * (i % 2 == 1 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    BOOST_TEST(sum % 10 == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
