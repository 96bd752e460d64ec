// CAF 0.17 does TLS for all connections of an actor system on one thread, and lets nobody see how.
// These functions stand in front of the four of OpenSSL that it calls, for two reasons.
//
// CAF leaves the errors of a failed handshake in OpenSSL's error queue of that thread. Then the
// next operation on any other connection looks as if it had failed, and a stranger without a
// certificate could drop all links between nodes. OpenSSL demands an empty queue before each
// operation (SSL_get_error(3)), so it is emptied first.
//
// CAF asks for no list of revoked certificates, and looks at a certificate once. Here each
// certificate is looked at whenever a list has changed, and a connection with a revoked certificate
// fails.

#include "apps/meisimd/revocations.hpp"

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>

namespace {

template <class Function>
Function* of_openssl(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Whether anything may be read or written; otherwise the reason is in the queue.
bool may_go_on(SSL* connection) {
  ERR_clear_error();
  if (!meisim::is_kept_out(connection))
    return true;
  ERR_raise(ERR_LIB_SSL, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED);
  return false;
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
  return may_go_on(connection) ? real(connection, buffer, size) : -1;
}

int SSL_write(SSL* connection, const void* buffer, int size) {
  static auto* real = of_openssl<int(SSL*, const void*, int)>("SSL_write");
  return may_go_on(connection) ? real(connection, buffer, size) : -1;
}

} // extern "C"
