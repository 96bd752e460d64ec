#pragma once

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Frees what OpenSSL has made.
struct openssl_deleter {
  void operator()(BIO* what) const {
    BIO_free(what);
  }

  void operator()(X509* what) const {
    X509_free(what);
  }

  void operator()(X509_CRL* what) const {
    X509_CRL_free(what);
  }

  void operator()(EVP_PKEY* what) const {
    EVP_PKEY_free(what);
  }
};

template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_deleter>;

/// The public parts of a PEM text, in their order.
struct pem_content {
  std::vector<openssl_ptr<X509>> certificates;
  std::vector<openssl_ptr<X509_CRL>> lists;
};

/// Leaves a key closed that a password locks. OpenSSL would otherwise ask on the terminal, in the
/// middle of other work.
int no_password(char* into, int size, int is_written, void* unused);

/// Empty if a part of the text is wrong.
pem_content read_pem(std::string_view text);

/// The text of a file; empty if it cannot be read.
std::string file_text(const std::string& path);

} // namespace meisim
