#include "protocols/base/pem_file.hpp"

#include <openssl/err.h>

#include <fstream>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

void free_entries(STACK_OF(X509_INFO) * entries) {
  sk_X509_INFO_pop_free(entries, X509_INFO_free);
}

} // namespace

int no_password(char*, int, int, void*) {
  return -1;
}

pem_content read_pem(std::string_view text) {
  pem_content result;
  openssl_ptr<BIO> source{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  std::unique_ptr<STACK_OF(X509_INFO), decltype(&free_entries)> entries{
    PEM_X509_INFO_read_bio(source.get(), nullptr, no_password, nullptr), free_entries};
  // What could not be read counts as not there. Whoever uses OpenSSL next must not find the error.
  ERR_clear_error();
  for (int i = 0; entries && i < sk_X509_INFO_num(entries.get()); ++i) {
    auto* entry = sk_X509_INFO_value(entries.get(), i);
    if (entry->x509)
      result.certificates.emplace_back(std::exchange(entry->x509, nullptr));
    if (entry->crl)
      result.lists.emplace_back(std::exchange(entry->crl, nullptr));
  }
  return result;
}

std::string file_text(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace meisim
