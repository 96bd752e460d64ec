#include "protocols/notify/mail_content.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

namespace meisim {

namespace {

Json::Value write(const activation_mail::item& from) {
  Json::Value json{Json::objectValue};
  json["iccid"] = from.iccid;
  json["lpa"] = from.lpa;
  return json;
}

} // namespace

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

std::string to_json(const activation_mail& values) {
  Json::Value json{Json::objectValue};
  json["customer_name"] = values.customer_name;
  json["product"] = values.product;
  json["order"] = values.order;
  json["esims"] = write_all<activation_mail::item>(values.esims, write);
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

caf::expected<activation_mail> activation_from(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  activation_mail values{
    text_of(*json, "customer_name"), text_of(*json, "product"), text_of(*json, "order"), {}};
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
