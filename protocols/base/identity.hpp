#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/node_id.hpp>
#include <openssl/types.h>

#include <string>
#include <string_view>
#include <vector>

// Who is at the other end of a connection by mutual TLS. CAF accepts anyone with a certificate of
// the CA, and tells no actor which certificate it was. So a process proves its name by the key of a
// certificate that bears the name.

namespace meisim {

/// How others know this process: PEM files, which are read each time they are needed.
struct identity_files {
  std::string certificate;
  std::string key;
  std::string ca;
  /// The list of what the CA has revoked; empty for no list.
  std::string revoked;
};

/// A proof that whoever said some words has the key of a certificate.
struct identity_proof {
  /// The certificate, and the certificates between it and the CA, as PEM.
  std::string certificates;
  /// The signature of the words, by the key.
  std::string signature;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, identity_proof& x) {
  return f(caf::meta::type_name("identity_proof"), x.certificates, x.signature);
}

/// Asks a process for its challenge.
struct ask_challenge {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ask_challenge&) {
  return f(caf::meta::type_name("ask_challenge"));
}

/// The random text that a process made when it started.
struct challenge {
  std::string text;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, challenge& x) {
  return f(caf::meta::type_name("challenge"), x.text);
}

/// What the process `from` says as `who` to the process that made this challenge. It is worth
/// nothing to any other process.
std::string greeting_words(std::string_view who, const caf::node_id& from,
                           std::string_view challenge);

/// Proves `words`. An `internal` error names the file that is at fault.
caf::expected<identity_proof> prove(const identity_files& own, std::string_view words);

/// Nothing if `words` were signed by the key of a certificate of our CA that bears this name and is
/// valid today. Otherwise a `forbidden` error with the reason.
caf::error check_proof(const identity_files& own, const identity_proof& proof,
                       std::string_view name, std::string_view words);

/// The names that the first certificate of a PEM file bears: its common name, and its host names.
/// Empty if there is none.
std::vector<std::string> names_in(const std::string& file);

/// The common name of a certificate; empty if it has none.
std::string common_name_of(const X509* certificate);

} // namespace meisim
