#pragma once

#include "protocols/base/kept_secret.hpp"
#include "protocols/notify/mail.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <string>

namespace meisim {

/// How mails are sent.
struct mail_settings {
  /// `file:` and a directory, `smtp://host[:port]` (STARTTLS where the server has it) or
  /// `smtps://host[:port]`.
  std::string url = "file:";
  /// The directory of a `file:` that names none.
  std::string default_directory;
  mail_sender from{"MeiSIM", "no-reply@meisim.test"};
  /// Login at the server; empty for none. With a login, the connection must be encrypted.
  std::string user;
  kept_secret password;
  /// Certificates (PEM) to trust, for a server with one of its own; empty for the system's.
  std::string ca_file;
};

/// Hands one mail over, and blocks until that has ended. Returns nothing if it went well,
/// `unavailable` to try again, `vendor_error` if it never will.
using mail_transport = std::function<caf::error(const mail_message&)>;

/// The transport for `settings.url`; `invalid` with a sentence if there is none.
caf::expected<mail_transport> open_mail_transport(const mail_settings& settings);

} // namespace meisim
