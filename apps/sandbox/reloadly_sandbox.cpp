#include "apps/sandbox/reloadly_sandbox.hpp"

#include "apps/sandbox/sandbox_answers.hpp"
#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

namespace meisim::sandbox {

namespace {

constexpr std::string_view root = "/reloadly-api";
constexpr size_t operators_a_page = 4;
constexpr auto slow_time = std::chrono::seconds{30};

/// Who is topped up, by the beginning of its numbers.
struct seller {
  int id;
  std::string_view name;
  std::string_view iso;
  std::string_view country;
  std::string_view calling_code;
  std::vector<double> fixed = {};
  double discount = 4;
  double fee = 0;
  /// `data` or `pin` for what is no credit.
  std::string_view kind = {};
};

const std::vector<seller>& sellers() {
  static const std::vector<seller> result{
    {341, "Vodafone UK", "GB", "United Kingdom", "44"},
    {342, "EE UK", "GB", "United Kingdom", "44"},
    {200, "Airtel India", "IN", "India", "91", {}, 7.5},
    {201, "Airtel India Data", "IN", "India", "91", {1.5, 3}, 0, 0, "data"},
    {71, "Telekom Germany", "DE", "Germany", "49", {5, 10.5, 25}, 3},
    {88, "AT&T United States", "US", "United States", "1", {}, 0, 0.25},
    {89, "Voucher United States", "US", "United States", "1", {10}, 0, 0, "pin"},
    {90, "Orange France", "FR", "France", "33"},
    {9001, "sandbox-reject", "US", "United States", "1"},
    {9002, "sandbox-flaky", "US", "United States", "1"},
    {9003, "sandbox-timeout", "US", "United States", "1"},
    {9004, "sandbox-slow", "US", "United States", "1"},
    {9005, "sandbox-decline", "US", "United States", "1"},
    {9006, "sandbox-unpaid", "US", "United States", "1"},
  };
  return result;
}

sandbox_answer refuse(int status, const char* code, const char* message) {
  Json::Value body{Json::objectValue};
  body["errorCode"] = code;
  body["message"] = message;
  return json_answer(status, body);
}

Json::Value shown(const seller& one) {
  Json::Value json{Json::objectValue};
  json["operatorId"] = one.id;
  json["name"] = std::string{one.name};
  json["country"]["isoName"] = std::string{one.iso};
  json["country"]["name"] = std::string{one.country};
  json["denominationType"] = one.fixed.empty() ? "RANGE" : "FIXED";
  json["minAmount"] = one.fixed.empty() ? Json::Value{1} : Json::Value{};
  json["maxAmount"] = one.fixed.empty() ? Json::Value{60.5} : Json::Value{};
  auto& fixed = json["fixedAmounts"] = Json::Value{Json::arrayValue};
  for (auto amount : one.fixed)
    fixed.append(amount);
  json["senderCurrencyCode"] = "USD";
  json["destinationCurrencyCode"] = one.iso == "GB" ? "GBP" : "EUR";
  json["bundle"] = false;
  json["data"] = one.kind == "data";
  json["pin"] = one.kind == "pin";
  json["internationalDiscount"] = one.discount;
  json["fees"]["international"] = one.fee;
  return json;
}

sandbox_answer list_operators(const std::string& query) {
  auto asked = value_in(query, "page");
  size_t page = asked.empty() ? 1 : std::stoul(asked);
  const auto& all = sellers();
  Json::Value json{Json::objectValue};
  auto& content = json["content"] = Json::Value{Json::arrayValue};
  auto end = std::min(page * operators_a_page, all.size());
  for (size_t i = (page - 1) * operators_a_page; i < end; ++i)
    content.append(shown(all[i]));
  auto pages = (all.size() + operators_a_page - 1) / operators_a_page;
  json["totalPages"] = Json::UInt64{pages};
  json["last"] = page >= pages;
  return json_answer(200, json);
}

/// `rest` is a number, `/countries/` and a country.
sandbox_answer detect(std::string_view rest) {
  constexpr std::string_view countries = "/countries/";
  auto at = std::min(rest.find(countries), rest.size());
  auto number = rest.substr(0, at);
  auto iso = rest.substr(std::min(at + countries.size(), rest.size()));
  for (const auto& one : sellers())
    if (one.iso == iso && number.starts_with(one.calling_code) && !number.ends_with("404"))
      return json_answer(200, shown(one));
  return refuse(404, "COULD_NOT_AUTO_DETECT_OPERATOR", "no operator has this number");
}

sandbox_answer show_balance() {
  sandbox_answer result;
  result.body = R"({"balance":12345.67000,"currencyCode":"USD","currencyName":"US Dollar"})";
  return result;
}

bool sells(const seller& by, double amount) {
  if (by.fixed.empty())
    return amount >= 1 && amount <= 60.5;
  return std::ranges::find(by.fixed, amount) != by.fixed.end();
}

/// What is wrong with a wish; a status of 200 where nothing is.
sandbox_answer judge(const Json::Value& wish) {
  auto by = std::ranges::find(sellers(), number_of(wish, "operatorId"), &seller::id);
  if (by == sellers().end() || by->kind == "pin" || !member(wish, "amount").isNumeric())
    return refuse(400, "INVALID_INPUT_PROVIDED", "no such operator, or no amount");
  if (!sells(*by, member(wish, "amount").asDouble()))
    return refuse(400, "INVALID_AMOUNT_FOR_OPERATOR", "the operator has no such amount");
  const auto& phone = member(wish, "recipientPhone");
  auto number = text_of(phone, "number");
  if (text_of(phone, "countryCode") != by->iso || !number.starts_with(by->calling_code))
    return refuse(400, "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH", "the number is another's");
  if (number.ends_with("404") || by->name.ends_with("sandbox-reject"))
    return refuse(400, "INVALID_RECIPIENT_PHONE", "the number cannot be topped up");
  if (by->name.ends_with("sandbox-unpaid"))
    return refuse(400, "INSUFFICIENT_BALANCE", "the balance is used up");
  return {};
}

} // namespace

bool reloadly_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

std::string reloadly_sandbox::token() const {
  return fmt::format("token-{}", tokens_);
}

size_t reloadly_sandbox::sold() const {
  return static_cast<size_t>(std::ranges::count(top_ups_, "SUCCESSFUL", &top_up::status));
}

sandbox_answer reloadly_sandbox::answer(const sandbox_request& request, time_point now) {
  std::lock_guard guard{mutex_};
  auto path = std::string_view{request.path}.substr(root.size());
  if (path == "/test/orders") {
    Json::Value json{Json::objectValue};
    json["count"] = Json::UInt64{sold()};
    return json_answer(200, json);
  }
  if (path == "/test/expire-tokens") {
    ++tokens_;
    return json_answer(200, Json::Value{Json::objectValue});
  }
  if (path == "/oauth/token")
    return give_token(request.body);
  if (request.authorization != "Bearer " + token())
    return refuse(401, "INVALID_TOKEN", "the token has ended");
  return answer_with_token(request, path, now);
}

sandbox_answer reloadly_sandbox::give_token(const std::string& body) const {
  auto wish = parse_json_object(body);
  if (!wish || text_of(*wish, "grant_type") != "client_credentials")
    return refuse(400, "INVALID_INPUT_PROVIDED", "a grant of client_credentials is expected");
  if (text_of(*wish, "client_secret") == "wrong")
    return refuse(401, "INVALID_CREDENTIALS", "the credentials are wrong");
  if (text_of(*wish, "audience").empty())
    return refuse(401, "INVALID_AUDIENCE", "the audience is the address of the API");
  Json::Value json{Json::objectValue};
  json["access_token"] = token();
  json["expires_in"] = 5'184'000;
  json["token_type"] = "Bearer";
  return json_answer(200, json);
}

sandbox_answer reloadly_sandbox::answer_with_token(const sandbox_request& request,
                                                   std::string_view path, time_point now) {
  constexpr std::string_view detection = "/operators/auto-detect/phone/";
  constexpr std::string_view top_ups = "/topups/";
  constexpr std::string_view status = "/status";
  if (path == "/operators")
    return list_operators(request.query);
  if (path.starts_with(detection))
    return detect(path.substr(detection.size()));
  if (path == "/topups-async" && request.method == "POST") {
    auto result = place(request.body, now);
    result.delay = order_delay_;
    return result;
  }
  if (path == "/topups/reports/transactions")
    return find(value_in(request.query, "customIdentifier"), now);
  if (path.starts_with(top_ups) && path.ends_with(status))
    return show(path.substr(top_ups.size(), path.size() - top_ups.size() - status.size()), now);
  return path == "/accounts/balance" ? show_balance()
                                     : refuse(404, "NOT_FOUND", "there is no such thing");
}

sandbox_answer reloadly_sandbox::place(const std::string& body, time_point now) {
  auto wish = parse_json_object(body);
  if (!wish)
    return refuse(400, "INVALID_INPUT_PROVIDED", "a JSON object is expected");
  if (auto flaw = judge(*wish); flaw.status != 200)
    return flaw;
  auto reference = text_of(*wish, "customIdentifier");
  if (std::ranges::find(top_ups_, reference, &top_up::reference) != top_ups_.end())
    return refuse(400, "CUSTOM_IDENTIFIER_ALREADY_USED", "the identifier was used before");
  auto by = std::ranges::find(sellers(), number_of(*wish, "operatorId"), &seller::id);
  if (by->name.ends_with("sandbox-flaky") && ++turned_away_[reference] <= flaky_refusals)
    return refuse(503, "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "please repeat");
  top_up made{std::to_string(top_ups_.size() + 1), reference, "SUCCESSFUL", now};
  if (by->name.ends_with("sandbox-decline"))
    made.status = "FAILED";
  if (by->name.ends_with("sandbox-slow"))
    made.ends_at += slow_time;
  top_ups_.push_back(made);
  Json::Value json{Json::objectValue};
  json["transactionId"] = std::stoi(made.number);
  auto result = json_answer(200, json);
  result.lost = by->name.ends_with("sandbox-timeout");
  return result;
}

sandbox_answer reloadly_sandbox::show(std::string_view number, time_point now) const {
  auto found = std::ranges::find(top_ups_, number, &top_up::number);
  if (found == top_ups_.end())
    return refuse(404, "TRANSACTION_NOT_FOUND", "there is no such transaction");
  Json::Value json{Json::objectValue};
  json["status"] = now < found->ends_at ? "PROCESSING" : found->status;
  json["code"] = found->status == "FAILED" ? "OPERATOR_DECLINED" : "";
  json["message"] = found->status == "FAILED" ? "the operator has declined it" : "";
  if (now >= found->ends_at) {
    auto& account = json["transaction"]["balanceInfo"];
    account["cost"] = 4.75;
    account["currencyCode"] = "USD";
  }
  return json_answer(200, json);
}

/// Finds what contains the reference, in whatever letters.
sandbox_answer reloadly_sandbox::find(const std::string& reference, time_point now) const {
  Json::Value json{Json::objectValue};
  auto& content = json["content"] = Json::Value{Json::arrayValue};
  for (const auto& one : top_ups_) {
    if (lowered(one.reference).find(lowered(reference)) == std::string::npos)
      continue;
    Json::Value row{Json::objectValue};
    row["transactionId"] = std::stoi(one.number);
    row["customIdentifier"] = one.reference;
    row["status"] = now < one.ends_at ? "PROCESSING" : one.status;
    content.append(std::move(row));
  }
  json["totalPages"] = 1;
  return json_answer(200, json);
}

} // namespace meisim::sandbox
