#pragma once

#include <caf/expected.hpp>
#include <kainjow/mustache.hpp>

#include <span>
#include <string>
#include <string_view>

namespace meisim {

/// A file of the folder `mail`, compiled into the program.
struct mail_file {
  /// Below that folder: `en/one-time-code.txt`.
  std::string_view name;
  /// A Mustache template.
  std::string_view text;
};

std::span<const mail_file> mail_files();

/// What a template's placeholders stand for.
using mail_values = kainjow::mustache::data;

/// How a mail looks, which shows whose it is.
struct mail_look {
  std::string brand = "MeiSIM";
  std::string colour = "#1f4fd8";
  /// The content id of the picture at its head; empty for the name in its place.
  std::string logo = {};
};

/// What a mail says.
struct mail_text {
  /// The language that it is in: ISO 639-1.
  std::string language;
  std::string subject;
  std::string text;
  std::string html;
};

/// Fills the templates of a kind of mail, in the language of this ISO 639-1 code (a region behind
/// it does not matter), else in English. Values stand in the HTML escaped. `internal` if there are
/// no such templates, or if one is broken.
caf::expected<mail_text> fill_mail(std::string_view kind, std::string_view language,
                                   const mail_values& values, const mail_look& look = {});

/// `text` as HTML shows it.
std::string html_escaped(std::string_view text);

} // namespace meisim
