#include "protocols/notify/mail.hpp"

#include "protocols/base/base64.hpp"
#include "protocols/base/url.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <ctime>

namespace meisim {

namespace {

constexpr std::string_view crlf = "\r\n";

bool is_ascii(std::string_view text) {
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x80)
      return false;
  return true;
}

/// The text without line ends and other control characters, so that it can stand in a header.
std::string one_line(std::string_view text) {
  std::string result;
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      result += c;
  return result;
}

/// In lines of 76.
std::string base64_lines(std::string_view bytes) {
  auto text = to_base64(bytes);
  std::string result;
  for (size_t i = 0; i < text.size(); i += 76)
    result.append(text, i, 76).append(crlf);
  return result;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Encoded words (RFC 2047) of at most 75 characters, each with whole characters, for text beyond
/// ASCII.
std::string encoded_words(std::string_view text) {
  constexpr size_t most = 45;
  std::string result;
  while (!text.empty()) {
    auto size = std::min(most, text.size());
    while (size < text.size() && size > 1 && continues_character(text[size]))
      --size;
    if (!result.empty())
      result += "\r\n ";
    result += fmt::format("=?UTF-8?B?{}?=", to_base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return result;
}

/// Folds at spaces, so that lines stay under 78 characters if possible.
std::string folded(std::string_view text, size_t used) {
  std::string result;
  for (auto space = text.find(' '); space != std::string_view::npos; space = text.find(' ')) {
    auto next = text.find(' ', space + 1);
    auto word = std::min(next, text.size()) - space;
    result.append(text.substr(0, space));
    used += space;
    if (used + word > 76 && space > 0) {
      result.append(crlf);
      used = 0;
    }
    result += ' ';
    ++used;
    text.remove_prefix(space + 1);
  }
  return result.append(text);
}

/// A header of free text.
std::string header(std::string_view name, std::string_view value) {
  auto text = one_line(value);
  // A text that looks like an encoded word would be read as one.
  bool plain = is_ascii(text) && text.find("=?") == std::string::npos;
  return fmt::format("{}: {}\r\n", name,
                     plain ? folded(text, name.size() + 2) : encoded_words(text));
}

/// An address without characters that could end it or begin another one.
std::string bare_address(std::string_view address) {
  std::string result;
  for (char c : one_line(address))
    if (c != '<' && c != '>' && c != ',' && c != ';' && c != ' ')
      result += c;
  return result;
}

std::string sender(const mail_sender& from) {
  auto name = one_line(from.name);
  auto address = bare_address(from.address);
  if (name.empty())
    return address;
  if (!is_ascii(name))
    return fmt::format("{} <{}>", encoded_words(name), address);
  std::string quoted;
  for (char c : name) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += c;
  }
  return fmt::format("\"{}\" <{}>", quoted, address);
}

std::string quoted_printable_line(std::string_view line) {
  std::string result;
  size_t used = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    auto c = static_cast<unsigned char>(line[i]);
    bool last = i + 1 == line.size();
    bool plain = (c > 0x20 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !last);
    // A line of a single dot ends a mail on its way, if somebody on it forgets to double it.
    plain = plain && !(c == '.' && used == 0);
    auto piece = plain ? std::string(1, line[i]) : fmt::format("={:02X}", c);
    if (used + piece.size() > 75) {
      result += "=\r\n";
      used = 0;
    }
    result += piece;
    used += piece.size();
  }
  return result;
}

std::string quoted_printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    result.append(quoted_printable_line(line)).append(crlf);
  }
  return result;
}

std::string text_part(std::string_view subtype, std::string_view text) {
  return fmt::format(
    "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
    subtype, quoted_printable(text));
}

/// The file name as a parameter: quoted, and beyond ASCII by RFC 2231.
std::string filename_parameter(std::string_view name) {
  auto text = one_line(name);
  if (is_ascii(text)) {
    std::erase_if(text, [](char c) { return c == '"' || c == '\\'; });
    return fmt::format("filename=\"{}\"", text);
  }
  return "filename*=UTF-8''" + url_escaped(text);
}

std::string attachment_part(const mail_attachment& file) {
  bool shown = !file.content_id.empty();
  auto result = fmt::format(
    "Content-Type: {}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {};\r\n {}\r\n",
    one_line(file.mime_type), shown ? "inline" : "attachment", filename_parameter(file.filename));
  if (shown)
    result += fmt::format("Content-ID: <{}>\r\n", bare_address(file.content_id));
  return result.append(crlf).append(base64_lines(file.bytes));
}

/// Wraps parts in one. No part can hold the boundary: neither encoding ever writes `=_`.
std::string multipart(std::string_view subtype, std::string_view boundary,
                      const std::vector<std::string>& parts) {
  auto result = fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"", subtype, boundary);
  // The kind of the part that the others belong to (RFC 2387).
  if (subtype == "related")
    result += parts.front().starts_with("Content-Type: multipart/alternative")
                ? ";\r\n type=\"multipart/alternative\""
                : ";\r\n type=\"text/plain\"";
  result += "\r\n\r\n";
  for (const auto& part : parts)
    result += fmt::format("--{}\r\n{}", boundary, part);
  return result += fmt::format("--{}--\r\n", boundary);
}

/// Adds parts to what the mail shows: pictures within it, or files with it.
std::string with_attachments(std::string body, const mail_message& mail, bool shown,
                             std::string_view subtype, std::string_view boundary) {
  std::vector<std::string> parts;
  for (const auto& file : mail.attachments)
    if (file.content_id.empty() != shown)
      parts.push_back(attachment_part(file));
  if (parts.empty())
    return body;
  parts.insert(parts.begin(), std::move(body));
  return multipart(subtype, boundary, parts);
}

std::string date(instant time) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto at = fmt::gmtime(static_cast<std::time_t>(micros(time) / 1'000'000));
  return fmt::format(
    "{}, {} {} {} {:02}:{:02}:{:02} +0000", days.at(static_cast<size_t>(at.tm_wday)), at.tm_mday,
    months.at(static_cast<size_t>(at.tm_mon)), at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

} // namespace

std::string render(const mail_message& mail, const mail_sender& from, instant sent_at) {
  auto id = to_string(mail.id);
  auto address = bare_address(from.address);
  auto at = address.find('@');
  auto domain = at == std::string::npos ? std::string{"localhost"} : address.substr(at + 1);
  auto body = text_part("plain", mail.text);
  if (!mail.html.empty())
    body = multipart("alternative", "=_text_" + id, {body, text_part("html", mail.html)});
  body = with_attachments(std::move(body), mail, true, "related", "=_shown_" + id);
  body = with_attachments(std::move(body), mail, false, "mixed", "=_files_" + id);
  auto shown = mail.from_name.empty() ? from : mail_sender{mail.from_name, from.address};
  auto reply_to = mail.reply_to.empty()
                    ? std::string{}
                    : fmt::format("Reply-To: {}\r\n", bare_address(mail.reply_to));
  return fmt::format(
    "Date: {}\r\nFrom: {}\r\n{}To: {}\r\n{}Message-ID: <{}@{}>\r\nAuto-Submitted: auto-generated\r\n"
    "MIME-Version: 1.0\r\n{}",
    date(sent_at), sender(shown), reply_to, bare_address(mail.to), header("Subject", mail.subject),
    id, domain, body);
}

} // namespace meisim
