#include "apps/sandbox/dt_one_sandbox.hpp"

#include "apps/sandbox/sandbox_answers.hpp"
#include "protocols/base/base64.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace meisim::sandbox {

namespace {

constexpr std::string_view root = "/dt-one-api";
constexpr size_t most_a_page = 100;
constexpr auto slow_time = std::chrono::seconds{30};

/// An operator, by the beginning of its numbers, and the currency that it credits.
struct operator_of_sims {
  int id;
  std::string_view name;
  std::string_view iso;
  std::string_view country;
  std::string_view calling_code;
  std::string_view currency;
  /// What one of the currency costs in dollars.
  double rate;
};

constexpr std::array operators{
  operator_of_sims{11, "Vodafone UK", "GBR", "United Kingdom", "+44", "GBP", 1.2},
  operator_of_sims{22, "Airtel India", "IND", "India", "+91", "INR", 0.015625},
  operator_of_sims{33, "Digicel Jamaica", "JAM", "Jamaica", "+1876", "JMD", 0.0078125},
  operator_of_sims{9001, "sandbox-reject", "USA", "United States", "+1", "USD", 0.95},
  operator_of_sims{9002, "sandbox-flaky", "USA", "United States", "+1", "USD", 0.95},
  operator_of_sims{9003, "sandbox-timeout", "USA", "United States", "+1", "USD", 0.95},
  operator_of_sims{9004, "sandbox-slow", "USA", "United States", "+1", "USD", 0.95},
  operator_of_sims{9005, "sandbox-decline", "USA", "United States", "+1", "USD", 0.95},
  operator_of_sims{9006, "sandbox-unpaid", "USA", "United States", "+1", "USD", 0.95},
};

sandbox_answer refuse(int status, int code, const char* message) {
  Json::Value error{Json::objectValue};
  error["code"] = code;
  error["message"] = message;
  Json::Value body{Json::objectValue};
  body["errors"].append(std::move(error));
  return json_answer(status, body);
}

Json::Value shown_operator(const operator_of_sims& one) {
  Json::Value json{Json::objectValue};
  json["id"] = one.id;
  json["name"] = std::string{one.name};
  json["country"]["iso_code"] = std::string{one.iso};
  json["country"]["name"] = std::string{one.country};
  return json;
}

/// What all products of an operator have in common.
Json::Value product_of(const operator_of_sims& by, int id, const char* type) {
  Json::Value json{Json::objectValue};
  json["id"] = id;
  json["name"] = "Credit";
  json["type"] = type;
  json["operator"] = shown_operator(by);
  json["service"]["id"] = 1;
  json["destination"]["unit"] = std::string{by.currency};
  json["destination"]["unit_type"] = "CURRENCY";
  json["prices"]["wholesale"]["unit"] = "USD";
  json["prices"]["wholesale"]["unit_type"] = "CURRENCY";
  json["prices"]["wholesale"]["fee"] = 0;
  Json::Value benefit{Json::objectValue};
  benefit["type"] = "CREDITS";
  json["benefits"].append(std::move(benefit));
  Json::Value way{Json::arrayValue};
  way.append("mobile_number");
  json["required_credit_party_identifier_fields"].append(std::move(way));
  return json;
}

Json::Value fixed(const operator_of_sims& by, int id, double value) {
  auto json = product_of(by, id, "FIXED_VALUE_RECHARGE");
  json["destination"]["amount"] = value;
  json["prices"]["wholesale"]["amount"] = value * by.rate;
  return json;
}

Json::Value range(const operator_of_sims& by, int id, double least, double most) {
  auto json = product_of(by, id, "RANGED_VALUE_RECHARGE");
  json["destination"]["amount"]["min"] = least;
  json["destination"]["amount"]["max"] = most;
  json["prices"]["wholesale"]["amount"]["min"] = least * by.rate;
  json["prices"]["wholesale"]["amount"]["max"] = most * by.rate;
  return json;
}

Json::Value data(const operator_of_sims& by, int id) {
  auto json = fixed(by, id, 10);
  json["benefits"][0]["type"] = "DATA";
  return json;
}

/// The values of one operator fill more than a page.
std::vector<Json::Value> make_products() {
  std::vector<Json::Value> result;
  const auto& [vodafone, airtel, digicel] = std::tie(operators[0], operators[1], operators[2]);
  for (int value : {5, 10, 20})
    result.push_back(fixed(vodafone, 7'000 + value, value));
  result.push_back(data(vodafone, 7'100));
  result.push_back(range(airtel, 7'200, 50, 5'000));
  constexpr int values_of_digicel = 120;
  for (int i = 1; i <= values_of_digicel; ++i)
    result.push_back(fixed(digicel, 8'000 + i, i * 100));
  for (size_t i = 3; i < operators.size(); ++i)
    result.push_back(fixed(operators[i], operators[i].id + 10, 5));
  return result;
}

const std::vector<Json::Value>& products() {
  static const auto result = make_products();
  return result;
}

sandbox_answer list_products(const std::string& query) {
  auto asked = value_in(query, "page");
  size_t page = asked.empty() ? 1 : std::stoul(asked);
  const auto& all = products();
  Json::Value json{Json::arrayValue};
  auto end = std::min(page * most_a_page, all.size());
  for (size_t i = (page - 1) * most_a_page; i < end; ++i)
    json.append(all[i]);
  auto result = json_answer(200, json);
  if (end < all.size())
    result.headers.emplace_back("X-Next-Page", std::to_string(page + 1));
  return result;
}

sandbox_answer look_up(std::string_view number) {
  Json::Value json{Json::arrayValue};
  for (const auto& one : operators)
    if (number.starts_with(one.calling_code) && !number.ends_with("404")) {
      auto item = shown_operator(one);
      item["identified"] = json.empty();
      json.append(std::move(item));
    }
  return json_answer(200, json);
}

sandbox_answer show_balance() {
  Json::Value one{Json::objectValue};
  one["available"] = 12345.67;
  one["holding"] = 0;
  one["unit"] = "USD";
  one["unit_type"] = "CURRENCY";
  Json::Value json{Json::arrayValue};
  json.append(std::move(one));
  return json_answer(200, json);
}

bool may_come_in(const std::string& authorization) {
  constexpr std::string_view basic = "Basic ";
  if (!authorization.starts_with(basic))
    return false;
  auto shown = from_base64(std::string_view{authorization}.substr(basic.size()));
  return shown && !shown->ends_with(":wrong");
}

/// Who sells a product; null if nobody does.
const operator_of_sims* seller_of(int64_t product) {
  for (const auto& item : products())
    if (item["id"].asInt64() == product)
      return std::ranges::find(operators, item["operator"]["id"].asInt(), &operator_of_sims::id);
  return nullptr;
}

/// A range needs the amount that is to arrive.
bool has_amount(const Json::Value& wish) {
  for (const auto& item : products())
    if (item["id"].asInt64() == number_of(wish, "product_id")) {
      if (text_of(item, "type") != "RANGED_VALUE_RECHARGE")
        return true;
      const auto& wanted = member(member(wish, "destination"), "amount");
      const auto& bounds = item["destination"]["amount"];
      return text_of(wish, "calculation_mode") == "DESTINATION_AMOUNT" && wanted.isNumeric()
             && wanted.asDouble() >= bounds["min"].asDouble()
             && wanted.asDouble() <= bounds["max"].asDouble();
    }
  return false;
}

} // namespace

bool dt_one_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

sandbox_answer dt_one_sandbox::answer(const sandbox_request& request, time_point now) {
  constexpr std::string_view numbers = "/lookup/mobile-number/";
  std::lock_guard guard{mutex_};
  auto path = std::string_view{request.path}.substr(root.size());
  if (path == "/test/orders") {
    Json::Value json{Json::objectValue};
    json["count"] = Json::Int64{std::ranges::count(transactions_, 7, &transaction::ends_as)};
    return json_answer(200, json);
  }
  if (!may_come_in(request.authorization))
    return refuse(401, 1'000'401, "Unauthorized");
  if (path == "/products")
    return list_products(request.query);
  if (path.starts_with(numbers))
    return look_up(path.substr(numbers.size()));
  if (path == "/balances")
    return show_balance();
  if (path == "/transactions")
    return find(value_in(request.query, "external_id"), now);
  if (path == "/async/transactions" && request.method == "POST") {
    auto result = place(request.body, now);
    result.delay = order_delay_;
    return result;
  }
  return refuse(404, 1'000'404, "Not found");
}

sandbox_answer dt_one_sandbox::place(const std::string& body, time_point now) {
  auto wish = parse_json_object(body);
  auto external_id = wish ? text_of(*wish, "external_id") : std::string{};
  if (external_id.empty() || member(*wish, "auto_confirm") != Json::Value{true}
      || !has_amount(*wish))
    return refuse(400, 1'000'400, "Bad request");
  const auto* by = seller_of(number_of(*wish, "product_id"));
  auto number = text_of(member(*wish, "credit_party_identifier"), "mobile_number");
  if (by == nullptr || !number.starts_with(by->calling_code) || number.ends_with("404"))
    return refuse(400, 1'003'001, "Invalid credit party identifier");
  if (std::ranges::find(transactions_, external_id, &transaction::external_id)
      != transactions_.end())
    return refuse(400, 1'007'001, "External id was used before");
  if (by->name.ends_with("sandbox-flaky") && ++turned_away_[external_id] <= flaky_refusals)
    return refuse(429, 1'000'429, "Too many requests");
  transaction made{std::to_string(transactions_.size() + 1), external_id, 7, "COMPLETED", now};
  if (by->name.ends_with("sandbox-reject") || by->name.ends_with("sandbox-unpaid"))
    made.ends_as = 3;
  if (by->name.ends_with("sandbox-decline"))
    made.ends_as = 9;
  if (made.ends_as == 3)
    made.words = by->name.ends_with("sandbox-unpaid") ? "REJECTED-INSUFFICIENT-BALANCE"
                                                      : "REJECTED-BARRED-CREDIT-PARTY";
  if (made.ends_as == 9)
    made.words = "DECLINED-BY-OPERATOR";
  if (by->name.ends_with("sandbox-slow"))
    made.ends_at += slow_time;
  transactions_.push_back(made);
  auto accepted = made;
  accepted.ends_at = now + slow_time;
  auto result = json_answer(201, shown(accepted, now));
  result.lost = by->name.ends_with("sandbox-timeout");
  // Twice, as real callbacks sometimes come.
  if (auto url = text_of(*wish, "callback_url"); !url.empty())
    result.callbacks.assign(2, call_of(made, url, now));
  return result;
}

/// Tells how the transaction ended, once it has.
sandbox_callback dt_one_sandbox::call_of(const transaction& one, const std::string& url,
                                         time_point now) const {
  using namespace std::chrono;
  return {url, write_json(shown(one, one.ends_at)),
          order_delay_ + milliseconds{100} + ceil<milliseconds>(one.ends_at - now)};
}

Json::Value dt_one_sandbox::shown(const transaction& one, time_point now) {
  bool is_over = now >= one.ends_at;
  Json::Value json{Json::objectValue};
  json["id"] = std::stoi(one.number);
  json["external_id"] = one.external_id;
  json["status"]["message"] = is_over ? one.words : "CONFIRMED";
  json["status"]["class"]["id"] = is_over ? one.ends_as : 2;
  json["prices"]["wholesale"]["amount"] = 6;
  json["prices"]["wholesale"]["fee"] = 0;
  json["prices"]["wholesale"]["unit"] = "USD";
  return json;
}

sandbox_answer dt_one_sandbox::find(const std::string& external_id, time_point now) const {
  Json::Value json{Json::arrayValue};
  for (const auto& one : transactions_)
    if (one.external_id == external_id)
      json.append(shown(one, now));
  return json_answer(200, json);
}

} // namespace meisim::sandbox
