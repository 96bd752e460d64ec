#pragma once

#include "http/server/request.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

/// The proxies in front of this node, whose `X-Forwarded-For` is believed.
class trusted_proxies {
public:
  /// Adds an address (`127.0.0.1`, `::1`) or a network (`10.0.0.0/8`); false if it is neither.
  bool add(const std::string& text);

  bool contains(std::string_view address) const;

private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

/// What the requests of an address count against: an IPv4 address itself; for an IPv6 address its
/// network of 64 bits, because whoever has one of its addresses has all of them.
std::string counted_address(const std::string& address);

/// Who sent the request: the other end of the connection, or, if that is a trusted proxy, the last
/// address in its `X-Forwarded-For` that is no trusted proxy. The addresses before that one may
/// have been written by the sender.
std::string client_address(const trusted_proxies& proxies, const request& incoming);

/// Whether a trusted proxy has passed the request on; `incoming.ip` is still the other end of the
/// connection.
bool is_passed_on(const trusted_proxies& proxies, const request& incoming);

} // namespace meisim::http
