#include "protocols/orders/recharge_wire.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_wire.hpp"

#include <utility>

namespace meisim {

namespace {

Json::Value write(const network_bundle& x) {
  Json::Value json{Json::objectValue};
  json["code"] = x.code;
  json["description"] = x.description;
  json["value"] = hundredths_to_string(x.value);
  return json;
}

Json::Value write(const network& x) {
  Json::Value json{Json::objectValue};
  json["name"] = x.name;
  json["country"] = x.country_iso;
  json["currency"] = x.currency;
  json["least"] = hundredths_to_string(x.least);
  json["most"] = hundredths_to_string(x.most);
  json["usd_rate"] = exact_to_string(x.usd_rate);
  json["bundles"] = write_all<network_bundle>(x.bundles, write);
  return json;
}

/// A value in hundredths. Zero if it is no amount above zero, or above a million, so that no price
/// can overflow.
int64_t value_of(const Json::Value& json, const char* name) {
  constexpr int64_t most = 100'000'000;
  auto value = money::parse(text_of(json, name)).value_or(money{}).cents();
  return value < 0 || value > most ? 0 : value;
}

/// `1.27`; zero if it is no rate, or above 100,000.
int64_t rate_of(std::string_view text) {
  auto rate = exact_up(text).value_or(0);
  return rate <= 100'000 * exact_unit ? rate : 0;
}

bool read(const Json::Value& json, network_bundle& x) {
  x = {text_of(json, "code"), text_of(json, "description"), value_of(json, "value")};
  return !x.code.empty() && x.value > 0;
}

bool read(const Json::Value& json, network& x) {
  x = {text_of(json, "name"),
       text_of(json, "country"),
       text_of(json, "currency"),
       value_of(json, "least"),
       value_of(json, "most"),
       rate_of(text_of(json, "usd_rate")),
       read_all<network_bundle>(member(json, "bundles"), read)};
  return !x.name.empty() && x.least > 0 && x.most >= x.least && x.usd_rate > 0;
}

void write_sim(Json::Value& json, const sim_target& sim) {
  if (!sim.contact_number.empty())
    json["contact_number"] = sim.contact_number;
  if (!sim.sim_serial.empty())
    json["sim_serial"] = sim.sim_serial;
}

sim_target read_sim(const Json::Value& json) {
  return {text_of(json, "contact_number"), text_of(json, "sim_serial")};
}

bool is_one_sim(const sim_target& sim) {
  return sim.contact_number.empty() != sim.sim_serial.empty();
}

/// Data for an eSIM.
provider_order data_order(const Json::Value& json) {
  recharge what;
  what.network = text_of(json, "product");
  what.sim.sim_serial = text_of(json, "iccid");
  provider_order order{text_of(json, "reference"), what.network, {}};
  order.top_up = std::move(what);
  return order;
}

} // namespace

Json::Value write_networks(const std::vector<network>& items) {
  return write_all<network>(items, write);
}

std::vector<network> read_networks(const Json::Value& json) {
  return read_all<network>(json, read);
}

std::string recharge_to_wire(const provider_order& order) {
  const auto& what = *order.top_up;
  Json::Value json{Json::objectValue};
  json["reference"] = order.reference;
  if (what.is_data()) {
    json["product"] = what.network;
    json["iccid"] = what.sim.sim_serial;
    return write_json(json);
  }
  json["network"] = what.network;
  write_sim(json, what.sim);
  json["currency"] = what.currency;
  json["value"] = hundredths_to_string(what.value);
  if (!what.bundle_code.empty()) {
    json["bundle"]["code"] = what.bundle_code;
    json["bundle"]["value"] = hundredths_to_string(what.bundle_value);
  }
  return write_json(json);
}

caf::expected<provider_order> recharge_from_wire(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  if (json->isMember("product"))
    return data_order(*json);
  const auto& extra = member(*json, "bundle");
  recharge what{text_of(*json, "network"), read_sim(*json),        text_of(*json, "currency"),
                value_of(*json, "value"),  text_of(extra, "code"), value_of(extra, "value")};
  provider_order order{text_of(*json, "reference"), what.network, {}};
  if (order.reference.empty() || order.reference.size() > 128 || what.network.empty())
    return make_error(ec::invalid, "reference and network must be given");
  if (!is_one_sim(what.sim))
    return make_error(ec::invalid, "one of contact_number and sim_serial must be given");
  order.top_up = std::move(what);
  return order;
}

std::string to_wire(const sim_question& question) {
  Json::Value json{Json::objectValue};
  json["network"] = question.network;
  write_sim(json, question.sim);
  return write_json(json);
}

caf::expected<sim_question> sim_question_from_wire(std::string_view text) {
  auto json = parse_json_object(text);
  if (!json)
    return std::move(json.error());
  sim_question question{text_of(*json, "network"), read_sim(*json)};
  if (question.network.empty() || !is_one_sim(question.sim))
    return make_error(ec::invalid,
                      "network and one of contact_number and sim_serial must be given");
  return question;
}

} // namespace meisim
