#include "protocols/orders/provider_wire.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/address_json.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/recharge_wire.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

Json::Value write(const country& x) {
  Json::Value json{Json::objectValue};
  json["iso"] = x.iso;
  json["name"] = x.name;
  json["region"] = x.region;
  return json;
}

Json::Value write(const bundle& x) {
  Json::Value json{Json::objectValue};
  json["name"] = x.name;
  json["description"] = x.description;
  json["country"] = x.country_iso;
  json["region"] = x.region;
  json["data_mb"] = Json::Int64{x.data_mb};
  json["validity_days"] = x.validity_days;
  json["price"] = to_string(x.price);
  return json;
}

Json::Value write(const product& x) {
  Json::Value json{Json::objectValue};
  json["id"] = x.id;
  json["name"] = x.name;
  json["country"] = x.country_iso;
  json["price"] = to_string(x.price);
  auto& requires_ = json["requires"] = Json::Value{Json::arrayValue};
  if (x.needs_imei)
    requires_.append("imei");
  if (x.needs_eid)
    requires_.append("eid");
  if (x.needs_address)
    requires_.append("address");
  if (!x.region.empty())
    json["region"] = x.region;
  json["data_mb"] = Json::Int64{x.data_mb};
  json["validity_days"] = x.validity_days;
  return json;
}

bool needs(const Json::Value& json, const char* what) {
  const auto& list = member(json, "requires");
  return list.isArray() && std::ranges::find(list, Json::Value{what}) != list.end();
}

/// The price of a line; nothing if we cannot charge it.
std::optional<money> price_in(const Json::Value& json) {
  auto price = money::parse(text_of(json, "price"));
  return price && !price->is_negative() && *price <= highest_price ? price : std::nullopt;
}

bool read(const Json::Value& json, country& x) {
  x = {text_of(json, "iso"), text_of(json, "name"), text_of(json, "region")};
  return !x.iso.empty() && !x.name.empty();
}

bool read(const Json::Value& json, bundle& x) {
  auto price = price_in(json);
  x = {text_of(json, "name"),      text_of(json, "description"),
       text_of(json, "country"),   text_of(json, "region"),
       number_of(json, "data_mb"), static_cast<int32_t>(number_of(json, "validity_days")),
       price.value_or(money{})};
  return !x.name.empty() && price;
}

bool read(const Json::Value& json, product& x) {
  auto price = price_in(json);
  x = {text_of(json, "id"),        text_of(json, "name"),
       text_of(json, "country"),   price.value_or(money{}),
       needs(json, "imei"),        needs(json, "eid"),
       needs(json, "address"),     text_of(json, "region"),
       number_of(json, "data_mb"), static_cast<int32_t>(number_of(json, "validity_days"))};
  return !x.id.empty() && price;
}

/// Reads the lines of the member `name`. Lines that cannot be sold are left out.
template <class T>
std::vector<T> read_sold(const Json::Value& array, const char* name, catalogue& to) {
  std::vector<T> result;
  if (!array.isArray())
    return result;
  for (const auto& line : array) {
    T item;
    if (read(line, item))
      result.push_back(std::move(item));
    else
      to.refused.push_back(fmt::format("{}: {} is no price in whole cents from 0.00 to {}",
                                       text_of(line, name), write_json(member(line, "price")),
                                       to_string(highest_price)));
  }
  return result;
}

std::string error_text(std::string_view body, int32_t status) {
  auto json = parse_json_object(body);
  auto message = json ? text_of(member(*json, "error"), "message") : std::string{};
  if (json && message.empty())
    message = text_of(*json, "reason");
  return reason_of(message, status);
}

/// What an order says of itself.
provider_outcome read_order(std::string_view body, bool is_top_up) {
  auto json = parse_json_object(body);
  if (!json)
    return unknown("the provider's answer cannot be read");
  auto status = text_of(*json, "status");
  if (status == "refused")
    return refused(error_text(body, 422));
  const auto& card = member(*json, "esim");
  esim bought{text_of(card, "iccid"), text_of(card, "lpa"), text_of(*json, "order_id")};
  bool is_whole =
    is_top_up ? !bought.provider_order_id.empty() : !bought.iccid.empty() && !bought.lpa.empty();
  if (status == "completed" && is_whole)
    return placed(in_one_form(std::move(bought)));
  return unknown(status == "pending" ? "the provider is still at work on it"
                                     : "the provider's answer cannot be read");
}

// -- the table ------------------------------------------------------------------------------------

provider_call catalogue_call() {
  return {"GET", "/v1/catalogue"};
}

provider_call order_call(const provider_order& order) {
  return {"POST", std::string{orders_path(order.top_up.has_value())}, to_wire(order)};
}

provider_call look_up_call(const provider_order& order) {
  return {"GET", fmt::format("{}/{}", orders_path(order.top_up.has_value()),
                             url_escaped(order.reference))};
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  return outcome_from_wire(status, body, is_look_up, order.top_up.has_value());
}

provider_call esim_call(const esim_question& question) {
  return {question.is_revocation ? "POST" : "GET", esim_path(question)};
}

/// The dealers' form is that of this format.
provider_text read_esim(int32_t status, const std::string& body, const esim_question&) {
  return {status, body};
}

provider_call sim_call(const sim_question& question, const network&) {
  return {"POST", std::string{sim_check_path}, to_wire(question)};
}

} // namespace

const provider_format standard_format{
  .name = "standard",
  .credential = bearer_line,
  .catalogue_call = catalogue_call,
  .read_catalogue = catalogue_from_wire,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = esim_call,
  .read_esim = read_esim,
  .sim_call = sim_call,
  .tops_up_esims = true,
  .list_call = standard_list_call,
  .read_list = read_standard_list,
};

std::string to_wire(const catalogue& from) {
  Json::Value json{Json::objectValue};
  json["countries"] = write_all<country>(from.countries, write);
  json["bundles"] = write_all<bundle>(from.bundles, write);
  json["products"] = write_all<product>(from.products, write);
  json["networks"] = write_networks(from.networks);
  return write_json(json);
}

caf::expected<catalogue> catalogue_from_wire(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  catalogue result;
  result.countries = read_all<country>(member(*json, "countries"), read);
  result.bundles = read_sold<bundle>(member(*json, "bundles"), "name", result);
  result.products = read_sold<product>(member(*json, "products"), "id", result);
  result.networks = read_networks(member(*json, "networks"));
  if (result.bundles.empty() && result.products.empty())
    return make_error(ec::internal, "the catalogue is empty");
  return result;
}

std::string to_wire(const provider_order& order) {
  if (order.top_up)
    return recharge_to_wire(order);
  return json_object([&](json_writer& out) {
    out.member("reference", order.reference)
      .member("product", order.product)
      .optional_member("imei", or_null(order.buyer.imei))
      .optional_member("eid", or_null(order.buyer.eid));
    if (!order.buyer.address.address_line_1.empty())
      out.object("address", write_address, order.buyer.address);
  });
}

caf::expected<provider_order> order_from_wire(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  provider_order order;
  order.reference = text_of(*json, "reference");
  order.product = text_of(*json, "product");
  order.buyer.imei = text_of(*json, "imei");
  order.buyer.eid = text_of(*json, "eid");
  order.buyer.address = address_from(member(*json, "address"));
  if (order.reference.empty() || order.reference.size() > 128 || order.product.empty())
    return make_error(ec::invalid, "reference and product must be given");
  return order;
}

std::string to_wire(const provider_order& order, const provider_outcome& outcome) {
  Json::Value json{Json::objectValue};
  json["reference"] = order.reference;
  json[order.top_up ? "network" : "product"] = order.product;
  switch (outcome.verdict) {
  case provider_verdict::placed:
    json["order_id"] = outcome.bought.provider_order_id;
    json["status"] = "completed";
    if (!order.top_up) {
      json["esim"]["iccid"] = outcome.bought.iccid;
      json["esim"]["lpa"] = outcome.bought.lpa;
    }
    break;
  case provider_verdict::refused:
    json["status"] = "refused";
    json["reason"] = outcome.reason;
    break;
  case provider_verdict::unknown:
  case provider_verdict::unavailable:
  case provider_verdict::ours:
  case provider_verdict::contested:
  case provider_verdict::absent:
    json["status"] = "pending";
    break;
  }
  return write_json(json);
}

std::string wire_error(std::string_view code, std::string_view message) {
  Json::Value json{Json::objectValue};
  json["error"]["code"] = std::string{code};
  json["error"]["message"] = std::string{message};
  return write_json(json);
}

provider_outcome outcome_from_wire(int32_t status, std::string_view body, bool is_look_up,
                                   bool is_top_up) {
  if (status == 200 || status == 201 || status == 202)
    return read_order(body, is_top_up);
  if (is_look_up)
    return status == 404 ? absent(error_text(body, status)) : unknown(error_text(body, status));
  return outcome_of_status(status, error_text(body, status));
}

std::string_view orders_path(bool is_top_up) {
  return is_top_up ? "/v1/recharges" : "/v1/orders";
}

std::string esim_path(const esim_question& question) {
  return "/v1/esims/" + url_escaped(question.iccid) + (question.is_revocation ? "/revoke" : "");
}

} // namespace meisim
