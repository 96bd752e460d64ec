#include "apps/sandbox/esim_access_sandbox.hpp"

#include "apps/sandbox/sandbox_answers.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view root = "/esim-access-api";
constexpr std::string_view special = "sandbox-";
constexpr int64_t megabyte = 1'024 * 1'024;

sandbox_answer succeed(Json::Value object) {
  Json::Value body{Json::objectValue};
  // It writes its flag as a text, and no error as "0".
  body["success"] = "true";
  body["errorCode"] = "0";
  body["errorMsg"] = Json::Value::nullSingleton();
  body["obj"] = std::move(object);
  return json_answer(200, body);
}

/// Errors come with status 200 too.
sandbox_answer refuse(const char* code, const char* message) {
  Json::Value body{Json::objectValue};
  body["success"] = false;
  body["errorCode"] = code;
  body["errorMessage"] = message;
  body["obj"] = Json::Value::nullSingleton();
  return json_answer(200, body);
}

std::string slug_of(const bundle& item) {
  if (auto at = item.name.find(special); at != std::string::npos)
    return item.country_iso + '_' + item.name.substr(at);
  return fmt::format("{}_{}_{}", item.country_iso.empty() ? item.region : item.country_iso,
                     item.data_mb / 1'024, item.validity_days);
}

Json::Value package_of(const bundle& item, const std::string& slug) {
  Json::Value json{Json::objectValue};
  json["packageCode"] = "P" + slug;
  json["slug"] = slug;
  json["name"] = item.description;
  json["location"] = item.country_iso.empty() ? "DE,FR,JP" : item.country_iso;
  json["volume"] = Json::Int64{item.data_mb * megabyte};
  json["duration"] = item.validity_days;
  json["durationUnit"] = "DAY";
  json["dataType"] = 1;
  // Ten-thousandths of a dollar, not in whole cents.
  json["price"] = Json::Int64{item.price.cents() * 100 - 40};
  json["currencyCode"] = "USD";
  // 1 would mean that it cannot be topped up.
  json["supportTopUpType"] = 2;
  return json;
}

Json::Value packages() {
  Json::Value list{Json::arrayValue};
  auto stock = make_catalogue();
  for (const auto& item : stock.bundles)
    list.append(package_of(item, slug_of(item)));
  auto like = stock.bundles.front();
  for (const auto* name : {"US_sandbox-slow", "US_sandbox-unpaid"})
    list.append(package_of(like, name));
  return list;
}

/// Null if there is none.
const Json::Value* find_package(std::string_view slug) {
  static const auto list = packages();
  auto found =
    std::ranges::find_if(list, [&](const auto& one) { return text_of(one, "slug") == slug; });
  return found == list.end() ? nullptr : &*found;
}

/// Whether the order names no price, or the right one.
bool is_at_price(const Json::Value& wish, const char* name, const Json::Value& package) {
  return !wish.isMember(name) || number_of(wish, name) == number_of(package, "price");
}

Json::Value shown(const auto& one, int64_t unit) {
  auto profile = make_esim(one.transaction);
  Json::Value json{Json::objectValue};
  json["esimTranNo"] = fmt::format("T{}", unit);
  json["orderNo"] = one.number;
  json["transactionId"] = one.transaction;
  json["iccid"] = profile.iccid;
  json["ac"] = profile.lpa;
  json["smdpStatus"] = "RELEASED";
  json["esimStatus"] = one.state;
  json["expiredTime"] = "2099-01-01T00:00:00+0000";
  json["totalVolume"] = Json::Int64{one.volume};
  json["orderUsage"] = Json::Int64{512 * megabyte};
  Json::Value package{Json::objectValue};
  package["slug"] = one.package;
  json["packageList"].append(std::move(package));
  return json;
}

} // namespace

bool esim_access_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

sandbox_answer esim_access_sandbox::answer(const sandbox_request& request, time_point now) {
  std::lock_guard guard{mutex_};
  auto path = request.path.substr(root.size());
  Json::Value object{Json::objectValue};
  if (path == "/test/orders") {
    object["count"] = Json::UInt64{sales_.size()};
    object["topUps"] = top_ups_;
    return json_answer(200, object);
  }
  auto body = parse_json_object(request.body);
  if (request.method != "POST" || !body)
    return refuse("000102", "every call is a POST of an object");
  if (path == "/package/list") {
    object["packageList"] = packages();
    return succeed(std::move(object));
  }
  if (path == "/esim/order") {
    auto result = place(*body, now);
    result.delay = order_delay_;
    return result;
  }
  if (path == "/esim/topup") {
    auto result = top_up(*body);
    result.delay = order_delay_;
    return result;
  }
  if (path == "/esim/query")
    return query(*body, now);
  if (path == "/esim/cancel")
    return end(*body, "CANCEL");
  if (path == "/esim/revoke")
    return end(*body, "REVOKED");
  if (path == "/balance/query") {
    object["balance"] = 123'456'700;
    return succeed(std::move(object));
  }
  return refuse("000103", "there is no such call");
}

sandbox_answer esim_access_sandbox::place(const Json::Value& wish, time_point now) {
  auto transaction = text_of(wish, "transactionId");
  const auto& list = member(wish, "packageInfoList");
  auto package = list.isArray() && list.size() == 1 ? text_of(list[0], "packageCode") : "";
  if (transaction.empty() || transaction.size() > 50 || package.empty())
    return refuse("200008", "transactionId and one package must be given");
  auto known = std::ranges::find(sales_, transaction, &sale::transaction);
  if (known == sales_.end()) {
    const auto* listed = find_package(package);
    if (listed == nullptr)
      return refuse("310241", "there is no such package");
    if (!is_at_price(list[0], "price", *listed))
      return refuse("200005", "the price of the package is another");
    if (package.ends_with("sandbox-reject"))
      return refuse("200011", "no profiles are left");
    if (package.ends_with("sandbox-unpaid"))
      return refuse("200007", "the balance does not suffice");
    if (package.ends_with("sandbox-flaky") && ++turned_away_[transaction] <= flaky_refusals)
      return json_answer(429, Json::Value{Json::objectValue});
    auto allocation = package.ends_with("sandbox-slow") ? 30'000ms : order_delay_;
    sales_.push_back({transaction, fmt::format("B{:012}", sales_.size() + 1), package,
                      meisim::now(), now + allocation});
    known = std::prev(sales_.end());
  }
  Json::Value object{Json::objectValue};
  object["orderNo"] = known->number;
  auto result = succeed(std::move(object));
  result.lost = package.ends_with("sandbox-timeout");
  return result;
}

bool esim_access_sandbox::is_asked_for(const sale& one, const Json::Value& question) const {
  if (question.isMember("orderNo"))
    return text_of(question, "orderNo") == one.number;
  if (question.isMember("iccid"))
    return text_of(question, "iccid") == make_esim(one.transaction).iccid;
  auto from = parse_time(text_of(question, "startTime"));
  auto to = parse_time(text_of(question, "endTime"));
  return from && to && one.ordered_at >= *from && one.ordered_at <= *to;
}

sandbox_answer esim_access_sandbox::query(const Json::Value& question, time_point now) const {
  Json::Value object{Json::objectValue};
  auto& list = object["esimList"] = Json::Value{Json::arrayValue};
  for (size_t i = 0; i < sales_.size(); ++i) {
    if (!is_asked_for(sales_[i], question))
      continue;
    if (question.isMember("orderNo") && now < sales_[i].allocated_at)
      return refuse("200010", "the profile is being allocated");
    list.append(shown(sales_[i], static_cast<int64_t>(i)));
  }
  return succeed(std::move(object));
}

esim_access_sandbox::sale* esim_access_sandbox::find_esim(const Json::Value& wish) {
  auto number = text_of(wish, "esimTranNo");
  for (size_t i = 0; i < sales_.size(); ++i)
    if (number == fmt::format("T{}", i))
      return &sales_[i];
  return nullptr;
}

/// The provider's documents do not say whether a repeat is the same top-up: here it is another.
sandbox_answer esim_access_sandbox::top_up(const Json::Value& wish) {
  auto transaction = text_of(wish, "transactionId");
  auto package = text_of(wish, "packageCode");
  auto* known = find_esim(wish);
  const auto* listed = find_package(package);
  if (transaction.empty() || known == nullptr)
    return refuse("200008", "there is no such eSIM");
  if (listed == nullptr)
    return refuse("310241", "there is no such package");
  if (!is_at_price(wish, "amount", *listed))
    return refuse("200006", "the amount is another");
  if (known->state != "GOT_RESOURCE")
    return refuse("200009", "its state does not allow that");
  if (package.ends_with("sandbox-unpaid"))
    return refuse("200007", "the balance does not suffice");
  known->volume += number_of(*listed, "volume");
  ++top_ups_;
  Json::Value object{Json::objectValue};
  object["transactionId"] = transaction;
  object["iccid"] = make_esim(known->transaction).iccid;
  object["totalVolume"] = Json::Int64{known->volume};
  auto result = succeed(std::move(object));
  result.lost = package.ends_with("sandbox-timeout");
  return result;
}

sandbox_answer esim_access_sandbox::end(const Json::Value& wish, const char* state) {
  auto* known = find_esim(wish);
  if (known == nullptr)
    return refuse("200008", "there is no such eSIM");
  if (known->state != "GOT_RESOURCE")
    return refuse("200009", "its state does not allow that");
  known->state = state;
  return succeed(Json::Value{Json::objectValue});
}

} // namespace meisim::sandbox
