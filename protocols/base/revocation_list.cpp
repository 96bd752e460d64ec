#include "protocols/base/revocation_list.hpp"

#include "protocols/base/error.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

bool is_signed_by(X509_CRL* list, const std::vector<openssl_ptr<X509>>& signers) {
  auto found = std::ranges::any_of(signers, [&](const auto& signer) {
    return X509_CRL_verify(list, X509_get0_pubkey(signer.get())) == 1;
  });
  ERR_clear_error();
  return found;
}

} // namespace

caf::expected<revocation_list> revocation_list::read(const std::string& file,
                                                     const std::string& ca) {
  revocation_list result;
  result.lists_ = read_pem(file_text(file)).lists;
  if (result.lists_.empty())
    return make_error(ec::invalid, file + " holds no list of revoked certificates");
  auto signers = read_pem(file_text(ca)).certificates;
  for (const auto& list : result.lists_)
    if (!is_signed_by(list.get(), signers))
      return make_error(ec::invalid, file + " is not signed by the CA of " + ca);
  return result;
}

bool revocation_list::contains(X509* certificate) const {
  return std::ranges::any_of(lists_, [&](const auto& list) {
    X509_REVOKED* entry = nullptr;
    // 2 stands for a certificate that was on hold.
    return X509_CRL_get0_by_cert(list.get(), &entry, certificate) == 1;
  });
}

size_t revocation_list::size() const {
  size_t result = 0;
  for (const auto& list : lists_)
    if (const auto* entries = X509_CRL_get_REVOKED(list.get()))
      result += static_cast<size_t>(sk_X509_REVOKED_num(entries));
  return result;
}

} // namespace meisim
