#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

// Stripe's npm package accepts what our sandbox does, and our node accepts what that package signs.

using namespace meisim::test;

BOOST_FIXTURE_TEST_CASE(stripes_own_package_agrees_with_us, service) {
  auto dealer = add_dealer("0");
  setenv("STRIPE_KEY", stripe_key, 1);
  setenv("STRIPE_WEBHOOK_SECRET", stripe_webhook_secret, 1);
  setenv("DEALER_KEY", dealer.key_header.substr(dealer.key_header.find(' ') + 1).c_str(), 1);
  auto source = source_folder();
  auto command =
    "node " + source + "/tests/node/stripe.mjs " + sandbox_url() + " " + public_url() + " >&2";
  BOOST_TEST(std::system(command.c_str()) == 0);
  BOOST_TEST(is_ledger_ok());
}
