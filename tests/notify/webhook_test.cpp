#include "actors/notify/webhook_url.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/error.hpp"
#include "protocols/notify/webhook.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(webhooks)

BOOST_AUTO_TEST_CASE(base64_goes_both_ways) {
  for (const auto* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    BOOST_TEST(from_base64(to_base64(text)).value() == text);
  BOOST_TEST(to_base64("foob") == "Zm9vYg==");
  BOOST_TEST(to_base64(std::string_view{"\0\xff", 2}) == "AP8=");
  for (const auto* wrong : {"Zg=", "Zg", "Z!==", "ä"})
    BOOST_TEST(!from_base64(wrong));
}

BOOST_AUTO_TEST_CASE(the_signature_is_that_of_the_standard) {
  // The example of the specification.
  BOOST_TEST(webhook_signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330,
                               R"({"test": 2432232314})", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
             == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

BOOST_AUTO_TEST_CASE(a_secret_is_random_and_long_enough) {
  auto secret = make_webhook_secret();
  BOOST_TEST(secret.starts_with("whsec_"));
  BOOST_TEST(from_base64(secret.substr(6)).value().size() == 24u);
  BOOST_TEST(secret != make_webhook_secret());
}

BOOST_AUTO_TEST_CASE(tries_are_spread_over_a_day) {
  std::chrono::seconds age{0};
  int32_t tries = 1;
  while (age + webhook_pause(tries) <= webhook_patience) {
    BOOST_TEST(webhook_pause(tries).count() <= webhook_pause(tries + 1).count());
    age += webhook_pause(tries++);
  }
  BOOST_TEST((webhook_pause(1) == 5s));
  BOOST_TEST(tries == 11);
  BOOST_TEST((age > 20h && age <= 24h));
}

BOOST_AUTO_TEST_CASE(public_addresses_may_be_called) {
  for (const auto* url :
       {"https://example.com", "https://example.com/hook?x=1", "https://api.example.co.uk:8443/a",
        "https://8.8.8.8/hook", "https://[2606:4700::1111]/hook", "HTTPS://EXAMPLE.com/"})
    BOOST_TEST(!check_webhook_url(url, false), url);
}

BOOST_AUTO_TEST_CASE(others_may_not) {
  for (const auto* url : {"",
                          "example.com",
                          "//example.com",
                          "http://example.com/hook",
                          "ftp://example.com",
                          "file:///etc/passwd",
                          "gopher://example.com",
                          "https://",
                          "https:///hook",
                          "https://user:secret@example.com",
                          "https://user@example.com",
                          "https://exa mple.com",
                          "https://example.com/\r\nX: 1",
                          "https://localhost/hook",
                          "https://LOCALHOST",
                          "https://a.localhost",
                          "https://printer.local",
                          "https://metadata.google.internal/",
                          "https://db",
                          "https://127.0.0.1",
                          "https://127.0.0.1.",
                          "https://127.1",
                          "https://0x7f000001",
                          "https://0x7f.0.0.1",
                          "https://2130706433",
                          "https://0177.0.0.1",
                          "https://0.0.0.0",
                          "https://10.1.2.3",
                          "https://172.16.0.1",
                          "https://192.168.1.1",
                          "https://169.254.169.254/latest/meta-data",
                          "https://100.64.0.1",
                          "https://[::1]/",
                          "https://[::]/",
                          "https://[::ffff:127.0.0.1]/",
                          "https://[fe80::1%25eth0]/",
                          "https://[fd00::1]/"})
    BOOST_TEST((code_of(check_webhook_url(url, false)) == ec::invalid), url);
  BOOST_TEST(
    (code_of(check_webhook_url("https://e.com/" + std::string(2'048, 'a'), false)) == ec::invalid));
}

BOOST_AUTO_TEST_CASE(a_node_can_be_told_to_call_any_address) {
  for (const auto* url : {"http://127.0.0.1:9000/hook", "http://localhost/", "https://10.0.0.1"})
    BOOST_TEST(!check_webhook_url(url, true), url);
  for (const auto* url : {"file:///etc/passwd", "http://user@127.0.0.1/", "127.0.0.1"})
    BOOST_TEST((code_of(check_webhook_url(url, true)) == ec::invalid), url);
}

BOOST_AUTO_TEST_SUITE_END()
