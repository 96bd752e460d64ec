#pragma once

#include <caf/meta/type_name.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// An activation code of SGP.22 §4.1, as a QR code shows it:
/// `LPA:1$<SM-DP+ address>$<matching id>[$<SM-DP+ OID>[$<1 if a confirmation code is asked for>]]`.
struct activation_code {
  /// The SM-DP+: a host name in lower case, without scheme and port.
  std::string host;
  /// Letters, digits and hyphens; may be empty.
  std::string matching_id;
  /// The SM-DP+'s object identifier; empty without one.
  std::string oid;
  bool needs_confirmation = false;
  /// The confirmation code itself, if it was written in the text. It is secret: neither to_string
  /// nor a message contains it.
  std::string confirmation_code = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, activation_code& x) {
  return f(caf::meta::type_name("activation_code"), x.host, x.matching_id, x.oid,
           x.needs_confirmation);
}

/// The result of reading a code: the code, or what is wrong with the text.
struct code_reading {
  std::optional<activation_code> code;
  /// A sentence without its subject, such as `has no prefix LPA:1$`; empty beside a code.
  std::string_view flaw;
};

/// Reads an activation code; any bytes at all are safe. `LPA:` may be missing, and an installation
/// link stands for the code in it.
code_reading read_activation_code(std::string_view text);

/// Whether a text may be the host of a code: a fully qualified domain name (RFC 1123 §2.1). Its
/// last label tells it from an IPv4 address.
bool is_host_name(std::string_view host);

/// By this an SM-DP+ tells codes apart: `smdp.example.com$MATCHING-ID`.
std::string key_of(const activation_code& code);

/// The one spelling for all texts that mean this code. It is read as this code again.
std::string to_string(const activation_code& code);

} // namespace meisim
