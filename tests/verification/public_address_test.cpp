#include "protocols/verification/public_address.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>

using namespace meisim;

BOOST_AUTO_TEST_SUITE(public_addresses)

BOOST_AUTO_TEST_CASE(public_ones_may_be_called) {
  for (const char* text : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",
                           "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
                           "126.255.255.255", "128.0.0.0",       "169.253.255.255",
                           "172.15.255.255",  "172.32.0.0",      "192.0.1.0",
                           "192.167.255.255", "192.169.0.0",     "198.17.255.255",
                           "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111",
                           "2a00:1450::1",    "2001:200::1",     "3ffe::1"})
    BOOST_TEST(is_public_address(std::string_view{text}), text);
}

BOOST_AUTO_TEST_CASE(others_may_not) {
  for (const char* text : {"0.0.0.0",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:8.8.8.8",
                           "::ffff:127.0.0.1",
                           "::8.8.8.8",
                           "64:ff9b::808:808",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::1",
                           "3fff::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "",
                           "localhost",
                           "1.1.1.1.1",
                           "0x7f.1",
                           "1.1.1.1 "})
    BOOST_TEST(!is_public_address(std::string_view{text}), text);
}

BOOST_AUTO_TEST_CASE(a_socket_address_is_judged_like_its_text) {
  sockaddr_storage storage{};
  auto* four = reinterpret_cast<sockaddr_in*>(&storage);
  four->sin_family = AF_INET;
  for (const char* text : {"8.8.8.8", "127.0.0.1"}) {
    BOOST_REQUIRE(inet_pton(AF_INET, text, &four->sin_addr) == 1);
    BOOST_TEST(is_public_address(reinterpret_cast<const sockaddr&>(storage))
               == is_public_address(std::string_view{text}));
  }
  storage = {};
  auto* six = reinterpret_cast<sockaddr_in6*>(&storage);
  six->sin6_family = AF_INET6;
  for (const char* text : {"2a00:1450::1", "::1", "::ffff:8.8.8.8"}) {
    BOOST_REQUIRE(inet_pton(AF_INET6, text, &six->sin6_addr) == 1);
    BOOST_TEST(is_public_address(reinterpret_cast<const sockaddr&>(storage))
               == is_public_address(std::string_view{text}));
  }
  storage.ss_family = AF_UNIX;
  BOOST_TEST(!is_public_address(reinterpret_cast<const sockaddr&>(storage)));
}

BOOST_AUTO_TEST_SUITE_END()
