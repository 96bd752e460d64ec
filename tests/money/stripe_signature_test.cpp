#include "protocols/base/crypto.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <boost/test/unit_test.hpp>

// Which events are Stripe's own.

using namespace meisim;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(signature_suite)

constexpr auto secret = "whsec_test";
constexpr auto payload = R"({"id":"evt_1"})";

BOOST_AUTO_TEST_CASE(hmac_as_in_rfc_4231) {
  BOOST_TEST(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?"))
             == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(to_hex(hmac_sha256(std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First"))
             == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

BOOST_AUTO_TEST_CASE(what_was_signed_is_accepted_within_five_minutes) {
  auto at = now();
  auto header = sign_payload(payload, secret, at);
  for (auto late : {0s, 299s, 300s, -300s})
    BOOST_TEST(signature_problem(header, payload, secret, at + late) == "");
  for (auto late : {302s, 3'600s, -302s})
    BOOST_TEST(signature_problem(header, payload, secret, at + late)
               == "Stripe-Signature is older than five minutes");
}

BOOST_AUTO_TEST_CASE(one_good_signature_of_several_is_enough) {
  auto at = now();
  auto good = sign_payload(payload, secret, at);
  auto old = sign_payload(payload, "whsec_old", at);
  auto comma = good.find(',');
  auto both = good.substr(0, comma) + old.substr(old.find(',')) + ",v0=ff" + good.substr(comma);
  BOOST_TEST(signature_problem(both, payload, secret, at) == "");
  BOOST_TEST(signature_problem(both, payload, "whsec_old", at) == "");
  BOOST_TEST(signature_problem(both, payload, "whsec_other", at) != "");
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
  auto at = now();
  auto header = sign_payload(payload, secret, at);
  auto comma = header.find(',');
  auto stamp = header.substr(0, comma);
  auto signature = header.substr(comma + 1);
  for (const auto& forged :
       {std::string{}, stamp, signature, stamp + ",v0=" + signature.substr(3),
        stamp + ",v1=", stamp + ",v1=" + std::string(64, '0'), "t=," + signature,
        "t=x," + signature, "t=-1," + signature, "t=1," + signature, stamp + "0," + signature,
        stamp + "," + signature.substr(0, signature.size() - 1),
        std::string{"t=99999999999999999999999999,"} + signature})
    BOOST_TEST(signature_problem(forged, payload, secret, at) != "", forged);
  BOOST_TEST(signature_problem(header, std::string{payload} + " ", secret, at) != "");
  BOOST_TEST(signature_problem(header, payload, "", at) != "");
}

BOOST_AUTO_TEST_SUITE_END()
