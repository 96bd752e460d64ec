#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/node_id.hpp>
#include <openssl/types.h>

#include <string>
#include <string_view>
#include <vector>

// Who is at the other end of a connection by mutual TLS. CAF takes whoever has a certificate of the
// CA, and tells no actor which one it was. So whoever says under which name it goes proves it by
// the key of a certificate that bears the name.

namespace meisim {

/// What this process is known by to others: PEM files, which are read each time that they are
/// needed.
struct identity_files {
  std::string certificate;
  std::string key;
  std::string ca;
  /// What the CA has revoked; empty for no such list.
  std::string revoked;
};

/// That whoever said some words has the key of a certificate.
struct identity_proof {
  /// The certificate, and those between it and the CA, as PEM.
  std::string certificates;
  /// Of the words, by the key.
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

/// What a process has drawn at random when it started.
struct challenge {
  std::string text;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, challenge& x) {
  return f(caf::meta::type_name("challenge"), x.text);
}

/// What the process `from` says as `who` to the one that has drawn this challenge. It is worth
/// nothing to any other process, nor to one of another day.
std::string greeting_words(std::string_view who, const caf::node_id& from,
                           std::string_view challenge);

/// Proves `words`. An `internal` error names the file that is at fault.
caf::expected<identity_proof> prove(const identity_files& own, std::string_view words);

/// Nothing if a certificate of our CA, which bears this name and holds today, has said `words`;
/// otherwise a `forbidden` error with the reason.
caf::error check_proof(const identity_files& own, const identity_proof& proof,
                       std::string_view name, std::string_view words);

/// The names that the first certificate of a PEM file bears: its common name, and those of hosts.
/// Empty if there is none.
std::vector<std::string> names_in(const std::string& file);

/// The common name of a certificate; empty if it has none.
std::string common_name_of(const X509* certificate);

} // namespace meisim
