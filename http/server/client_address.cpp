#include "http/server/client_address.hpp"

#include "protocols/base/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace meisim::http {

namespace {

namespace ip = boost::asio::ip;

/// The other end of an IPv4 connection may be written as `::ffff:10.0.0.1`.
ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

/// All addresses that the proxies have noted, the nearest last.
std::vector<std::string> forwarded_for(const request& incoming) {
  std::vector<std::string> addresses;
  for (const auto& [name, value] : incoming.headers) {
    if (name != "x-forwarded-for")
      continue;
    std::string_view rest = value;
    for (;;) {
      auto comma = rest.find(',');
      addresses.emplace_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos)
        break;
      rest.remove_prefix(comma + 1);
    }
  }
  return addresses;
}

/// The one text of an address. What may stand behind a percent sign is a name on the proxy's
/// machine, or anything at all. If IPv4 addresses were left within an IPv6 network, all of them
/// would be one place to sign in from.
std::string plain_text(const ip::address& address) {
  auto bare = unmapped(address);
  return bare.is_v6() ? ip::address_v6{bare.to_v6().to_bytes()}.to_string() : bare.to_string();
}

/// An address as proxies note it; some add a port, and brackets. Empty if it is none.
std::string address_in(std::string_view text) {
  auto end = text.find(']');
  if (text.starts_with('[') && end != std::string_view::npos)
    text = text.substr(1, end - 1);
  else if (std::ranges::count(text, ':') == 1)
    text = text.substr(0, text.find(':'));
  boost::system::error_code failure;
  auto address = ip::make_address(std::string{text}, failure);
  return failure ? std::string{} : plain_text(address);
}

/// The other end of the connection.
std::string peer_of(const request& incoming) {
  boost::system::error_code failure;
  auto address = ip::make_address(incoming.ip, failure);
  return failure ? incoming.ip : plain_text(address);
}

} // namespace

bool trusted_proxies::add(const std::string& text) {
  bool is_network = text.find('/') != std::string::npos;
  boost::system::error_code failure;
  auto v4 = ip::make_network_v4(is_network ? text : text + "/32", failure);
  if (!failure) {
    v4_.push_back(v4.canonical());
    return true;
  }
  auto v6 = ip::make_network_v6(is_network ? text : text + "/128", failure);
  if (!failure)
    v6_.push_back(v6.canonical());
  return !failure;
}

bool trusted_proxies::contains(std::string_view address) const {
  if (v4_.empty() && v6_.empty())
    return false;
  boost::system::error_code failure;
  auto parsed = unmapped(ip::make_address(std::string{address}, failure));
  if (failure)
    return false;
  if (parsed.is_v4())
    return std::ranges::any_of(v4_, [host = parsed.to_v4()](const auto& network) {
      return ip::network_v4{host, network.prefix_length()}.canonical() == network;
    });
  return std::ranges::any_of(v6_, [host = parsed.to_v6()](const auto& network) {
    return ip::network_v6{host, network.prefix_length()}.canonical() == network;
  });
}

std::string counted_address(const std::string& address) {
  boost::system::error_code failure;
  auto parsed = unmapped(ip::make_address(address, failure));
  if (failure || parsed.is_v4())
    return failure ? address : parsed.to_string();
  return ip::network_v6{parsed.to_v6(), 64}.canonical().address().to_string();
}

bool is_passed_on(const trusted_proxies& proxies, const request& incoming) {
  return proxies.contains(incoming.ip) && !incoming.header("x-forwarded-for").empty();
}

std::string client_address(const trusted_proxies& proxies, const request& incoming) {
  auto nearest = peer_of(incoming);
  if (!proxies.contains(nearest))
    return nearest;
  auto hops = forwarded_for(incoming);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    auto address = address_in(*hop);
    if (address.empty())
      return nearest;
    nearest = address;
    if (!proxies.contains(nearest))
      return nearest;
  }
  return nearest;
}

} // namespace meisim::http
