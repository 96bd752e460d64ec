#include "http/server/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace meisim::http;

namespace {

/// Of a node that trusts 10.0.0.0/8 and ::1.
trusted_proxies some_proxies() {
  trusted_proxies proxies;
  BOOST_REQUIRE(proxies.add("10.0.0.0/8"));
  BOOST_REQUIRE(proxies.add("::1"));
  return proxies;
}

request request_from(const std::string& peer, const std::vector<std::string>& forwarded_for) {
  request incoming;
  incoming.ip = peer;
  for (const auto& line : forwarded_for)
    incoming.headers.emplace_back("x-forwarded-for", line);
  return incoming;
}

std::string sender(const std::string& peer, const std::vector<std::string>& forwarded_for = {}) {
  return client_address(some_proxies(), request_from(peer, forwarded_for));
}

} // namespace

BOOST_AUTO_TEST_SUITE(client_address_suite)

BOOST_AUTO_TEST_CASE(who_is_no_proxy_speaks_for_itself) {
  BOOST_TEST(sender("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(sender("192.0.2.1", {"198.51.100.7"}) == "192.0.2.1");
  BOOST_TEST(sender("11.0.0.1", {"198.51.100.7"}) == "11.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_proxy_speaks_for_its_client) {
  BOOST_TEST(sender("10.1.2.3", {"198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(sender("::1", {"2001:db8::7"}) == "2001:db8::7");
  BOOST_TEST(sender("::ffff:10.1.2.3", {"198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3") == "10.1.2.3");
}

BOOST_AUTO_TEST_CASE(what_the_client_itself_has_written_is_not_believed) {
  BOOST_TEST(sender("10.1.2.3", {"203.0.113.9, 198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3", {"203.0.113.9", "198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3", {"203.0.113.9,198.51.100.7 , 10.9.9.9"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3", {"198.51.100.7, unknown"}) == "10.1.2.3");
  BOOST_TEST(sender("10.1.2.3", {""}) == "10.1.2.3");
}

BOOST_AUTO_TEST_CASE(only_a_proxy_passes_on) {
  BOOST_TEST(is_passed_on(some_proxies(), request_from("10.1.2.3", {"198.51.100.7"})));
  BOOST_TEST(!is_passed_on(some_proxies(), request_from("10.1.2.3", {})));
  BOOST_TEST(!is_passed_on(some_proxies(), request_from("192.0.2.1", {"198.51.100.7"})));
}

BOOST_AUTO_TEST_CASE(some_proxies_note_a_port_too) {
  BOOST_TEST(sender("10.1.2.3", {"198.51.100.7:55012"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3", {"[2001:db8::7]:55012"}) == "2001:db8::7");
  BOOST_TEST(sender("10.1.2.3", {"[2001:db8::7]"}) == "2001:db8::7");
  BOOST_TEST(sender("10.1.2.3", {"[2001:db8::7"}) == "10.1.2.3");
}

BOOST_AUTO_TEST_CASE(the_zone_of_an_address_is_no_part_of_it) {
  BOOST_TEST(sender("10.1.2.3", {"fe80::7%eth0"}) == "fe80::7");
  BOOST_TEST(sender("10.1.2.3", {"2001:db8::7%25'; -- x"}) == "2001:db8::7");
}

BOOST_AUTO_TEST_CASE(an_ipv4_address_has_one_text_also_where_the_server_listens_for_ipv6) {
  BOOST_TEST(sender("::ffff:198.51.100.7") == "198.51.100.7");
  BOOST_TEST(sender("::ffff:10.1.2.3") == "10.1.2.3");
  BOOST_TEST(sender("10.1.2.3", {"::ffff:198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(sender("10.1.2.3", {"[::ffff:198.51.100.7]:55012"}) == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(an_ipv6_network_of_64_bits_counts_as_one) {
  BOOST_TEST(counted_address("198.51.100.7") == "198.51.100.7");
  BOOST_TEST(counted_address("::ffff:198.51.100.7") == "198.51.100.7");
  BOOST_TEST(counted_address("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  BOOST_TEST(counted_address("2001:db8:1:2:ffff::1") == counted_address("2001:db8:1:2::9"));
  BOOST_TEST(counted_address("2001:db8:1:3::1") != counted_address("2001:db8:1:2::1"));
}

BOOST_AUTO_TEST_CASE(only_addresses_and_networks_are_proxies) {
  trusted_proxies proxies;
  for (const auto* text : {"", "localhost", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.1:80", "/8"})
    BOOST_TEST(!proxies.add(text), text);
  BOOST_TEST(proxies.add("10.0.0.1/8"));
  BOOST_TEST(proxies.contains("10.200.0.1"));
  BOOST_TEST(proxies.add("2001:db8::/32"));
  BOOST_TEST(proxies.contains("2001:db8:1::1"));
  BOOST_TEST(!proxies.contains("2001:db9::1"));
}

BOOST_AUTO_TEST_SUITE_END()
