#include "actors/notify/mail_text.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

using kainjow::mustache::mustache;

/// The text template begins with this, and a blank line behind it.
constexpr std::string_view subject_mark = "Subject: ";

std::string_view text_of_file(std::string_view name) {
  auto file = std::ranges::find(mail_files(), name, &mail_file::name);
  return file == mail_files().end() ? std::string_view{} : file->text;
}

/// The two templates of a mail in one language.
struct template_pair {
  std::string language;
  std::string_view text;
  std::string_view html;
};

template_pair templates_in(std::string_view kind, std::string language) {
  auto text = text_of_file(fmt::format("{}/{}.txt", language, kind));
  auto html = text_of_file(fmt::format("{}/{}.html", language, kind));
  return {std::move(language), text, html};
}

/// The language code without its region, in lower case; empty if it is no language code.
std::string bare_language(std::string_view language) {
  bool with_region = language.size() > 2 && (language[2] == '-' || language[2] == '_');
  if (language.size() != 2 && !with_region)
    return {};
  return lowered(language.substr(0, 2));
}

/// A mail is in one language as a whole: where half of it is missing, it is in English.
template_pair find_templates(std::string_view kind, std::string_view language) {
  auto wanted = templates_in(kind, bare_language(language));
  bool is_whole = !wanted.text.empty() && !wanted.html.empty();
  return is_whole ? wanted : templates_in(kind, "en");
}

caf::expected<std::string> filled(std::string_view form, const mail_values& values, bool is_html) {
  mustache page{std::string{form}};
  page.set_custom_escape(
    [is_html](const std::string& value) { return is_html ? html_escaped(value) : value; });
  auto text = page.render(values);
  if (!page.is_valid())
    return make_error(ec::internal, "a mail template is broken: " + page.error_message());
  return text;
}

/// The page that all mails share, around this content.
caf::expected<std::string> in_layout(const mail_text& mail, const mail_look& look,
                                     const std::string& content) {
  mail_values values;
  values.set("brand", look.brand);
  values.set("colour", look.colour);
  if (!look.logo.empty())
    values.set("logo", look.logo);
  values.set("language", mail.language);
  values.set("subject", mail.subject);
  values.set("content", content);
  return filled(text_of_file("layout.html"), values, true);
}

/// Takes the subject off the text's head.
bool split_subject(mail_text& mail) {
  auto end = mail.text.find("\n\n");
  if (!mail.text.starts_with(subject_mark) || end == std::string::npos)
    return false;
  mail.subject = mail.text.substr(subject_mark.size(), end - subject_mark.size());
  // A section that was left out may leave an empty line.
  mail.text.erase(0, std::min(mail.text.find_first_not_of('\n', end), mail.text.size()));
  return true;
}

} // namespace

caf::expected<mail_text> fill_mail(std::string_view kind, std::string_view language,
                                   const mail_values& values, const mail_look& look) {
  auto templates = find_templates(kind, language);
  if (templates.text.empty() || templates.html.empty())
    return make_error(ec::internal, fmt::format("there is no template for the mail {}", kind));
  auto text = filled(templates.text, values, false);
  if (!text)
    return std::move(text.error());
  auto content = filled(templates.html, values, true);
  if (!content)
    return std::move(content.error());
  mail_text mail{templates.language, {}, std::move(*text), {}};
  if (!split_subject(mail))
    return make_error(ec::internal, fmt::format("the mail {} has no subject", kind));
  auto page = in_layout(mail, look, *content);
  if (!page)
    return std::move(page.error());
  mail.html = std::move(*page);
  return mail;
}

std::string html_escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      result += c;
    }
  }
  return result;
}

} // namespace meisim
