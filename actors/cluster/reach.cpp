#include "actors/cluster/reach.hpp"

#include "protocols/base/error.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/middleman_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <tuple>
#include <utility>

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

/// Whether anybody listens there. Where a network drops packets, CAF itself would wait for minutes.
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

caf::expected<caf::strong_actor_ptr> reach_actor(caf::actor_system& system,
                                                 const std::set<std::string>& interface,
                                                 const network_address& where,
                                                 std::chrono::milliseconds patience) {
  auto address = where.host + ':' + std::to_string(where.port);
  if (!is_there(where, patience))
    return make_error(ec::unavailable, "nobody answers at " + address);
  // caf::openssl::remote_actor can wait for ever where a connection is lost at a bad moment, and
  // from then on it has all who ask for that address wait for the same answer. So each call has a
  // middleman actor of its own, which goes with it.
  auto broker = system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  auto middleman = caf::openssl::make_middleman_actor(system, broker);
  caf::expected<caf::strong_actor_ptr> result{caf::strong_actor_ptr{}};
  caf::scoped_actor self{system};
  self->request(middleman, 5 * patience, caf::connect_atom::value, where.host, where.port)
    .receive(
      [&](const caf::node_id&, caf::strong_actor_ptr& found,
          const std::set<std::string>& understood) {
        if (found && system.assignable(understood, interface))
          result = std::move(found);
        else
          result = make_error(ec::unavailable, "somebody else answers at " + address);
      },
      [&](const caf::error& why) { result = make_error(ec::unavailable, system.render(why)); });
  caf::anon_send_exit(middleman, caf::exit_reason::kill);
  return result;
}

} // namespace meisim
