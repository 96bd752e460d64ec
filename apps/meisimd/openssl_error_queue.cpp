// CAF 0.17 does TLS for all connections of a node on one thread. It leaves the errors of a failed
// handshake in OpenSSL's error queue of that thread. Then the next operation on any other
// connection looks as if it had failed, and a stranger without a certificate could drop all links
// between nodes. OpenSSL demands an empty queue before each operation (SSL_get_error(3)). These
// functions stand in front of the four that CAF calls, and empty the queue first.

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

template <class Function>
Function* of_openssl(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int SSL_connect(SSL* connection) {
  static auto* real = of_openssl<int(SSL*)>("SSL_connect");
  ERR_clear_error();
  return real(connection);
}

int SSL_accept(SSL* connection) {
  static auto* real = of_openssl<int(SSL*)>("SSL_accept");
  ERR_clear_error();
  return real(connection);
}

int SSL_read(SSL* connection, void* buffer, int size) {
  static auto* real = of_openssl<int(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return real(connection, buffer, size);
}

int SSL_write(SSL* connection, const void* buffer, int size) {
  static auto* real = of_openssl<int(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return real(connection, buffer, size);
}

} // extern "C"
