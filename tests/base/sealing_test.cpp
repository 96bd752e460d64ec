#include "protocols/base/sealing.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace meisim;

BOOST_AUTO_TEST_SUITE(sealing_suite)

BOOST_AUTO_TEST_CASE(what_was_sealed_is_opened_by_the_same_key_and_name_alone) {
  auto sealed = seal("key", "jwt", "a secret");
  BOOST_TEST(sealed.find("secret") == std::string::npos);
  BOOST_TEST(unseal("key", "jwt", sealed).value_or("") == "a secret");
  BOOST_TEST(!unseal("another key", "jwt", sealed));
  BOOST_TEST(!unseal("key", "admin", sealed));
  BOOST_TEST(seal("key", "jwt", "a secret") != sealed);
}

BOOST_AUTO_TEST_CASE(what_was_changed_is_not_opened) {
  auto sealed = seal("key", "jwt", "a secret");
  for (size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == '0' ? '1' : '0';
    BOOST_TEST(!unseal("key", "jwt", changed));
  }
  for (const std::string text : {"", "0", "zz", "00", "000000000000000000000000"})
    BOOST_TEST(!unseal("key", "jwt", text));
  BOOST_TEST(!unseal("key", "jwt", sealed.substr(2)));
}

BOOST_AUTO_TEST_SUITE_END()
