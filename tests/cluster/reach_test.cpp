#include "actors/cluster/dialler.hpp"
#include "actors/cluster/reach.hpp"
#include "protocols/cluster/remote.hpp"
#include "tests/fixtures/actors.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

// How one process reaches an actor of another.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

struct network_config : caf::actor_system_config {
  network_config() {
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
  }
};

/// Takes connections, as the kernel does, and says nothing.
struct silent_listener {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  network_address where{"127.0.0.1", 0};

  silent_listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, generic, size) != 0 || ::listen(fd, 16) != 0
        || ::getsockname(fd, generic, &size) != 0)
      throw std::runtime_error("no socket");
    where.port = ntohs(address.sin_port);
  }

  ~silent_listener() {
    ::close(fd);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(reach_suite)

BOOST_AUTO_TEST_CASE(who_says_nothing_is_given_up_and_found_once_he_speaks) {
  network_config here;
  network_config there;
  caf::actor_system system{here};
  caf::actor_system other{there};
  network_address where;
  {
    silent_listener listener;
    where = listener.where;
    for (int i = 0; i < 2; ++i)
      BOOST_TEST(!reach<dialler_actor>(system, where, 20ms));
  }
  BOOST_TEST(!reach<dialler_actor>(system, where, 20ms));
  auto published = other.spawn<caf::detached>(dialler, 20ms);
  BOOST_REQUIRE(caf::openssl::publish(published, where.port, "127.0.0.1", true));
  BOOST_TEST(reach<dialler_actor>(system, where, 2'000ms).engaged());
  BOOST_TEST(!reach<node_gate_actor>(system, where, 2'000ms));
  caf::anon_send_exit(published, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_SUITE_END()
