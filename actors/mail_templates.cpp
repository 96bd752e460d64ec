#include "actors/mail_templates.hpp"

#include "actors/mail_phrases.hpp"
#include "actors/qr_code.hpp"
#include "protocols/error.hpp"

#include <fmt/format.h>

namespace meisim {

namespace {

/// Fills the one gap of a phrase.
std::string fill(std::string_view phrase, std::string_view value) {
  return fmt::format(fmt::runtime(phrase), value);
}

std::string html_page(std::string_view language, std::string_view body) {
  return fmt::format(
    "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"></head>\n"
    "<body style=\"margin:0 auto;max-width:36em;padding:1.5em;font-family:sans-serif;color:#1a1a1a;"
    "line-height:1.5\">\n{}</body>\n</html>\n",
    language, body);
}

std::string paragraph(std::string_view text) {
  return fmt::format("<p>{}</p>\n", html_escaped(text));
}

std::string text_of_esim(const activation_phrases& say, const activation_mail::item& item) {
  return fmt::format("{}\n{}\n\nICCID: {}\n\n", say.by_hand, item.lpa, item.iccid);
}

std::string html_of_esim(const activation_phrases& say, const activation_mail::item& item,
                         std::string_view cid) {
  return fmt::format(
    "<p><img src=\"cid:{}\" alt=\"{}\" width=\"296\" style=\"display:block;max-width:100%;height:auto\"></p>\n"
    "<p>{}<br>\n<code style=\"word-break:break-all\">{}</code></p>\n<p>ICCID: <code>{}</code></p>\n",
    html_escaped(cid), html_escaped(fill(say.picture_with_number, item.iccid)),
    html_escaped(say.by_hand), html_escaped(item.lpa), html_escaped(item.iccid));
}

} // namespace

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

mail_message compose(const one_time_code_mail& values, std::string_view language) {
  const auto& say = code_phrases_in(language);
  mail_message mail;
  mail.subject = say.subject;
  mail.text = fmt::format("{}\n\n{}\n\n{}\n{}\n\n{}\n", say.intro, values.code, say.expires,
                          say.not_you, say.goodbye);
  auto code =
    fmt::format("<p style=\"font-size:2em;letter-spacing:.2em\"><strong>{}</strong></p>\n",
                html_escaped(values.code));
  mail.html = html_page(say.language, paragraph(say.intro) + code + paragraph(say.expires)
                                        + paragraph(say.not_you) + paragraph(say.goodbye));
  return mail;
}

caf::expected<mail_message> compose(const activation_mail& values, std::string_view language) {
  const auto& say = activation_phrases_in(language);
  auto greeting = values.customer_name.empty() ? std::string{say.greeting}
                                               : fill(say.greeting_with_name, values.customer_name);
  auto ready = fill(say.ready_with_product, values.product);
  auto order = fmt::format("{}: {}", say.order, values.order);
  mail_message mail;
  mail.subject = fill(say.subject_with_order, values.order);
  mail.text = fmt::format("{}\n\n{}\n{}\n\n", greeting, ready, say.scan);
  auto html = paragraph(greeting) + paragraph(ready) + paragraph(say.scan);
  for (size_t i = 0; i < values.esims.size(); ++i) {
    const auto& item = values.esims[i];
    auto picture = qr_png(item.lpa);
    if (!picture)
      return std::move(picture.error());
    auto cid = fmt::format("esim-{}@meisim", i + 1);
    mail.text += text_of_esim(say, item);
    html += html_of_esim(say, item, cid);
    mail.attachments.push_back(
      {fmt::format("esim-{}.png", i + 1), "image/png", std::move(*picture), std::move(cid)});
  }
  mail.text += fmt::format("{}\n\n{}\n\n{}\n", say.once_only, order, say.goodbye);
  mail.html = html_page(say.language, html + paragraph(say.once_only) + paragraph(order)
                                        + paragraph(say.goodbye));
  return mail;
}

namespace {

caf::expected<mail_message> compose_kind(const queued_mail& queued) {
  if (queued.kind == one_time_code_mail::kind) {
    auto values = one_time_code_from(queued.values);
    if (!values)
      return std::move(values.error());
    return compose(*values, queued.language);
  }
  if (queued.kind == activation_mail::kind) {
    auto values = activation_from(queued.values);
    if (!values)
      return std::move(values.error());
    return compose(*values, queued.language);
  }
  return make_error(ec::internal, fmt::format("there is no mail of the kind {}", queued.kind));
}

} // namespace

caf::expected<mail_message> compose_mail(const queued_mail& queued) {
  auto mail = compose_kind(queued);
  if (mail) {
    mail->id = queued.id;
    mail->to = queued.recipient;
  }
  return mail;
}

} // namespace meisim
