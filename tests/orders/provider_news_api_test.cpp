#include "protocols/base/crypto.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <csignal>
#include <fstream>
#include <string>

// What providers send unasked, over HTTP.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr auto secret = "0b6f2c1de7a94b5d8f3e6a7c9d0e1f2a";

struct fixture {
  service here{{"--rate-limits", "off", "--provider", "p6=esim-access@{sandbox}/esim-access-api",
                "--provider", "p7=airalo@{sandbox}/airalo-api", "--provider",
                "p8=esim-go@{sandbox}/esim-go-api", "--provider",
                "p9=reloadly@{sandbox}/reloadly-api"}};

  fixture() {
    for (const std::string prefix : {"p6", "p7", "p8", "p9"})
      std::ofstream{here.home() + "/provider-" + prefix + ".webhook"} << secret << '\n';
    std::ofstream{here.home() + "/provider-p7.key"} << "id:client-secret\n";
    std::ofstream{here.home() + "/provider-p8.key"} << "go-key\n";
    std::ofstream{here.home() + "/provider-p9.key"} << "id:client-secret:webhook-secret\n";
    BOOST_REQUIRE(::kill(here.node_id(), SIGHUP) == 0);
    BOOST_REQUIRE(comes_true([&] { return here.get(address("p9")).status == 200; }));
  }

  static std::string address(const std::string& prefix, const std::string& end = secret) {
    return "/provider/" + prefix + "/webhook/" + end;
  }

  int sent(const std::string& prefix, const std::string& body,
           const std::vector<std::string>& headers = {}) const {
    return static_cast<int>(here.post(address(prefix), body, headers).status);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_news_suite, fixture)

BOOST_AUTO_TEST_CASE(only_who_knows_the_address_is_heard) {
  BOOST_TEST(here.get(address("p6")).status == 200);
  for (const auto& wrong : {address("p6", "no"), address("p3"), address("p5")}) {
    BOOST_TEST(here.get(wrong).status == 404, wrong);
    BOOST_TEST(here.post(wrong, "{}").status == 404, wrong);
  }
}

BOOST_AUTO_TEST_CASE(whatever_is_sent_is_taken_however_often) {
  constexpr auto news = R"({"notifyType":"ORDER_STATUS","content":{"orderNo":"B1","iccid":"89"}})";
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(sent("p6", news) == 200);
  BOOST_TEST(sent("p6", R"({"notifyType":"CHECK_HEALTH","content":{}})") == 200);
  BOOST_TEST(sent("p6", "no JSON") == 200);
}

BOOST_AUTO_TEST_CASE(what_a_provider_signs_has_to_be_signed) {
  constexpr auto news = R"({"iccid":"8988247000106700123","level":"75%"})";
  BOOST_TEST(sent("p7", news) == 400);
  BOOST_TEST(sent("p7", news, {"airalo-signature: 00"}) == 400);
  auto signature = "airalo-signature: " + hmac_sha512_hex("client-secret", news);
  BOOST_TEST(sent("p7", news, {signature}) == 200);
  BOOST_TEST(sent("p7", std::string{news} + ' ' + news, {signature}) == 400);
}

BOOST_AUTO_TEST_CASE(what_a_provider_may_leave_unsigned_has_no_other_signature) {
  constexpr auto news = R"({"iccid":"8988247000106700123"})";
  BOOST_TEST(sent("p8", news) == 200);
  BOOST_TEST(sent("p8", news, {"X-Signature-SHA256: 00"}) == 400);
  auto signature = "X-Signature-SHA256: " + to_hex(hmac_sha256("go-key", news));
  BOOST_TEST(sent("p8", news, {signature}) == 200);
}

BOOST_AUTO_TEST_CASE(the_time_is_signed_where_the_provider_signs_it) {
  const std::string news = R"({"data":{"transactionId":1,"customIdentifier":"none"}})";
  auto signature =
    "X-Reloadly-Signature: " + to_hex(hmac_sha256("webhook-secret", news + ":1628670421"));
  BOOST_TEST(sent("p9", news, {signature, "X-Reloadly-Request-Timestamp: 1628670421"}) == 200);
  BOOST_TEST(sent("p9", news, {signature, "X-Reloadly-Request-Timestamp: 1628670422"}) == 400);
  BOOST_TEST(sent("p9", news, {signature}) == 400);
}

BOOST_AUTO_TEST_SUITE_END()
