#include "actors/access/dealer.hpp"
#include "protocols/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

// What an API key is good for, as the dealer judges it.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

const std::string hash(64, 'a');

struct fixture {
  dealer_state sut;

  fixture() {
    sut.limits = std::make_shared<limit_table>(0.0);
    sut.account = dealer_record{};
    sut.account->snapshot.status = dealer_status::approved;
  }

  void give(key_grant grant) {
    grant.hash = hash;
    sut.account->keys = {std::move(grant)};
  }

  admission judge(scope_set scopes, const std::string& address = "192.0.2.7") {
    admission_request request;
    request.shown.key_hash = hash;
    request.scopes = scopes;
    request.address = address;
    return sut.judge(request, {});
  }

  static bool passes(const admission& verdict) {
    return verdict.refusal == ec::none;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_grants_suite, fixture)

BOOST_AUTO_TEST_CASE(a_key_opens_what_one_of_its_scopes_does) {
  give({{}, scopes::read | scopes::verify});
  BOOST_TEST(passes(judge(scopes::read)));
  BOOST_TEST(passes(judge(scopes::verify | scopes::order)));
  auto refused = judge(scopes::order);
  BOOST_TEST((refused.refusal == ec::forbidden));
  BOOST_TEST(refused.message.find("order") != std::string::npos);
  // A route that names no scope is only for keys with all scopes.
  BOOST_TEST(!passes(judge({})));
  give({});
  BOOST_TEST(passes(judge({})));
  BOOST_TEST((judge(scopes::manage).scopes == scope_set::all()));
}

BOOST_AUTO_TEST_CASE(a_key_that_has_expired_is_told_so) {
  give({{}, scope_set::all(), now() + 1h});
  BOOST_TEST(passes(judge(scopes::read)));
  BOOST_TEST(judge(scopes::read).is_bound);
  give({{}, scope_set::all(), now() - 1s});
  BOOST_TEST((judge(scopes::read).refusal == ec::credential_expired));
}

BOOST_AUTO_TEST_CASE(a_key_comes_from_its_networks_alone) {
  give({{}, scope_set::all(), {}, {"192.0.2.0/24", "2001:db8::1"}});
  for (const auto* inside : {"192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1"})
    BOOST_TEST(passes(judge(scopes::read, inside)), inside);
  for (const auto* outside : {"192.0.3.7", "2001:db8::2", "::ffff:198.51.100.1", "nonsense", ""})
    BOOST_TEST((judge(scopes::read, outside).refusal == ec::forbidden), outside);
}

BOOST_AUTO_TEST_CASE(a_key_that_was_revoked_is_none) {
  give({});
  sut.account->keys.front().hash = std::string(64, 'b');
  BOOST_TEST((judge(scopes::read).refusal == ec::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_token_ends_with_its_session_and_the_others_stay) {
  auto ended = session_id::make();
  sut.account->ended_sessions = {ended};
  admission_request request;
  request.shown.session = session_id::make();
  BOOST_TEST(passes(sut.judge(request, {})));
  request.shown.session = ended;
  BOOST_TEST((sut.judge(request, {}).refusal == ec::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_mistyped_key_is_known_by_its_own_digits) {
  auto key = make_api_key();
  BOOST_TEST(may_be_api_key(key));
  for (size_t place = 3; place < key.size(); ++place) {
    auto mistyped = key;
    mistyped[place] = mistyped[place] == '0' ? '1' : '0';
    BOOST_TEST(!may_be_api_key(mistyped), mistyped << " was " << key);
  }
  // Keys of earlier releases had none of them.
  BOOST_TEST(may_be_api_key("dk_" + std::string(40, 'a')));
  BOOST_TEST(!may_be_api_key("sk_" + key.substr(3)));
  BOOST_TEST(!may_be_api_key(key + "0"));
}

BOOST_AUTO_TEST_SUITE_END()
