#include "http/edge/token.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <chrono>

// Tokens with a valid signature that we have not issued.

using namespace meisim;
using namespace meisim::http;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";

std::string base64url(const unsigned char* bytes, size_t size) {
  std::string result(4 * ((size + 2) / 3) + 1, '\0');
  auto* target = reinterpret_cast<unsigned char*>(result.data());
  result.resize(static_cast<size_t>(EVP_EncodeBlock(target, bytes, static_cast<int>(size))));
  std::erase(result, '=');
  for (char& c : result)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return result;
}

std::string base64url(const std::string& text) {
  return base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

/// A token with this content, signed with our key.
std::string signed_token(const std::string& header, const std::string& payload,
                         const EVP_MD* digest = EVP_sha256()) {
  auto text = base64url(header) + "." + base64url(payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return text + "." + base64url(mac, size);
}

struct fixture {
  token_signer signer{key};
  std::string header = R"({"alg":"HS256","typ":"JWT"})";
  long long time =
    std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
  std::string iat = "\"iat\":" + std::to_string(time);
  std::string exp = "\"exp\":" + std::to_string(time + 60);
  std::string sub = "\"sub\":\"" + to_string(dealer_id::make()) + "\"";
  std::string aud = R"("aud":"dealer")";
  std::string epoch = R"("epoch":0)";
  std::string jti = "\"jti\":\"" + to_string(session_id::make()) + "\"";

  std::string payload() const {
    return "{" + iat + "," + exp + "," + sub + "," + aud + "," + epoch + "," + jti + "}";
  }

  bool is_good(const std::string& token) const {
    auto claims = signer.read(token, audience::dealer);
    auto code = claims ? ec::none : code_of(claims.error());
    BOOST_TEST((claims || code == ec::unauthorized || code == ec::credential_expired));
    return static_cast<bool>(claims);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_forgery_suite, fixture)

BOOST_AUTO_TEST_CASE(the_recipe_gives_good_tokens) {
  BOOST_TEST(is_good(signed_token(header, payload())));
}

BOOST_AUTO_TEST_CASE(no_claim_may_be_missing_or_odd) {
  for (auto* claim : {&iat, &exp, &sub, &aud, &epoch, &jti}) {
    auto whole = std::exchange(*claim, "\"x\":1");
    BOOST_TEST(!is_good(signed_token(header, payload())), whole);
    *claim = whole.substr(0, whole.find(':')) + ":[]";
    BOOST_TEST(!is_good(signed_token(header, payload())), *claim);
    *claim = whole.substr(0, whole.find(':')) + ":null";
    BOOST_TEST(!is_good(signed_token(header, payload())), *claim);
    *claim = whole;
  }
  for (std::string odd :
       {R"("aud":["dealer"])", R"("aud":["dealer","portal"])", R"("aud":"portal")"}) {
    aud = odd;
    BOOST_TEST(!is_good(signed_token(header, payload())), odd);
  }
}

BOOST_AUTO_TEST_CASE(an_end_in_the_past_is_an_end) {
  exp = "\"exp\":" + std::to_string(time - 2);
  BOOST_TEST(!is_good(signed_token(header, payload())));
}

BOOST_AUTO_TEST_CASE(only_our_algorithm_counts) {
  BOOST_TEST(!is_good(signed_token(R"({"alg":"HS512","typ":"JWT"})", payload(), EVP_sha512())));
  BOOST_TEST(!is_good(signed_token(R"({"alg":"HS384","typ":"JWT"})", payload(), EVP_sha384())));
  for (const char* alg : {"none", "None", "NONE", "RS256", "ES256", "", "x"})
    BOOST_TEST(
      !is_good(signed_token(R"({"alg":")" + std::string{alg} + R"(","typ":"JWT"})", payload())),
      alg);
  for (const char* odd : {"{}", "[]", "null", R"({"alg":null})", R"({"alg":["HS256"]})", "x"})
    BOOST_TEST(!is_good(signed_token(odd, payload())), odd);
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_no_object_is_refused) {
  for (const char* odd : {"[]", "1", "null", "\"a\"", "{", "", "\xff"})
    BOOST_TEST(!is_good(signed_token(header, odd)), odd);
}

BOOST_AUTO_TEST_SUITE_END()
