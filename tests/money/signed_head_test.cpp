#include "protocols/money/signed_head.hpp"

#include <boost/test/unit_test.hpp>

// Heads of the ledger, and who signed them.

using namespace meisim;

BOOST_AUTO_TEST_SUITE(signed_head_suite)

BOOST_AUTO_TEST_CASE(only_the_key_that_signed_finds_its_signature_good) {
  auto key = make_head_key();
  auto signature = sign_head(key, "a head").value();
  BOOST_TEST(signature.size() == 128u);
  BOOST_TEST(is_head_signed(key, "a head", signature).value());
  BOOST_TEST(!is_head_signed(key, "another head", signature).value());
  BOOST_TEST(!is_head_signed(key, "a head", "").value());
  BOOST_TEST(!is_head_signed(make_head_key(), "a head", signature).value());
}

BOOST_AUTO_TEST_CASE(what_is_no_key_signs_nothing) {
  for (auto text : {"", "x", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"})
    BOOST_TEST(!sign_head(text, "a head"), text);
}

BOOST_AUTO_TEST_SUITE_END()
