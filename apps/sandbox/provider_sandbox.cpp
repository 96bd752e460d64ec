#include "apps/sandbox/provider_sandbox.hpp"

#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/provider_wire.hpp"
#include "protocols/orders/recharge_wire.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace meisim::sandbox {

namespace {

constexpr size_t most_orders = 500'000;
constexpr std::string_view esims_path = "/v1/esims";
constexpr std::string_view shown_orders_path = "/test/provider/orders";
/// How often a flaky thing fails for each reference.
constexpr uint32_t flaky_failures = 2;

sandbox_answer json(int status, std::string body) {
  sandbox_answer result;
  result.status = status;
  result.body = std::move(body);
  return result;
}

sandbox_answer failure(int status, std::string_view code, std::string_view message) {
  return json(status, wire_error(code, message));
}

sandbox_answer not_found() {
  return failure(404, "not_found", "there is no such thing");
}

uint64_t number_from(const sha256_digest& digest, size_t offset) {
  uint64_t result = 0;
  std::memcpy(&result, digest.data() + offset, sizeof(result));
  return result;
}

/// The value of `limit` in a query; `fallback` without one.
size_t limit_in(std::string_view query, size_t fallback) {
  constexpr std::string_view key = "limit=";
  auto at = query.find(key);
  if (at == std::string_view::npos)
    return fallback;
  size_t value = fallback;
  std::from_chars(query.data() + at + key.size(), query.data() + query.size(), value);
  return value;
}

/// The order that a reference names, as far as the answers go.
provider_order order_of(const std::string& reference, const std::string& product, bool is_top_up) {
  provider_order order{reference, product, {}};
  if (is_top_up)
    order.top_up.emplace();
  return order;
}

std::string_view rest_of(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder) || path.size() <= folder.size() + 1 || path[folder.size()] != '/')
    return {};
  return path.substr(folder.size() + 1);
}

} // namespace

char luhn_digit(std::string_view digits) {
  int sum = 0;
  bool doubled = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    int value = *digit - '0';
    if (doubled)
      value = value > 4 ? value * 2 - 9 : value * 2;
    sum += value;
    doubled = !doubled;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

esim make_esim(std::string_view reference) {
  auto digest = sha256(fmt::format("esim of {}", reference));
  auto iccid = fmt::format("89{:017}", number_from(digest, 0) % 100'000'000'000'000'000ULL);
  iccid += luhn_digit(iccid);
  auto hex = to_hex(digest.data() + 8, 10);
  std::ranges::transform(hex, hex.begin(),
                         [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return {iccid,
          fmt::format("LPA:1$sandbox.smdp.example${}-{}-{}-{}", hex.substr(0, 5), hex.substr(5, 5),
                      hex.substr(10, 5), hex.substr(15, 5)),
          fmt::format("sbx_{}", to_hex(digest.data() + 20, 8))};
}

provider_sandbox::provider_sandbox(std::chrono::milliseconds order_delay)
  : catalogue_(make_catalogue()), catalogue_text_(to_wire(catalogue_)), order_delay_(order_delay) {
  // nop
}

sandbox_answer provider_sandbox::answer(const sandbox_request& request, time_point now) {
  std::lock_guard guard{mutex_};
  bool is_get = request.method == "GET" || request.method == "HEAD";
  bool is_post = request.method == "POST";
  if (request.path.starts_with("/v1/") && now < outage_until_) {
    auto away = failure(503, "unavailable", "an outage was asked for");
    away.lost = outage_is_silent_;
    return away;
  }
  if (request.path == "/v1/catalogue" && is_get)
    return json(200, catalogue_text_);
  for (bool is_top_up : {false, true}) {
    if (request.path == orders_path(is_top_up) && is_post) {
      auto result = place(request.body, is_top_up);
      result.delay = order_delay_;
      return result;
    }
    auto reference = rest_of(request.path, orders_path(is_top_up));
    if (!reference.empty() && is_get)
      return look_up(std::string{reference}, is_top_up);
  }
  if (request.path == orders_path(false) && is_get)
    return list(request.query);
  if (request.path == sim_check_path && is_post)
    return check_sim(request.body);
  if (auto rest = rest_of(request.path, esims_path); !rest.empty())
    return answer_about(rest, is_get);
  if (request.path == shown_orders_path && is_get)
    return show(request.query);
  if (auto reference = rest_of(request.path, shown_orders_path); !reference.empty() && is_get)
    return show_one(std::string{reference});
  if (auto iccid = rest_of(request.path, "/test/provider/esims"); !iccid.empty() && is_post)
    return set_usage(std::string{iccid}, request.body);
  if (request.path == "/test/provider/outage" && is_post)
    return start_outage(request.body, now);
  return not_found();
}

sandbox_answer provider_sandbox::place(const std::string& body, bool is_top_up) {
  auto order = is_top_up ? recharge_from_wire(body) : order_from_wire(body);
  if (!order)
    return failure(400, "invalid", message_of(order.error()));
  auto known = orders_.find(order->reference);
  if (known == orders_.end())
    return sell(*order, body);
  if (known->second.product != order->product || (is_top_up && known->second.top_up != body))
    return failure(409, "conflict", "the reference was used for something else");
  return repeat(known->first, known->second);
}

bool provider_sandbox::is_sold(const provider_order& order) const {
  if (order.top_up && order.top_up->is_data())
    return find_bundle(catalogue_, order.product) != nullptr;
  if (order.top_up)
    return find_network(catalogue_, order.product) != nullptr;
  return find_product(catalogue_, order.product) != nullptr
         || find_bundle(catalogue_, order.product) != nullptr;
}

bool provider_sandbox::is_known(const provider_order& top_up) const {
  const auto& what = *top_up.top_up;
  return what.is_data() ? sold_for_.contains(what.sim.sim_serial) : has_sim(what.network, what.sim);
}

int64_t provider_sandbox::data_of(const std::string& name) const {
  if (const auto* plan = find_bundle(catalogue_, name))
    return plan->data_mb;
  const auto* item = find_product(catalogue_, name);
  return item == nullptr ? 0 : item->data_mb;
}

sandbox_answer provider_sandbox::sell(const provider_order& order, const std::string& body) {
  if (!is_sold(order))
    return failure(422, "unknown_product", "there is no such product");
  if (auto missing = missing_in(order); !missing.empty())
    return failure(422, "missing", fmt::format("{} is required", missing));
  std::string_view name = order.product;
  if (name.ends_with("sandbox-reject") || (order.top_up && !is_known(order))) {
    remember(order, body, fate::refused);
    ++refused_;
    return json(422, to_wire(order, refused("the carrier does not accept this order")));
  }
  if (name.ends_with("sandbox-flaky")) {
    remember(order, body, fate::flaky);
    return failure(503, "unavailable", "please repeat");
  }
  deliver(order.reference, remember(order, body, fate::completed));
  auto answer = json(201, to_wire(order, placed(make_esim(order.reference))));
  answer.lost = name.ends_with("sandbox-timeout");
  return answer;
}

void provider_sandbox::deliver(const std::string& reference, record& known) {
  known.status = fate::completed;
  if (!known.top_up.empty()) {
    ++recharged_;
    auto order = recharge_from_wire(known.top_up);
    if (order && order->top_up->is_data())
      orders_.at(sold_for_.at(order->top_up->sim.sim_serial)).added_mb += data_of(known.product);
    return;
  }
  sold_for_.emplace(make_esim(reference).iccid, reference);
  ++sold_;
}

sandbox_answer provider_sandbox::repeat(const std::string& reference, record& known) {
  auto order = order_of(reference, known.product, !known.top_up.empty());
  ++known.times;
  if (known.status == fate::flaky) {
    if (known.times <= flaky_failures)
      return failure(503, "unavailable", "please repeat");
    deliver(reference, known);
    return json(201, to_wire(order, placed(make_esim(reference))));
  }
  ++repeated_;
  if (known.status == fate::refused)
    return json(422, to_wire(order, refused("the carrier does not accept this order")));
  return json(200, to_wire(order, placed(make_esim(reference))));
}

sandbox_answer provider_sandbox::look_up(const std::string& reference, bool is_top_up) const {
  auto found = orders_.find(reference);
  if (found == orders_.end() || found->second.status == fate::flaky
      || found->second.top_up.empty() == is_top_up)
    return not_found();
  auto outcome = found->second.status == fate::refused
                   ? refused("the carrier does not accept this order")
                   : placed(make_esim(reference));
  return json(200, to_wire(order_of(reference, found->second.product, is_top_up), outcome));
}

sandbox_answer provider_sandbox::check_sim(const std::string& body) const {
  auto question = sim_question_from_wire(body);
  if (!question)
    return failure(400, "invalid", message_of(question.error()));
  if (find_network(catalogue_, question->network) == nullptr
      || !has_sim(question->network, question->sim))
    return not_found();
  return json(200, json_object([](json_writer& out) { out.member("exists", true); }));
}

sandbox_answer provider_sandbox::answer_about(std::string_view rest, bool is_get) {
  constexpr std::string_view revoke = "/revoke";
  bool is_revocation = rest.ends_with(revoke);
  std::string iccid{is_revocation ? rest.substr(0, rest.size() - revoke.size()) : rest};
  auto sold = sold_for_.find(iccid);
  if (sold == sold_for_.end() || is_revocation == is_get)
    return not_found();
  auto& known = orders_.at(sold->second);
  known.is_revoked = known.is_revoked || is_revocation;
  Json::Value result{Json::objectValue};
  result["Status"] = "Success";
  result["Iccid"] = iccid;
  result["BundleName"] = known.product;
  result["State"] = known.is_revoked ? "Revoked" : known.state;
  const auto* plan = find_bundle(catalogue_, known.product);
  const auto* item = find_product(catalogue_, known.product);
  if (plan != nullptr || item != nullptr) {
    result["DataAllowanceMb"] = Json::Int64{data_of(known.product) + known.added_mb};
    result["DataUsedMb"] = Json::Int64{known.used_mb};
    result["ValidityDays"] = plan != nullptr ? plan->validity_days : item->validity_days;
    // The days count from the first use.
    result["ExpiresAt"] =
      known.expires_at.empty() ? Json::Value::nullSingleton() : Json::Value{known.expires_at};
  }
  return json(200, write_json(result));
}

sandbox_answer provider_sandbox::set_usage(const std::string& iccid, const std::string& body) {
  auto sold = sold_for_.find(iccid);
  auto wish = parse_json_object(body);
  if (sold == sold_for_.end())
    return not_found();
  if (!wish)
    return failure(400, "invalid", R"(expected {"state", "used_mb", "expires_at"})");
  auto& known = orders_.at(sold->second);
  if (auto state = text_of(*wish, "state"); !state.empty())
    known.state = state;
  known.used_mb = number_of(*wish, "used_mb", known.used_mb);
  if (auto expiry = text_of(*wish, "expires_at"); !expiry.empty())
    known.expires_at = expiry;
  return json(200, "{}");
}

sandbox_answer provider_sandbox::show(const std::string& query) const {
  Json::Value result{Json::objectValue};
  result["count"] = Json::Int64{sold_};
  result["refused"] = Json::Int64{refused_};
  result["repeated"] = Json::Int64{repeated_};
  result["recharged"] = Json::Int64{recharged_};
  auto& list = result["orders"] = Json::Value{Json::arrayValue};
  auto limit = std::min(limit_in(query, 100), ages_.size());
  for (size_t i = ages_.size() - limit; i < ages_.size(); ++i) {
    const auto& known = orders_.at(*ages_[i]);
    if (known.status != fate::completed || !known.top_up.empty())
      continue;
    Json::Value entry{Json::objectValue};
    entry["reference"] = *ages_[i];
    entry["product"] = known.product;
    entry["iccid"] = make_esim(*ages_[i]).iccid;
    list.append(std::move(entry));
  }
  return json(200, write_json(result));
}

sandbox_answer provider_sandbox::show_one(const std::string& reference) const {
  auto found = orders_.find(reference);
  if (found == orders_.end())
    return not_found();
  const auto& known = found->second;
  Json::Value result{Json::objectValue};
  result["reference"] = reference;
  result["product"] = known.product;
  result["status"] = known.status == fate::completed ? "completed"
                     : known.status == fate::refused ? "refused"
                                                     : "not accepted";
  result["times_asked"] = known.times;
  if (known.status == fate::completed && known.top_up.empty()) {
    auto sold = make_esim(reference);
    result["iccid"] = sold.iccid;
    result["lpa"] = sold.lpa;
  }
  return json(200, write_json(result));
}

sandbox_answer provider_sandbox::start_outage(const std::string& body, time_point now) {
  auto settings = parse_json_object(body);
  if (!settings)
    return failure(400, "invalid", "expected {\"seconds\": n, \"silent\": false}");
  auto seconds = std::clamp<int64_t>(number_of(*settings, "seconds"), 0, 3'600);
  outage_until_ = now + std::chrono::seconds{seconds};
  outage_is_silent_ = member(*settings, "silent") == Json::Value{true};
  return json(200, json_object([&](json_writer& out) { out.member("seconds", seconds); }));
}

std::string provider_sandbox::missing_in(const provider_order& order) const {
  const auto* wanted = find_product(catalogue_, order.product);
  if (wanted == nullptr)
    return {};
  if (wanted->needs_imei && order.buyer.imei.empty())
    return "imei";
  if (wanted->needs_eid && order.buyer.eid.empty())
    return "eid";
  if (wanted->needs_address && order.buyer.address.address_line_1.empty())
    return "address";
  return {};
}

provider_sandbox::record& provider_sandbox::remember(const provider_order& order,
                                                     const std::string& body, fate status) {
  if (orders_.size() >= most_orders) {
    // A copy, since `erase` compares with it while the element that holds the original goes.
    std::string oldest = *ages_.front();
    ages_.pop_front();
    sold_for_.erase(make_esim(oldest).iccid);
    orders_.erase(oldest);
  }
  record known;
  known.product = order.product;
  known.top_up = order.top_up ? body : std::string{};
  known.status = status;
  known.ordered_at = meisim::now();
  known.times = 1;
  auto& entry = *orders_.emplace(order.reference, std::move(known)).first;
  ages_.push_back(&entry.first);
  return entry.second;
}

} // namespace meisim::sandbox
