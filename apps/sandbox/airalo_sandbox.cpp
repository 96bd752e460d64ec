#include "apps/sandbox/airalo_sandbox.hpp"

#include "apps/sandbox/sandbox_answers.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace meisim::sandbox {

namespace {

constexpr std::string_view root = "/airalo-api";
constexpr std::string_view special = "sandbox-";
constexpr size_t places_a_page = 10;

sandbox_answer refuse(int status, int code, const char* reason) {
  Json::Value body{Json::objectValue};
  body["code"] = code;
  body["reason"] = reason;
  return json_answer(status, body);
}

sandbox_answer refuse_field(const char* field, const char* message) {
  Json::Value body{Json::objectValue};
  body["data"][field] = message;
  body["meta"]["message"] = "the parameter is invalid";
  return json_answer(422, body);
}

std::string id_of(const bundle& item) {
  auto place = lowered(item.country_iso.empty() ? item.region : item.country_iso);
  if (auto at = item.name.find(special); at != std::string::npos)
    return fmt::format("{}-{}", place, item.name.substr(at));
  return fmt::format("{}-{}gb-{}days", place, item.data_mb / 1'024, item.validity_days);
}

std::vector<bundle> make_packages() {
  auto result = make_catalogue().bundles;
  auto unpaid = result.back();
  unpaid.name = "esim_sandbox-unpaid";
  result.push_back(std::move(unpaid));
  for (auto& item : result)
    item.name = id_of(item);
  return result;
}

const std::vector<bundle>& packages() {
  static const auto result = make_packages();
  return result;
}

constexpr std::string_view top_up_ending = "-topup";

Json::Value package_of(const bundle& item, const char* type) {
  bool is_top_up = std::string_view{type} == "topup";
  Json::Value json{Json::objectValue};
  json["id"] = item.name + std::string{is_top_up ? top_up_ending : ""};
  json["type"] = type;
  json["title"] = item.description;
  json["amount"] = Json::Int64{item.data_mb};
  json["day"] = item.validity_days;
  json["is_unlimited"] = false;
  // What the retail price may not fall below, and what we pay.
  json["price"] = 99.99;
  json["prices"]["net_price"]["USD"] = to_string(item.price);
  return json;
}

/// Countries and regions, each with its packages by one network.
std::vector<Json::Value> places(bool with_top_ups) {
  std::map<std::string, Json::Value> by_place;
  for (const auto& item : packages()) {
    auto& place = by_place[item.country_iso.empty() ? item.region : item.country_iso];
    place["country_code"] = item.country_iso;
    place["title"] = item.country_iso.empty() ? item.region : "Country " + item.country_iso;
    auto& seller = place["operators"][0];
    seller["title"] = "Sandbox Mobile";
    seller["is_kyc_verify"] = false;
    seller["packages"].append(package_of(item, "sim"));
    if (with_top_ups)
      seller["packages"].append(package_of(item, "topup"));
  }
  std::vector<Json::Value> result;
  for (auto& [name, place] : by_place)
    result.push_back(std::move(place));
  return result;
}

sandbox_answer list_packages(const std::string& query) {
  static const auto plain = places(false);
  static const auto with_top_ups = places(true);
  const auto& all = value_in(query, "include") == "topup" ? with_top_ups : plain;
  auto page = value_in(query, "page");
  size_t number = page.empty() ? 1 : std::stoul(page);
  Json::Value json{Json::objectValue};
  auto& data = json["data"] = Json::Value{number == 1 ? Json::arrayValue : Json::objectValue};
  auto end = std::min(number * places_a_page, all.size());
  for (size_t i = (number - 1) * places_a_page; i < end; ++i)
    // Behind the first page an object takes the array's place.
    if (number == 1)
      data.append(all[i]);
    else
      data[std::to_string(i)] = all[i];
  json["meta"]["last_page"] = Json::UInt64{(all.size() + places_a_page - 1) / places_a_page};
  return json_answer(200, json);
}

Json::Value sim_of(const std::string& order) {
  auto bought = make_esim("airalo " + order);
  Json::Value sim{Json::objectValue};
  sim["iccid"] = bought.iccid;
  sim["qrcode"] = bought.lpa;
  return sim;
}

/// A top-up brings no SIM.
Json::Value shown(const auto& one) {
  Json::Value json{Json::objectValue};
  json["id"] = std::stoi(one.id);
  json["package_id"] = one.package;
  json["description"] = one.description;
  json["price"] = "6.50";
  json["currency"] = "USD";
  json["type"] = one.topped_up.empty() ? "sim" : "topup";
  if (one.topped_up.empty())
    json["sims"].append(sim_of(one.id));
  json["status"]["slug"] = "completed";
  return json;
}

sandbox_answer about(Json::Value data) {
  Json::Value json{Json::objectValue};
  json["data"] = std::move(data);
  json["meta"]["message"] = "success";
  return json_answer(200, json);
}

sandbox_answer show_balance() {
  Json::Value data{Json::objectValue};
  auto& left = data["balances"]["availableBalance"];
  left["amount"] = "12345.67";
  left["currency"] = "USD";
  return about(std::move(data));
}

} // namespace

bool airalo_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

std::string airalo_sandbox::token() const {
  return fmt::format("token-{}", tokens_);
}

sandbox_answer airalo_sandbox::answer(const sandbox_request& request) {
  std::lock_guard guard{mutex_};
  auto path = std::string_view{request.path}.substr(root.size());
  if (path == "/test/orders") {
    Json::Value json{Json::objectValue};
    json["count"] = Json::UInt64{sales_.size()};
    return json_answer(200, json);
  }
  if (path == "/test/expire-tokens") {
    ++tokens_;
    return json_answer(200, Json::Value{Json::objectValue});
  }
  if (path == "/token") {
    if (value_in(request.body, "client_secret") == "wrong")
      return refuse(401, 14, "the credentials are wrong");
    Json::Value data{Json::objectValue};
    data["access_token"] = token();
    data["expires_in"] = 31'622'400;
    return about(std::move(data));
  }
  if (request.authorization != "Bearer " + token())
    return refuse(401, 14, "the token has ended");
  return answer_with_token(request, path);
}

sandbox_answer airalo_sandbox::answer_with_token(const sandbox_request& request,
                                                 std::string_view path) {
  constexpr std::string_view orders = "/orders/";
  constexpr std::string_view sims = "/sims/";
  constexpr std::string_view usage = "/usage";
  if (path == "/packages")
    return list_packages(request.query);
  bool is_top_up = path == "/orders/topups";
  if ((path == "/orders" || is_top_up) && request.method == "POST") {
    auto result = place(request.body, is_top_up);
    result.delay = order_delay_;
    return result;
  }
  if (path == "/orders")
    return find(value_in(request.query, "filter[description]"));
  if (path.starts_with(orders))
    return show(path.substr(orders.size()));
  if (path.starts_with(sims) && path.ends_with(usage))
    return show_usage(path.substr(sims.size(), path.size() - sims.size() - usage.size()));
  return path == "/balance" ? show_balance() : refuse(404, 43, "there is no such thing");
}

bool airalo_sandbox::has_sold(std::string_view iccid) const {
  return std::ranges::any_of(sales_, [&](const auto& one) {
    return one.topped_up.empty() && make_esim("airalo " + one.id).iccid == iccid;
  });
}

sandbox_answer airalo_sandbox::place(std::string_view form, bool is_top_up) {
  auto package = value_in(form, "package_id");
  auto iccid = is_top_up ? value_in(form, "iccid") : std::string{};
  if (is_top_up && package.ends_with(top_up_ending))
    package.resize(package.size() - top_up_ending.size());
  else if (is_top_up)
    return refuse(422, 34, "the package tops up nothing");
  if (std::ranges::find(packages(), package, &bundle::name) == packages().end())
    return refuse_field("package_id", "there is no such package");
  if (!is_top_up && (value_in(form, "quantity") != "1" || value_in(form, "type") != "sim"))
    return refuse_field("quantity", "one eSIM is expected");
  if (is_top_up && !has_sold(iccid))
    return refuse(422, 73, "the eSIM was recycled");
  if (package.ends_with("sandbox-reject"))
    return refuse(422, 34, "the package is out of stock");
  if (package.ends_with("sandbox-unpaid"))
    return refuse(422, 11, "insufficient credit");
  auto description = value_in(form, "description");
  if (package.ends_with("sandbox-flaky") && ++turned_away_[description] <= flaky_refusals)
    return json_answer(429, Json::Value{Json::objectValue});
  sales_.push_back({std::to_string(sales_.size() + 1), package, description, iccid});
  auto result = about(shown(sales_.back()));
  result.lost = package.ends_with("sandbox-timeout");
  return result;
}

sandbox_answer airalo_sandbox::find(const std::string& description) const {
  Json::Value list{Json::arrayValue};
  for (const auto& one : sales_)
    if (one.description.find(description) != std::string::npos)
      list.append(shown(one));
  return about(std::move(list));
}

sandbox_answer airalo_sandbox::show(std::string_view id) const {
  auto found = std::ranges::find(sales_, id, &sale::id);
  return found == sales_.end() ? refuse(404, 43, "there is no such order") : about(shown(*found));
}

sandbox_answer airalo_sandbox::show_usage(std::string_view iccid) const {
  constexpr int64_t sold_mb = 5'120;
  if (!has_sold(iccid))
    return refuse(404, 43, "there is no such eSIM");
  auto added = sold_mb * std::ranges::count(sales_, iccid, &sale::topped_up);
  Json::Value data{Json::objectValue};
  data["remaining"] = Json::Int64{1'024 + added};
  data["total"] = Json::Int64{sold_mb + added};
  data["status"] = "ACTIVE";
  data["expired_at"] = "2099-01-01 00:00:00";
  data["is_unlimited"] = false;
  return about(std::move(data));
}

} // namespace meisim::sandbox
