#include "actors/cluster/greeting.hpp"
#include "protocols/base/error.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/certificates.hpp"

// How nodes know one another by their certificates.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : actor_fixture {
  certificates keys{"node-0 node-1 node-2"};
  const uuid here = make_uuid();
  caf::actor gate = spawn([]() -> caf::behavior { return {[](int) {}}; });

  ~fixture() {
    gate = nullptr;
  }

  std::optional<identity_files> of(const std::string& node) const {
    return keys.of(node);
  }

  /// The greeting of a node to this one, by a certificate of the same name or another one.
  node_greeting greeting(const std::string& name, const std::string& certificate) const {
    node_greeting result;
    result.name = name;
    result.incarnation = make_uuid();
    result.gate = caf::actor_cast<caf::strong_actor_ptr>(gate);
    auto proved = proved_to(here, result, of(certificate));
    BOOST_REQUIRE(proved);
    return *proved;
  }

  bool is_taken(const node_greeting& greeting) const {
    auto why = check_greeting(here, greeting, of("node-0"));
    BOOST_TEST((!why || code_of(why) == ec::forbidden));
    return !why;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(greeting_suite, fixture)

BOOST_AUTO_TEST_CASE(a_node_is_taken_for_the_one_that_its_certificate_names) {
  BOOST_TEST(is_taken(greeting("node-1", "node-1")));
  BOOST_TEST(!is_taken(greeting("node-1", "node-2")));
}

BOOST_AUTO_TEST_CASE(a_greeting_says_what_was_signed) {
  auto changed = greeting("node-1", "node-1");
  changed.incarnation = make_uuid();
  BOOST_TEST(!is_taken(changed));
  auto gone = greeting("node-1", "node-1");
  gone.gate = nullptr;
  BOOST_TEST(!is_taken(gone));
}

BOOST_AUTO_TEST_CASE(a_greeting_to_another_node_is_worth_nothing_here) {
  auto overheard = greeting("node-1", "node-1");
  BOOST_TEST((check_greeting(make_uuid(), overheard, of("node-2")) != caf::none));
  BOOST_TEST(is_taken(overheard));
}

BOOST_AUTO_TEST_CASE(a_revoked_node_is_not_taken) {
  auto before = greeting("node-1", "node-1");
  keys.revoke("node-1");
  BOOST_TEST(!is_taken(before));
}

BOOST_AUTO_TEST_CASE(without_certificates_nothing_is_proved) {
  node_greeting plain;
  plain.name = "node-1";
  plain.gate = caf::actor_cast<caf::strong_actor_ptr>(gate);
  BOOST_TEST((check_greeting(here, plain, std::nullopt) == caf::none));
  BOOST_TEST(!is_taken(plain));
}

BOOST_AUTO_TEST_SUITE_END()
