#include "http/edge/token.hpp"
#include "http/edge/token_directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;
using namespace meisim::http;

namespace {

session session_of(dealer_id dealer, int32_t epoch) {
  session result;
  result.dealer.id = dealer;
  result.token_epoch = epoch;
  result.id = session_id::make();
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_suite)

BOOST_AUTO_TEST_CASE(every_token_that_was_issued_is_good_for_its_audience_alone) {
  token_signer signer{"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
  for (int i = 0; i < 500; ++i) {
    auto dealer = dealer_id::make();
    auto opened = session_of(dealer, i);
    auto token = signer.issue(opened, audience::portal, now());
    auto claims = signer.read(token.text, audience::portal);
    BOOST_REQUIRE_MESSAGE(claims, token.text);
    BOOST_TEST((claims->dealer == dealer));
    BOOST_TEST(claims->epoch == i);
    BOOST_TEST((claims->session == opened.id));
    BOOST_TEST(!signer.read(token.text, audience::dealer));
  }
}

BOOST_AUTO_TEST_CASE(a_token_ends_after_twelve_hours) {
  token_signer signer{"0123456789abcdef0123456789abcdef"};
  auto dealer = dealer_id::make();
  using namespace std::chrono_literals;
  BOOST_TEST(
    !signer.read(signer.issue(session_of(dealer, 0), audience::dealer, now() - 12h - 2s).text,
                 audience::dealer));
  BOOST_TEST(
    !!signer.read(signer.issue(session_of(dealer, 0), audience::dealer, now() - 12h + 30s).text,
                  audience::dealer));
}

BOOST_AUTO_TEST_CASE(a_pass_ends_after_a_minute_and_a_look_after_half_an_hour) {
  token_signer signer{"0123456789abcdef0123456789abcdef"};
  using namespace std::chrono_literals;
  auto of = session_of(dealer_id::make(), 0);
  auto is_good = [&](audience to, std::chrono::seconds before) {
    auto token = signer.issue(of, to, now() - before, "jo@example.com");
    auto claims = signer.read(token.text, to);
    return claims && claims->viewer == "jo@example.com";
  };
  BOOST_TEST(is_good(audience::view_pass, 30s));
  BOOST_TEST(!is_good(audience::view_pass, 62s));
  BOOST_TEST(is_good(audience::view, 29min));
  BOOST_TEST(!is_good(audience::view, 30min + 2s));
  auto pass = signer.issue(of, audience::view_pass, now(), "jo@example.com");
  BOOST_TEST(!signer.read(pass.text, audience::view));
  BOOST_TEST(!signer.read(pass.text, audience::page));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_known_ends_like_any_other) {
  token_signer signer{"0123456789abcdef0123456789abcdef"};
  auto token = signer.issue(session_of(dealer_id::make(), 3), audience::portal, now());
  auto claims = signer.read(token.text, audience::portal);
  BOOST_REQUIRE(claims);
  using namespace std::chrono_literals;
  BOOST_TEST(
    (claims->expires_at <= token.expires_at && token.expires_at - claims->expires_at < 1s));
  token_directory known;
  auto keys = signer.keys();
  BOOST_TEST(!known.find(token.text, audience::portal, now(), keys));
  known.remember(token.text, audience::portal, *claims, keys);
  auto found = known.find(token.text, audience::portal, claims->expires_at - 1us, keys);
  BOOST_REQUIRE(found);
  BOOST_TEST((found->dealer == claims->dealer));
  BOOST_TEST(found->epoch == 3);
  BOOST_TEST(!known.find(token.text, audience::portal, claims->expires_at, keys));
  BOOST_TEST(!known.find(token.text, audience::dealer, now(), keys));
  BOOST_TEST(!known.find(token.text + 'x', audience::portal, now(), keys));
}

BOOST_AUTO_TEST_CASE(the_tokens_of_the_key_before_are_good_while_it_is_given) {
  const std::string before(64, 'a');
  const std::string after(64, 'b');
  const token_signer both{kept_secret{after, before}};
  auto old = token_signer{before}.issue(session_of(dealer_id::make(), 0), audience::dealer, now());
  BOOST_TEST(!!both.read(old.text, audience::dealer));
  BOOST_TEST(!token_signer{after}.read(old.text, audience::dealer));
  auto fresh = both.issue(session_of(dealer_id::make(), 0), audience::dealer, now());
  BOOST_TEST(!!token_signer{after}.read(fresh.text, audience::dealer));
  BOOST_TEST(!token_signer{before}.read(fresh.text, audience::dealer));
}

BOOST_AUTO_TEST_CASE(
  a_new_key_signs_once_all_nodes_know_it_and_the_old_one_ends_for_what_is_remembered) {
  using namespace std::chrono_literals;
  auto at = now();
  kept_secret key{std::string(64, 'a')};
  token_signer signer{key};
  token_signer other_node{std::string(64, 'a')};
  auto owner = session_of(dealer_id::make(), 0);
  auto old = signer.issue(owner, audience::dealer, at).text;
  token_directory known;
  known.remember(old, audience::dealer, *signer.read(old, audience::dealer), signer.keys());
  key.replace({std::string(64, 'b'), std::string(64, 'a'), at, at + 24h});
  auto meanwhile = signer.issue(owner, audience::dealer, at + 1s).text;
  BOOST_TEST(!!other_node.read(meanwhile, audience::dealer));
  auto later = signer.issue(owner, audience::dealer, at + signing_delay).text;
  BOOST_TEST(!other_node.read(later, audience::dealer));
  BOOST_TEST(!!signer.read(later, audience::dealer));
  BOOST_TEST(!!signer.read(old, audience::dealer));
  key.replace({std::string(64, 'b'), {}, at});
  BOOST_TEST(!known.find(old, audience::dealer, at, signer.keys()));
  BOOST_TEST(!signer.read(old, audience::dealer));
}

BOOST_AUTO_TEST_CASE(what_we_did_not_sign_is_refused) {
  token_signer signer{"0123456789abcdef0123456789abcdef"};
  token_signer other{"fedcba9876543210fedcba9876543210"};
  auto dealer = dealer_id::make();
  auto good = signer.issue(session_of(dealer, 0), audience::dealer, now()).text;
  BOOST_TEST(!signer.read(other.issue(session_of(dealer, 0), audience::dealer, now()).text,
                          audience::dealer));
  // Header {"alg":"none"} with our payload and no signature.
  auto payload = good.substr(good.find('.'), good.rfind('.') - good.find('.'));
  BOOST_TEST(!signer.read("eyJhbGciOiJub25lIn0" + payload + ".", audience::dealer));
  // The same with an algorithm that we do not use, and our signature.
  BOOST_TEST(!signer.read("eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9" + good.substr(good.find('.')),
                          audience::dealer));
  auto changed = good;
  auto& letter = changed[good.find('.') + 5];
  letter = letter == 'A' ? 'B' : 'A';
  BOOST_TEST(!signer.read(changed, audience::dealer));
  for (const char* text : {"", ".", "..", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.c2ln"})
    BOOST_TEST(!signer.read(text, audience::dealer));
  BOOST_TEST(!signer.read(good + std::string(5'000, 'x'), audience::dealer));
}

BOOST_AUTO_TEST_SUITE_END()
