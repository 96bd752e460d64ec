#include "protocols/base/identity.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/pem_file.hpp"
#include "protocols/base/revocation_list.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace meisim {

namespace {

/// A longer file is no certificate with those above it.
constexpr size_t longest_chain = 64 * 1'024;

using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using store_pointer = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;
using store_context = std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)>;

const unsigned char* bytes_in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Whoever uses OpenSSL next on this thread must not find the errors of this call.
struct quiet_errors {
  ~quiet_errors() {
    ERR_clear_error();
  }
};

openssl_ptr<EVP_PKEY> read_key(const std::string& file) {
  openssl_ptr<BIO> source{BIO_new_file(file.c_str(), "r")};
  return openssl_ptr<EVP_PKEY>{
    source ? PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, nullptr) : nullptr};
}

/// The certificates of a file and nothing else: the same file may hold the key.
std::string public_part(const std::string& file) {
  openssl_ptr<BIO> target{BIO_new(BIO_s_mem())};
  for (const auto& one : read_pem(file_text(file)).certificates)
    PEM_write_bio_X509(target.get(), one.get());
  char* text = nullptr;
  auto size = BIO_get_mem_data(target.get(), &text);
  return {text, static_cast<size_t>(size)};
}

/// A signature with the digest that is usual for the key.
std::string signature_of(EVP_PKEY* key, std::string_view words) {
  digest_context context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1
      || EVP_DigestSign(context.get(), nullptr, &size, bytes_in(words), words.size()) != 1)
    return {};
  std::string result(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(result.data()), &size,
                     bytes_in(words), words.size())
      != 1)
    return {};
  result.resize(size);
  return result;
}

bool has_signed(X509* certificate, std::string_view words, std::string_view signature) {
  digest_context context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                              X509_get0_pubkey(certificate))
           == 1
         && EVP_DigestVerify(context.get(), bytes_in(signature), signature.size(), bytes_in(words),
                             words.size())
              == 1;
}

/// Why the first of these certificates does not come from the CA; empty if it does.
std::string distrust(const identity_files& own,
                     const std::vector<openssl_ptr<X509>>& certificates) {
  store_pointer store{X509_STORE_new(), X509_STORE_free};
  if (X509_STORE_load_file(store.get(), own.ca.c_str()) != 1)
    return own.ca + " holds no CA";
  std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> between{
    sk_X509_new_null(), [](STACK_OF(X509) * stack) { sk_X509_free(stack); }};
  for (const auto& one : certificates)
    sk_X509_push(between.get(), one.get());
  store_context context{X509_STORE_CTX_new(), X509_STORE_CTX_free};
  if (X509_STORE_CTX_init(context.get(), store.get(), certificates.front().get(), between.get())
        == 1
      && X509_verify_cert(context.get()) == 1)
    return {};
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

/// Why a certificate of the CA does not hold any more; empty if it does.
std::string revocation(const identity_files& own, X509* certificate) {
  if (own.revoked.empty())
    return {};
  auto list = revocation_list::read(own.revoked, own.ca);
  if (!list)
    return message_of(list.error());
  return list->contains(certificate) ? "its certificate is revoked" : "";
}

std::string text_in(const ASN1_STRING* text) {
  unsigned char* bytes = nullptr;
  auto size = ASN1_STRING_to_UTF8(&bytes, text);
  if (size < 0)
    return {};
  std::string result{reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)};
  OPENSSL_free(bytes);
  return result;
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> result;
  if (auto name = common_name_of(certificate); !name.empty())
    result.push_back(std::move(name));
  std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> others{
    static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
    GENERAL_NAMES_free};
  for (int i = 0; others && i < sk_GENERAL_NAME_num(others.get()); ++i) {
    const auto* one = sk_GENERAL_NAME_value(others.get(), i);
    if (one->type == GEN_DNS)
      result.push_back(text_in(one->d.dNSName));
  }
  return result;
}

} // namespace

std::string greeting_words(std::string_view who, const caf::node_id& from,
                           std::string_view challenge) {
  return fmt::format("meisim greeting 1\n{}\n{}\n{}\n", who, to_string(from), challenge);
}

caf::expected<identity_proof> prove(const identity_files& own, std::string_view words) {
  quiet_errors quiet;
  identity_proof result{public_part(own.certificate), {}};
  if (result.certificates.empty())
    return make_error(ec::internal, own.certificate + " holds no certificate");
  auto key = read_key(own.key);
  if (key)
    result.signature = signature_of(key.get(), words);
  if (result.signature.empty())
    return make_error(ec::internal, own.key + " holds no key that can sign");
  return result;
}

caf::error check_proof(const identity_files& own, const identity_proof& proof,
                       std::string_view name, std::string_view words) {
  quiet_errors quiet;
  auto refuse = [&](std::string_view why) {
    return make_error(ec::forbidden,
                      fmt::format("whoever greets as {} is not that: {}", name, why));
  };
  if (proof.certificates.size() > longest_chain)
    return refuse("its certificate is too long");
  auto certificates = read_pem(proof.certificates).certificates;
  if (certificates.empty())
    return refuse("it shows no certificate");
  auto* certificate = certificates.front().get();
  if (auto why = distrust(own, certificates); !why.empty())
    return refuse(why);
  if (auto why = revocation(own, certificate); !why.empty())
    return refuse(why);
  auto names = names_of(certificate);
  if (std::ranges::find(names, name) == names.end())
    return refuse(fmt::format("its certificate bears the name {}", fmt::join(names, ", ")));
  if (!has_signed(certificate, words, proof.signature))
    return refuse("it has not signed with the certificate's key");
  return caf::none;
}

std::vector<std::string> names_in(const std::string& file) {
  quiet_errors quiet;
  auto certificates = read_pem(file_text(file)).certificates;
  return certificates.empty() ? std::vector<std::string>{} : names_of(certificates.front().get());
}

std::string common_name_of(const X509* certificate) {
  const auto* subject = X509_get_subject_name(certificate);
  auto at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  return at < 0 ? std::string{}
                : text_in(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

} // namespace meisim
