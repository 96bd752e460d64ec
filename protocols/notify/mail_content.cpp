#include "protocols/notify/mail_content.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/names.hpp"
#include "protocols/base/strict_json.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 10> notice_names{
  "key_made",          "password_set",        "codes_locked",  "passwords_paused",
  "second_factor_set", "second_factor_ended", "email_changed", "balance_low",
  "order_failed",      "webhook_disabled",
};

Json::Value write(const activation_mail::item& from) {
  Json::Value json{Json::objectValue};
  json["iccid"] = from.iccid;
  json["lpa"] = from.lpa;
  return json;
}

} // namespace

std::string_view to_string(account_notice what) {
  return notice_names.at(static_cast<size_t>(what));
}

std::string plain_name(std::string_view text) {
  constexpr std::string_view word_joiner = "\xe2\x81\xa0";
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    bool is_control = static_cast<unsigned char>(text[i]) < ' ' || text[i] == 0x7f;
    result += is_control ? ' ' : text[i];
    bool is_within = i + 1 < text.size() && text[i + 1] != ' ';
    if (is_within && std::string_view{".:/@"}.find(text[i]) != std::string_view::npos)
      result += word_joiner;
  }
  return result;
}

std::string to_json(const one_time_code_mail& values) {
  Json::Value json{Json::objectValue};
  json["code"] = values.code;
  return write_json(json);
}

std::string to_json(const key_displaced_mail& values) {
  Json::Value json{Json::objectValue};
  json["prefix"] = values.prefix;
  return write_json(json);
}

std::string to_json(const account_notice_mail& values) {
  Json::Value json{Json::objectValue};
  json["what"] = std::string{to_string(values.what)};
  json["detail"] = values.detail;
  if (values.is_operators)
    json["operator"] = true;
  return write_json(json);
}

std::string to_json(const activation_mail& values) {
  Json::Value json{Json::objectValue};
  json["customer_name"] = values.customer_name;
  json["product"] = values.product;
  json["order"] = values.order;
  json["esims"] = write_all<activation_mail::item>(values.esims, write);
  json["dealer"] = to_string(values.dealer);
  json["unit"] = values.unit;
  json["units"] = values.units;
  return write_json(json);
}

std::string to_json(const batch_results_mail& values) {
  Json::Value json{Json::objectValue};
  json["batch"] = to_string(values.batch);
  return write_json(json);
}

caf::expected<one_time_code_mail> one_time_code_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  one_time_code_mail values{text_of(*json, "code")};
  if (values.code.empty())
    return make_error(ec::internal, "the mail has no code");
  return values;
}

caf::expected<key_displaced_mail> key_displaced_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  key_displaced_mail values{text_of(*json, "prefix")};
  if (values.prefix.empty())
    return make_error(ec::internal, "the mail names no key");
  return values;
}

caf::expected<low_stock_mail> low_stock_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  low_stock_mail values{text_of(*json, "pool"), number_of(*json, "available"),
                        number_of(*json, "threshold")};
  if (values.pool.empty())
    return make_error(ec::internal, "the mail names no pool");
  return values;
}

caf::expected<account_notice_mail> account_notice_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  auto what = value_named<account_notice>(text_of(*json, "what"), notice_names);
  if (!what)
    return make_error(ec::internal, "the mail tells of nothing");
  bool is_operators = (*json)["operator"] == Json::Value{true};
  return account_notice_mail{*what, text_of(*json, "detail"), is_operators};
}

caf::expected<activation_mail> activation_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  activation_mail values{
    text_of(*json, "customer_name"), text_of(*json, "product"), text_of(*json, "order"), {}};
  values.dealer = dealer_id::parse(text_of(*json, "dealer")).value_or(dealer_id{});
  values.unit = static_cast<int32_t>(number_of(*json, "unit"));
  values.units = static_cast<int32_t>(number_of(*json, "units"));
  const auto& esims = member(*json, "esims");
  if (esims.isArray())
    for (const auto& entry : esims)
      values.esims.push_back({text_of(entry, "iccid"), text_of(entry, "lpa")});
  if (values.esims.empty())
    return make_error(ec::internal, "the mail has no eSIM");
  return values;
}

caf::expected<batch_results_mail> batch_results_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  auto batch = batch_id::parse(text_of(*json, "batch"));
  if (!batch)
    return make_error(ec::internal, "the mail names no batch");
  return batch_results_mail{*batch};
}

} // namespace meisim
