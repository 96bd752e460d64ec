#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <string>
#include <vector>

namespace meisim {

struct mail_attachment {
  std::string filename;
  /// `image/png`.
  std::string mime_type;
  std::string bytes;
  /// The name by which the HTML shows it (`cid:…`); empty for one that is only attached.
  std::string content_id;
};

/// A mail that is ready to go.
struct mail_message {
  /// The same for every try to send it, so that a repeat can be told from another mail.
  mail_id id;
  /// The bare address.
  std::string to;
  std::string subject;
  std::string text;
  /// Empty for a mail in plain text only.
  std::string html;
  std::vector<mail_attachment> attachments;
  /// The name of the sender; empty for the sender's own.
  std::string from_name = {};
  /// Where answers go; empty for the sender.
  std::string reply_to = {};
};

/// Who a mail comes from.
struct mail_sender {
  /// May be empty.
  std::string name;
  std::string address;
};

/// The mail as RFC 5322 text with MIME parts: pure ASCII, lines end in CRLF. Control characters in
/// header values are dropped, so no value can add a header of its own. The same arguments always
/// give the same bytes.
std::string render(const mail_message& mail, const mail_sender& from, instant sent_at);

} // namespace meisim
