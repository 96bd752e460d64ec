#pragma once

#include "protocols/base/pem_file.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace meisim {

/// The certificates that a CA has revoked, as of one reading of its list (RFC 5280). People hand
/// the list over, so an old list is better than none: the day on which it should be replaced is not
/// checked.
class revocation_list {
public:
  /// Reads a PEM file. An `invalid` error tells what is wrong with it: it must hold at least one
  /// list, and each must be signed by a certificate of the file `ca`.
  static caf::expected<revocation_list> read(const std::string& file, const std::string& ca);

  bool contains(X509* certificate) const;

  /// How many certificates are on it.
  size_t size() const;

private:
  std::vector<openssl_ptr<X509_CRL>> lists_;
};

} // namespace meisim
