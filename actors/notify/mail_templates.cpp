#include "actors/notify/mail_templates.hpp"

#include "actors/notify/mail_text.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/url.hpp"
#include "protocols/notify/qr_code.hpp"
#include "protocols/verification/activation_code.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim {

namespace {

caf::expected<mail_message> message_of_kind(std::string_view kind, std::string_view language,
                                            const mail_values& values, const mail_look& look = {}) {
  auto filled = fill_mail(kind, language, values, look);
  if (!filled)
    return std::move(filled.error());
  mail_message mail;
  mail.subject = std::move(filled->subject);
  mail.text = std::move(filled->text);
  mail.html = std::move(filled->html);
  return mail;
}

mail_values values_of(const activation_mail::item& item, const std::string& cid) {
  auto code = read_activation_code(item.lpa).code.value_or(activation_code{});
  mail_values values;
  values.set("iccid", item.iccid);
  values.set("lpa", item.lpa);
  values.set("lpa_in_url", url_escaped(item.lpa));
  values.set("server", code.host);
  values.set("matching_id", code.matching_id);
  values.set("picture", cid);
  return values;
}

mail_look look_of(const std::optional<brand>& of) {
  if (!of)
    return {};
  return {plain_name(of->name), of->colour, of->logo.empty() ? "" : "logo@meisim"};
}

} // namespace

caf::expected<mail_message> compose(const one_time_code_mail& what, std::string_view language) {
  mail_values values;
  values.set("code", what.code);
  return message_of_kind(what.kind, language, values);
}

caf::expected<mail_message> compose(const key_displaced_mail& what, std::string_view language) {
  mail_values values;
  values.set("prefix", what.prefix);
  return message_of_kind(what.kind, language, values);
}

caf::expected<mail_message> compose(const low_stock_mail& what, std::string_view language) {
  mail_values values;
  values.set("pool", plain_name(what.pool));
  values.set("available", std::to_string(what.available));
  values.set("threshold", std::to_string(what.threshold));
  return message_of_kind(what.kind, language, values);
}

caf::expected<mail_message> compose(const account_notice_mail& what, std::string_view language) {
  mail_values values;
  values.set(std::string{to_string(what.what)}, true);
  values.set("security", is_about_security(what.what));
  values.set("operator", what.is_operators);
  // Whoever has got hold of a key can name any address for a webhook.
  bool is_address = what.what == account_notice::webhook_disabled;
  values.set("detail", is_address ? plain_name(what.detail) : what.detail);
  return message_of_kind(what.kind, language, values);
}

caf::expected<mail_message> compose(const activation_mail& what, std::string_view language,
                                    const std::optional<brand>& of) {
  std::vector<mail_attachment> pictures;
  mail_values esims{mail_values::type::list};
  for (const auto& item : what.esims) {
    auto picture = qr_png(item.lpa);
    if (!picture)
      return std::move(picture.error());
    auto number = pictures.size() + 1;
    auto cid = fmt::format("esim-{}@meisim", number);
    esims.push_back(values_of(item, cid));
    pictures.push_back(
      {fmt::format("esim-{}.png", number), "image/png", std::move(*picture), std::move(cid)});
  }
  mail_values values;
  // A missing name must not look like an empty one.
  if (!what.customer_name.empty())
    values.set("name", plain_name(what.customer_name));
  values.set("product", plain_name(what.product));
  values.set("order", what.order);
  values.set("esims", esims);
  if (what.unit > 0 && what.units > 1) {
    values.set("is_part", true);
    values.set("unit", std::to_string(what.unit));
    values.set("units", std::to_string(what.units));
  }
  auto look = look_of(of);
  values.set("brand", look.brand);
  values.set("colour", look.colour);
  auto mail = message_of_kind(what.kind, language, values, look);
  if (!mail)
    return mail;
  mail->attachments = std::move(pictures);
  if (!of)
    return mail;
  mail->from_name = look.brand;
  mail->reply_to = of->reply_to;
  if (!of->logo.empty())
    mail->attachments.push_back({"logo.png", "image/png", of->logo, look.logo});
  return mail;
}

caf::expected<mail_message> compose(const batch_report& what, std::string_view language) {
  constexpr std::array names{"available", "used", "invalid", "error", "unknown"};
  static_assert(names.size() == verdict_count);
  auto id = to_string(what.batch.id);
  mail_values values;
  values.set("batch", id);
  values.set("label", what.batch.label.empty() ? id : plain_name(what.batch.label));
  values.set("total", std::to_string(what.batch.total));
  for (size_t i = 0; i < names.size(); ++i)
    values.set(names[i], std::to_string(what.batch.verdicts[i]));
  values.set("path", fmt::format("/dealer/esim-verify/{}/results.csv", id));
  auto file = fmt::format("results-{}.csv", id);
  if (!what.csv.empty())
    values.set("file", file);
  auto mail = message_of_kind(batch_results_mail::kind, language, values);
  if (mail && !what.csv.empty())
    mail->attachments.push_back({std::move(file), "text/csv; charset=utf-8", what.csv, {}});
  return mail;
}

namespace {

/// Composes the mail of a kind, whose values `read` reads.
template <class Read>
caf::expected<mail_message> compose_with(Read read, const queued_mail& queued) {
  auto values = read(queued.values);
  if (!values)
    return std::move(values.error());
  return compose(*values, queued.language);
}

caf::expected<mail_message> compose_kind(const queued_mail& queued) {
  if (queued.kind == one_time_code_mail::kind)
    return compose_with(one_time_code_from, queued);
  if (queued.kind == key_displaced_mail::kind)
    return compose_with(key_displaced_from, queued);
  if (queued.kind == low_stock_mail::kind)
    return compose_with(low_stock_from, queued);
  if (queued.kind == account_notice_mail::kind)
    return compose_with(account_notice_from, queued);
  if (queued.kind == activation_mail::kind) {
    auto values = activation_from(queued.values);
    return values ? compose(*values, queued.language, queued.of) : std::move(values.error());
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
