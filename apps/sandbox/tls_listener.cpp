#include "apps/sandbox/tls_listener.hpp"

#include "http/server/request_reader.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <list>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace meisim::sandbox {

namespace {

struct context_deleter {
  void operator()(SSL_CTX* context) const {
    SSL_CTX_free(context);
  }
};

struct ssl_deleter {
  void operator()(SSL* ssl) const {
    SSL_free(ssl);
  }
};

void demand(bool holds, const char* what) {
  if (!holds)
    throw std::runtime_error(std::string{"the TLS listener cannot "} + what);
}

} // namespace

class tls_listener::server {
public:
  server(const std::string& address, uint16_t port, const std::string& certificate,
         const std::string& key, handler answer)
    : answer_(std::move(answer)), context_(SSL_CTX_new(TLS_server_method())),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    demand(SSL_CTX_use_certificate_chain_file(context_.get(), certificate.c_str()) == 1
             && SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) == 1,
           "read its certificate and key");
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    demand(inet_pton(AF_INET, address.c_str(), &where.sin_addr) == 1, "read its address");
    int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    demand(::bind(listener_, reinterpret_cast<sockaddr*>(&where), sizeof(where)) == 0, "bind");
    demand(::listen(listener_, 64) == 0, "listen");
    socklen_t size = sizeof(where);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size);
    port_ = ntohs(where.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }

  ~server() {
    {
      std::lock_guard guard{mutex_};
      is_stopping_ = true;
      for (int fd : open_)
        ::shutdown(fd, SHUT_RDWR);
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& client : clients_)
      client.join();
    ::close(listener_);
  }

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  uint16_t port() const {
    return port_;
  }

private:
  void accept_all() {
    for (;;) {
      int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      std::lock_guard guard{mutex_};
      if (is_stopping_ || fd < 0) {
        if (fd >= 0)
          ::close(fd);
        return;
      }
      open_.insert(fd);
      clients_.emplace_back([this, fd] {
        serve(fd);
        std::lock_guard closing{mutex_};
        open_.erase(fd);
        ::close(fd);
      });
    }
  }

  void serve(int fd) {
    std::unique_ptr<SSL, ssl_deleter> ssl{SSL_new(context_.get())};
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) != 1)
      return;
    http::request_reader reader{[](http::method, std::string_view) { return size_t{65'536}; }};
    std::array<char, 16'384> buffer;
    for (int size = 0; (size = SSL_read(ssl.get(), buffer.data(), buffer.size())) > 0;) {
      reader.feed({buffer.data(), static_cast<size_t>(size)});
      auto status = reader.read();
      for (; status == http::request_reader::status::complete; status = reader.read())
        if (!answer(ssl.get(), reader.take()))
          return;
      if (status == http::request_reader::status::failed)
        return;
    }
  }

  /// False if the connection is to be closed.
  bool answer(SSL* ssl, http::request&& request) {
    auto what = answer_(std::move(request));
    if (what.is_silent)
      return true;
    if (what.bytes.empty())
      return false;
    return SSL_write(ssl, what.bytes.data(), static_cast<int>(what.bytes.size())) > 0;
  }

  handler answer_;
  std::unique_ptr<SSL_CTX, context_deleter> context_;
  int listener_;
  uint16_t port_ = 0;
  std::mutex mutex_;
  bool is_stopping_ = false;
  std::set<int> open_;
  std::list<std::thread> clients_;
  std::thread acceptor_;
};

tls_listener::tls_listener(const std::string& address, uint16_t port,
                           const std::string& certificate, const std::string& key, handler answer)
  : server_(std::make_unique<server>(address, port, certificate, key, std::move(answer))) {
  // nop
}

tls_listener::~tls_listener() = default;

uint16_t tls_listener::port() const {
  return server_->port();
}

} // namespace meisim::sandbox
