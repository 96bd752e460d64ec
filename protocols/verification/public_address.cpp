#include "protocols/verification/public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace meisim {

namespace {

struct range4 {
  uint32_t network;
  int bits;
};

constexpr uint32_t v4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<range4, 15> reserved4{{
  {v4(0, 0, 0, 0), 8},
  {v4(10, 0, 0, 0), 8},
  {v4(100, 64, 0, 0), 10},
  {v4(127, 0, 0, 0), 8},
  {v4(169, 254, 0, 0), 16},
  {v4(172, 16, 0, 0), 12},
  {v4(192, 0, 0, 0), 24},
  {v4(192, 0, 2, 0), 24},
  {v4(192, 88, 99, 0), 24},
  {v4(192, 168, 0, 0), 16},
  {v4(198, 18, 0, 0), 15},
  {v4(198, 51, 100, 0), 24},
  {v4(203, 0, 113, 0), 24},
  {v4(224, 0, 0, 0), 4},
  {v4(240, 0, 0, 0), 4},
}};

bool is_public4(uint32_t address) {
  return std::none_of(reserved4.begin(), reserved4.end(), [&](const range4& range) {
    return (address ^ range.network) >> (32 - range.bits) == 0;
  });
}

bool is_public6(const uint8_t* a) {
  // Only 2000::/3 has been given out. Within it, the IETF's own blocks (Teredo among them), the
  // examples, and 6to4, which carries an IPv4 address, are not public.
  bool global = (a[0] & 0xe0) == 0x20;
  bool ietf = a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02;
  bool example = (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8)
                 || (a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10);
  bool six_to_four = a[0] == 0x20 && a[1] == 0x02;
  return global && !ietf && !example && !six_to_four;
}

} // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &address, sizeof(in));
    return is_public4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &address, sizeof(in));
    return is_public6(in.sin6_addr.s6_addr);
  }
  return false;
}

bool is_public_address(std::string_view text) {
  std::string copy{text};
  in_addr four;
  if (inet_pton(AF_INET, copy.c_str(), &four) == 1)
    return is_public4(ntohl(four.s_addr));
  in6_addr six;
  if (inet_pton(AF_INET6, copy.c_str(), &six) == 1)
    return is_public6(six.s6_addr);
  return false;
}

} // namespace meisim
