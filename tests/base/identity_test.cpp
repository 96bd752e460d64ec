#include "protocols/base/error.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/base/pem_file.hpp"
#include "protocols/base/revocation_list.hpp"
#include "tests/fixtures/certificates.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

// Names that are proved by certificates, and certificates that are revoked.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  certificates keys{"core lab"};
  identity_files core = keys.of("core");

  /// Why core does not take this for `name` saying `words`; empty if it does.
  std::string refusal(const identity_proof& proof, std::string_view name,
                      std::string_view words = "words") const {
    auto why = check_proof(core, proof, name, words);
    BOOST_TEST((!why || code_of(why) == ec::forbidden));
    return why ? message_of(why) : "";
  }

  identity_proof proof_of(const identity_files& who) const {
    auto result = prove(who, "words");
    BOOST_REQUIRE(result);
    return *result;
  }
};

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(identity_suite, fixture)

BOOST_AUTO_TEST_CASE(a_certificate_proves_the_name_that_it_bears_and_no_other) {
  auto proof = proof_of(keys.of("lab"));
  BOOST_TEST(refusal(proof, "lab") == "");
  auto as_core = refusal(proof, "core");
  BOOST_TEST(says(as_core, "its certificate bears the name lab"), as_core);
  BOOST_TEST(names_in(core.certificate) == std::vector<std::string>{"core"},
             boost::test_tools::per_element());
  BOOST_TEST(names_in("/nowhere.pem").empty());
}

BOOST_AUTO_TEST_CASE(what_was_said_to_another_is_worth_nothing) {
  auto proof = proof_of(keys.of("lab"));
  auto why = refusal(proof, "lab", "other words");
  BOOST_TEST(says(why, "has not signed"), why);
}

BOOST_AUTO_TEST_CASE(a_certificate_without_its_key_proves_nothing) {
  auto proof = proof_of(keys.of("lab"));
  proof.certificates = file_text(core.certificate);
  BOOST_TEST(says(refusal(proof, "core"), "has not signed"));
  BOOST_TEST(says(refusal({}, "core"), "shows no certificate"));
  BOOST_TEST(says(refusal({std::string(100'000, 'x'), "s"}, "core"), "too long"));
  BOOST_TEST(says(refusal({"-----BEGIN CERTIFICATE-----\nAAAA", "s"}, "core"), "no certificate"));
  // OpenSSL would ask for the password where somebody sits at the terminal.
  const std::string locked = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
                             "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
                             "-----END CERTIFICATE-----\n";
  BOOST_TEST(says(refusal({locked, "s"}, "core"), "no certificate"));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_ca_proves_nothing) {
  certificates of_others{"lab"};
  BOOST_TEST(refusal(proof_of(of_others.of("lab")), "lab") != "");
}

BOOST_AUTO_TEST_CASE(the_key_of_a_file_that_holds_both_is_not_shown) {
  auto both = keys.of("lab");
  std::ofstream{both.certificate, std::ios::app} << file_text(both.key);
  auto proof = proof_of(both);
  BOOST_TEST(!says(proof.certificates, "PRIVATE"));
  BOOST_TEST(refusal(proof, "lab") == "");
}

BOOST_AUTO_TEST_CASE(a_revoked_certificate_proves_nothing_and_a_newer_one_does) {
  auto proof = proof_of(keys.of("lab"));
  keys.revoke("lab");
  auto why = refusal(proof, "lab");
  BOOST_TEST(says(why, "is revoked"), why);
  BOOST_TEST(refusal(proof_of(core), "core") == "");
  keys.make("lab");
  BOOST_TEST(refusal(proof_of(keys.of("lab")), "lab") == "");
  BOOST_TEST(says(refusal(proof, "lab"), "is revoked"));
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_the_ca_is_refused) {
  auto reads = [&](const std::string& file) {
    auto list = revocation_list::read(file, core.ca);
    return list ? std::to_string(list->size()) : message_of(list.error());
  };
  BOOST_TEST(reads(core.revoked) == "0");
  keys.revoke("lab");
  BOOST_TEST(reads(core.revoked) == "1");
  BOOST_TEST(says(reads(core.ca), "holds no list of revoked certificates"));
  certificates of_others{"lab"};
  BOOST_TEST(says(reads(of_others.of("lab").revoked), "is not signed by the CA"));
}

BOOST_AUTO_TEST_SUITE_END()
