#include "actors/cluster/dialler.hpp"

#include "protocols/base/error.hpp"
#include "protocols/cluster/remote.hpp"

#include <caf/openssl/remote_actor.hpp>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <tuple>

namespace meisim {

namespace {

bool connects(const addrinfo& target, std::chrono::milliseconds patience) {
  int fd = ::socket(target.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return false;
  // The socket is asked below how this ended.
  std::ignore = ::connect(fd, target.ai_addr, target.ai_addrlen);
  pollfd wait{fd, POLLOUT, 0};
  int failure = ETIMEDOUT;
  socklen_t size = sizeof(failure);
  if (::poll(&wait, 1, static_cast<int>(patience.count())) == 1)
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size);
  ::close(fd);
  return failure == 0;
}

/// Whether anybody listens there. Where a network drops packets, CAF itself would wait for minutes,
/// and all its connections would wait with it.
bool is_there(const network_address& where, std::chrono::milliseconds patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found) != 0)
    return false;
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses{found, freeaddrinfo};
  for (auto* one = addresses.get(); one != nullptr; one = one->ai_next)
    if (connects(*one, patience))
      return true;
  return false;
}

} // namespace

network_address read_network_address(const std::string& text) {
  network_address result;
  auto colon = text.rfind(':');
  if (colon == std::string::npos)
    return result;
  result.host = text.substr(0, colon);
  if (!result.host.empty())
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), result.port);
  return result;
}

dialler_actor::behavior_type dialler(dialler_actor::pointer self,
                                     std::chrono::milliseconds patience) {
  return {
    [self, patience](const dial& wish) -> caf::result<node_gate_actor> {
      auto where = read_network_address(wish.address);
      if (!is_there(where, patience))
        return make_error(ec::unavailable, "nobody answers at " + wish.address);
      auto gate =
        caf::openssl::remote_actor<node_gate_actor>(self->system(), where.host, where.port);
      if (!gate)
        return make_error(ec::unavailable, self->system().render(gate.error()));
      return *gate;
    },
  };
}

} // namespace meisim
