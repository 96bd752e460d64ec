#include "apps/sandbox/stripe_answers.hpp"
#include "apps/sandbox/stripe_sandbox.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <algorithm>
#include <array>
#include <utility>

// What happens to payments, and the events that tell of it.

namespace meisim::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr auto first_repeat = 200ms;
constexpr auto longest_repeat = 60'000ms;
/// Stripe repeats for three days; so many tries come to about that.
constexpr int most_attempts = 4'000;

} // namespace

// -- what happens to payments ---------------------------------------------------------------------

sandbox_answer stripe_sandbox::answer_test(const sandbox_request& request) {
  auto what = path_after(request.path, stripe_test_path);
  auto slash = std::min(what.find('/'), what.size());
  auto verb = what.substr(0, slash);
  auto id = slash < what.size() ? what.substr(slash + 1) : std::string{};
  if (verb == "events" && request.method == "GET")
    return show_events();
  if (request.method != "POST")
    return stripe_failure(404, "invalid_request_error", "", "Unrecognized request URL");
  if (verb == "pay")
    return pay(id, request.query.find("return=1") != std::string::npos);
  if (verb == "refund")
    return refund(id, request.body);
  if (verb == "dispute" || verb == "reinstate")
    return dispute(id, verb == "reinstate");
  if (verb == "webhook")
    return set_webhook(request.body);
  return stripe_failure(404, "invalid_request_error", "", "Unrecognized request URL");
}

void stripe_sandbox::complete_intent(Json::Value& intent) {
  auto id = intent["id"].asString();
  auto& charge = charges_[id];
  if (charge.isNull()) {
    charge["id"] = make_id("ch_");
    charge["object"] = "charge";
    charge["amount"] = intent["amount"];
    charge["amount_captured"] = intent["amount"];
    charge["amount_refunded"] = 0;
    charge["captured"] = true;
    charge["created"] = Json::Int64{seconds_now()};
    charge["currency"] = intent["currency"];
    charge["livemode"] = false;
    charge["metadata"] = intent["metadata"];
    charge["paid"] = true;
    charge["payment_intent"] = id;
    charge["refunded"] = false;
    charge["status"] = "succeeded";
  }
  intent["status"] = "succeeded";
  intent["amount_received"] = intent["amount"];
  intent["latest_charge"] = charge["id"];
  emit("payment_intent.succeeded", intent);
  emit("charge.succeeded", charge);
}

sandbox_answer stripe_sandbox::pay(const std::string& id, bool is_browser) {
  Json::Value result{Json::objectValue};
  result["ok"] = true;
  result["id"] = id;
  auto session = sessions_.find(id);
  if (session != sessions_.end()) {
    auto& what = session->second;
    if (what["payment_intent"].isNull()) {
      auto intent = make_intent(what["amount_total"].asInt64(), what["currency"].asString(),
                                what["sandbox"]["intent_metadata"]);
      what["payment_intent"] = intent["id"];
      intents_[intent["id"].asString()] = intent;
    }
    what["payment_status"] = "paid";
    what["status"] = "complete";
    auto& intent = intents_[what["payment_intent"].asString()];
    complete_intent(intent);
    auto shown = what;
    shown.removeMember("sandbox");
    emit("checkout.session.completed", shown);
    result["payment_intent"] = what["payment_intent"];
  } else if (auto intent = intents_.find(id); intent != intents_.end()) {
    complete_intent(intent->second);
    result["payment_intent"] = id;
  } else {
    return stripe_no_such("payment", id);
  }
  if (!is_browser)
    return stripe_json(200, result);
  auto target = session == sessions_.end() ? "/" : session->second["success_url"].asString();
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  if (auto at = target.find(placeholder); at != std::string::npos)
    target.replace(at, placeholder.size(), id);
  sandbox_answer redirect;
  redirect.status = 303;
  redirect.headers.emplace_back("Location", target);
  redirect.body = "{}";
  return redirect;
}

Json::Value* stripe_sandbox::charge_behind(const std::string& id) {
  auto session = sessions_.find(id);
  auto intent = session == sessions_.end() ? id : session->second["payment_intent"].asString();
  auto found = charges_.find(intent);
  return found == charges_.end() ? nullptr : &found->second;
}

Json::Value stripe_sandbox::refund_charge(Json::Value& charge, int64_t amount) {
  charge["amount_refunded"] = Json::Int64{charge["amount_refunded"].asInt64() + amount};
  charge["refunded"] = charge["amount_refunded"].asInt64() == charge["amount"].asInt64();
  Json::Value refund{Json::objectValue};
  refund["id"] = make_id("re_");
  refund["object"] = "refund";
  refund["amount"] = Json::Int64{amount};
  refund["charge"] = charge["id"];
  refund["created"] = Json::Int64{seconds_now()};
  refund["currency"] = charge["currency"];
  refund["payment_intent"] = charge["payment_intent"];
  refund["status"] = "succeeded";
  emit("charge.refunded", charge);
  return refund;
}

sandbox_answer stripe_sandbox::refund(const std::string& id, const std::string& body) {
  auto* charge = charge_behind(id);
  if (charge == nullptr)
    return stripe_no_such("charge", id);
  auto left = (*charge)["amount"].asInt64() - (*charge)["amount_refunded"].asInt64();
  auto wish = parse_json_object(body.empty() ? "{}" : body);
  auto amount = wish ? number_of(*wish, "amount", left) : 0;
  if (amount <= 0 || amount > left)
    return stripe_failure(400, "invalid_request_error", "charge_already_refunded",
                          "Refund amount is greater than unrefunded amount on charge", "amount");
  return stripe_json(200, refund_charge(*charge, amount));
}

sandbox_answer stripe_sandbox::dispute(const std::string& id, bool is_reinstated) {
  auto* charge = charge_behind(id);
  if (charge == nullptr)
    return stripe_no_such("charge", id);
  auto& what = disputes_[(*charge)["payment_intent"].asString()];
  if (what.isNull()) {
    what["id"] = make_id("dp_");
    what["object"] = "dispute";
    what["amount"] = (*charge)["amount"];
    what["charge"] = (*charge)["id"];
    what["created"] = Json::Int64{seconds_now()};
    what["currency"] = (*charge)["currency"];
    what["livemode"] = false;
    what["metadata"] = Json::Value{Json::objectValue};
    what["payment_intent"] = (*charge)["payment_intent"];
    what["reason"] = "fraudulent";
    what["status"] = "needs_response";
  }
  if (is_reinstated) {
    what["status"] = "won";
    emit("charge.dispute.funds_reinstated", what);
  } else {
    emit("charge.dispute.created", what);
    emit("charge.dispute.funds_withdrawn", what);
  }
  return stripe_json(200, what);
}

// -- webhooks -------------------------------------------------------------------------------------

std::string stripe_sandbox::make_id(std::string_view prefix) const {
  std::array<uint8_t, 12> bytes;
  random_bytes(bytes.data(), bytes.size());
  return std::string{prefix} + to_hex(bytes.data(), bytes.size());
}

void stripe_sandbox::emit(std::string_view type, const Json::Value& object) {
  Json::Value event{Json::objectValue};
  event["id"] = make_id("evt_");
  event["object"] = "event";
  event["api_version"] = "2024-06-20";
  event["created"] = Json::Int64{seconds_now()};
  event["data"]["object"] = object;
  event["livemode"] = false;
  event["pending_webhooks"] = 1;
  event["request"]["id"] = Json::Value::null;
  event["request"]["idempotency_key"] = Json::Value::null;
  event["type"] = std::string{type};
  event_record record;
  record.id = event["id"].asString();
  record.type = type;
  record.text = write_json(event);
  events_.push_back(std::move(record));
  deliver(events_.size() - 1);
}

void stripe_sandbox::deliver(size_t index) {
  auto& record = events_[index];
  if (settings_.webhook_url.empty() || record.is_under_way || record.is_delivered)
    return;
  record.is_under_way = true;
  ++record.attempts;
  web_request request;
  request.call_id = index;
  request.method = "POST";
  request.url = settings_.webhook_url;
  request.headers = {"Content-Type: application/json; charset=utf-8",
                     "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                     "Stripe-Signature: "
                       + sign_payload(record.text, settings_.webhook_secret, now())};
  request.body = record.text;
  out_.send(std::move(request));
}

void stripe_sandbox::close() {
  std::lock_guard guard{mutex_};
  settings_.webhook_url.clear();
}

void stripe_sandbox::take(const web_answer& answer) {
  std::lock_guard guard{mutex_};
  auto index = static_cast<size_t>(answer.call_id);
  auto& record = events_.at(index);
  record.is_under_way = false;
  record.last_status = answer.status;
  record.is_delivered = answer.status >= 200 && answer.status < 300;
  if (record.is_delivered || record.attempts >= most_attempts)
    return;
  auto pause = std::min<std::chrono::milliseconds>(
    first_repeat * (int64_t{1} << std::min(record.attempts, 10)), longest_repeat);
  out_.after(pause, [this, index] {
    std::lock_guard later{mutex_};
    deliver(index);
  });
}

sandbox_answer stripe_sandbox::set_webhook(const std::string& body) {
  auto wish = parse_json_object(body);
  if (!wish || !member(*wish, "url").isString())
    return stripe_missing("url");
  settings_.webhook_url = text_of(*wish, "url");
  for (size_t i = 0; i < events_.size(); ++i)
    deliver(i);
  return stripe_json(200, *wish);
}

sandbox_answer stripe_sandbox::show_events() const {
  Json::Value list{Json::arrayValue};
  for (const auto& record : events_) {
    Json::Value entry{Json::objectValue};
    entry["id"] = record.id;
    entry["type"] = record.type;
    entry["attempts"] = record.attempts;
    entry["last_status"] = record.last_status;
    entry["delivered"] = record.is_delivered;
    entry["body"] = record.text;
    list.append(std::move(entry));
  }
  Json::Value result{Json::objectValue};
  result["events"] = std::move(list);
  return stripe_json(200, result);
}

} // namespace meisim::sandbox
