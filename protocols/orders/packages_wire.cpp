#include "protocols/orders/packages_wire.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/provider_wire.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

std::string credential_of(const std::string& api_key) {
  return "X-Api-Key: " + api_key;
}

provider_call catalogue_call() {
  return {"GET", "/packages"};
}

/// Adds what one line of the list sells.
void add_package(catalogue& to, const Json::Value& json) {
  auto id = text_of(json, "id");
  auto price = number_of(json, "net_price", -1);
  if (id.empty() || price < 0 || price > highest_price.cents()) {
    to.refused.push_back(fmt::format("{}: {} is no price in cents from 0 to {}", id,
                                     write_json(member(json, "net_price")), highest_price.cents()));
    return;
  }
  auto title = text_of(json, "title");
  auto country = text_of(json, "country");
  if (text_of(json, "type") == "plan")
    to.products.push_back({id, title, country, money::from_cents(price), false, false, false,
                           text_of(json, "region"), number_of(json, "amount_mb"),
                           static_cast<int32_t>(number_of(json, "days"))});
  else
    to.bundles.push_back({id, title, country, text_of(json, "region"), number_of(json, "amount_mb"),
                          static_cast<int32_t>(number_of(json, "days")), money::from_cents(price)});
}

caf::expected<catalogue> read_catalogue(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::move(json.error());
  catalogue result;
  const auto& list = member(*json, "data");
  if (list.isArray())
    for (const auto& item : list)
      add_package(result, item);
  if (result.bundles.empty() && result.products.empty())
    return make_error(ec::internal, "the catalogue is empty");
  return result;
}

provider_call order_call(const provider_order& order) {
  Json::Value json{Json::objectValue};
  json["package_id"] = order.product;
  json["client_ref"] = order.reference;
  return {"POST", "/orders", write_json(json)};
}

provider_call look_up_call(const provider_order& order) {
  return {"GET", "/orders?client_ref=" + url_escaped(order.reference)};
}

std::string message_in(const Json::Value& json, int32_t status) {
  return reason_of(text_of(json, "message"), status);
}

provider_outcome read_order(const Json::Value& json) {
  auto state = text_of(json, "state");
  if (state == "failed") {
    auto reason = text_of(json, "reason");
    return refused(reason.empty() ? "the provider refused" : reason.substr(0, 200));
  }
  const auto& sim = member(json, "sim");
  esim bought{text_of(sim, "iccid"), text_of(sim, "qrcode"), text_of(json, "id")};
  if (state == "done" && !bought.iccid.empty() && !bought.lpa.empty())
    return placed(in_one_form(std::move(bought)));
  return unknown(state == "processing" ? "the provider is still at work on it"
                                       : "the provider's answer cannot be read");
}

provider_outcome read_look_up(const Json::Value& json, const std::string& reference) {
  const auto& list = member(json, "data");
  if (!list.isArray())
    return unknown("the provider's answer cannot be read");
  for (const auto& item : list)
    if (text_of(item, "client_ref") == reference)
      return read_order(item);
  return absent("the provider knows no such order");
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto json = parse_json_object(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  if (status == 200)
    return is_look_up ? read_look_up(answer, order.reference) : read_order(member(answer, "data"));
  auto reason = message_in(answer, status);
  if (is_look_up)
    return unknown(std::move(reason));
  return outcome_of_status(status, std::move(reason));
}

provider_call esim_call(const esim_question& question) {
  return {question.is_revocation ? "DELETE" : "GET", "/sims/" + url_escaped(question.iccid)};
}

/// Passes a number on, where there is one.
void copy_number(const Json::Value& from, const char* name, Json::Value& to, const char* as) {
  const auto& value = member(from, name);
  if (value.isIntegral())
    to[as] = value;
}

provider_text read_esim(int32_t status, const std::string& body, const esim_question&) {
  if (status != 200)
    return {status, body};
  auto json = parse_json_object(body);
  const auto& sim = json ? member(*json, "data") : Json::Value::nullSingleton();
  auto expiry = text_of(sim, "expires_at");
  Json::Value result{Json::objectValue};
  result["Status"] = "Success";
  result["Iccid"] = text_of(sim, "iccid");
  result["BundleName"] = text_of(sim, "package_id");
  result["State"] = text_of(sim, "state");
  copy_number(sim, "total_mb", result, "DataAllowanceMb");
  copy_number(sim, "used_mb", result, "DataUsedMb");
  copy_number(sim, "days", result, "ValidityDays");
  result["ExpiresAt"] = expiry.empty() ? Json::Value::nullSingleton() : Json::Value{expiry};
  return {200, write_json(result)};
}

} // namespace

const provider_format packages_format{
  .name = "packages",
  .credential = credential_of,
  .catalogue_call = catalogue_call,
  .read_catalogue = read_catalogue,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = esim_call,
  .read_esim = read_esim,
  .sim_call = nullptr,
};

std::string packages_to_wire(const catalogue& from) {
  Json::Value json{Json::objectValue};
  auto& list = json["data"] = Json::Value{Json::arrayValue};
  auto add = [&list](const auto& item, const char* type, const std::string& id,
                     const std::string& title) -> Json::Value& {
    Json::Value line{Json::objectValue};
    line["id"] = id;
    line["title"] = title;
    line["type"] = type;
    line["country"] = item.country_iso;
    line["net_price"] = Json::Int64{item.price.cents()};
    return list.append(std::move(line));
  };
  for (const auto& item : from.bundles) {
    auto& line = add(item, "data", item.name, item.description);
    line["region"] = item.region;
    line["amount_mb"] = Json::Int64{item.data_mb};
    line["days"] = item.validity_days;
  }
  for (const auto& item : from.products)
    add(item, "plan", item.id, item.name);
  return write_json(json);
}

caf::expected<provider_order> package_order_from_wire(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  provider_order order{text_of(*json, "client_ref"), text_of(*json, "package_id"), {}};
  if (order.reference.empty() || order.reference.size() > 128 || order.product.empty())
    return make_error(ec::invalid, "package_id and client_ref must be given");
  return order;
}

std::string package_sim_to_wire(std::string_view standard_text) {
  auto json = parse_json_object(standard_text);
  const auto& from = json ? *json : Json::Value::nullSingleton();
  Json::Value sim{Json::objectValue};
  sim["iccid"] = text_of(from, "Iccid");
  sim["package_id"] = text_of(from, "BundleName");
  sim["state"] = text_of(from, "State");
  copy_number(from, "DataAllowanceMb", sim, "total_mb");
  copy_number(from, "DataUsedMb", sim, "used_mb");
  copy_number(from, "ValidityDays", sim, "days");
  sim["expires_at"] = text_of(from, "ExpiresAt");
  Json::Value result{Json::objectValue};
  result["data"] = std::move(sim);
  return write_json(result);
}

std::string package_order_to_wire(const std::string& reference, const provider_outcome& outcome) {
  Json::Value json{Json::objectValue};
  json["client_ref"] = reference;
  json["state"] = "processing";
  if (outcome.verdict == provider_verdict::placed) {
    json["id"] = outcome.bought.provider_order_id;
    json["state"] = "done";
    json["sim"]["iccid"] = outcome.bought.iccid;
    json["sim"]["qrcode"] = outcome.bought.lpa;
  } else if (outcome.verdict == provider_verdict::refused) {
    json["state"] = "failed";
    json["reason"] = outcome.reason;
  }
  return write_json(json);
}

} // namespace meisim
