#include "apps/meisimd/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <prometheus/gauge.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace meisim {

namespace {

struct closer {
  void operator()(FILE* file) const {
    std::fclose(file);
  }

  void operator()(X509* certificate) const {
    X509_free(certificate);
  }
};

/// Seconds since 1970; nothing if the file holds no certificate.
std::optional<double> end_of(const std::string& path) {
  std::unique_ptr<FILE, closer> file{std::fopen(path.c_str(), "r")};
  if (!file)
    return std::nullopt;
  std::unique_ptr<X509, closer> certificate{PEM_read_X509(file.get(), nullptr, nullptr, nullptr)};
  std::tm end = {};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1)
    return std::nullopt;
  return static_cast<double>(::timegm(&end));
}

} // namespace

void show_certificates(const node_options& options, prometheus::Registry& registry) {
  auto& ends = prometheus::BuildGauge()
                 .Name("meisim_certificate_expiry_timestamp_seconds")
                 .Help("When a certificate ends that the node has loaded")
                 .Register(registry);
  for (const auto& path : {options.cluster_certificate, options.cluster_ca,
                           options.devices_certificate, options.devices_ca})
    if (auto end = path.empty() ? std::nullopt : end_of(path))
      ends.Add({{"file", path}}).Set(*end);
}

} // namespace meisim
