#include "protocols/base/network.hpp"

#include "protocols/base/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace meisim {

namespace {

namespace ip = boost::asio::ip;

ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

constexpr unsigned short mapped_bits = 96;

bool is_mapped(const ip::network_v6& network) {
  return network.address().is_v4_mapped() && network.prefix_length() >= mapped_bits;
}

ip::network_v4 unmapped(const ip::network_v6& network) {
  return {ip::make_address_v4(ip::v4_mapped, network.address()),
          static_cast<unsigned short>(network.prefix_length() - mapped_bits)};
}

template <class Network>
std::string written(const Network& what, bool is_network) {
  return is_network ? what.canonical().to_string() : what.address().to_string();
}

} // namespace

std::optional<std::string> read_network(std::string_view sent) {
  std::string text{trimmed_text(sent)};
  // A zone is a name on one machine, which says nothing of a caller.
  if (text.find('%') != std::string::npos)
    return std::nullopt;
  bool is_network = text.find('/') != std::string::npos;
  boost::system::error_code failure;
  auto v4 = ip::make_network_v4(is_network ? text : text + "/32", failure);
  if (!failure)
    return written(v4, is_network);
  auto v6 = ip::make_network_v6(is_network ? text : text + "/128", failure);
  if (failure)
    return std::nullopt;
  return is_mapped(v6) ? written(unmapped(v6), is_network) : written(v6, is_network);
}

bool is_in_network(std::string_view address, const std::string& network) {
  boost::system::error_code failure;
  auto host = unmapped(ip::make_address(std::string{address}, failure));
  if (failure)
    return false;
  bool is_network = network.find('/') != std::string::npos;
  if (host.is_v4()) {
    auto v4 = ip::make_network_v4(is_network ? network : network + "/32", failure);
    return !failure && ip::network_v4{host.to_v4(), v4.prefix_length()}.canonical() == v4;
  }
  auto v6 = ip::make_network_v6(is_network ? network : network + "/128", failure);
  return !failure && ip::network_v6{host.to_v6(), v6.prefix_length()}.canonical() == v6;
}

} // namespace meisim
