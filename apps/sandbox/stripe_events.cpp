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

/// The buyer pays in a currency of theirs, if the body names one.
void convert(Json::Value& session, const std::string& body) {
  auto wish = parse_json_object(body.empty() ? "{}" : body);
  if (!wish || text_of(*wish, "currency").empty())
    return;
  auto& conversion = session["currency_conversion"];
  conversion["amount_subtotal"] = session["amount_subtotal"];
  conversion["amount_total"] = session["amount_total"];
  conversion["fx_rate"] = "0.92";
  conversion["source_currency"] = session["currency"];
  session["currency"] = text_of(*wish, "currency");
  session["amount_total"] = Json::Int64{number_of(*wish, "amount")};
  session["amount_subtotal"] = session["amount_total"];
}

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
    return pay(id, request.body, request.query.find("return=1") != std::string::npos);
  if (verb == "refund")
    return refund(id, request.body);
  if (verb == "fail-refund")
    return fail_refund(id);
  if (verb == "dispute")
    return dispute(id, request.body);
  if (verb == "reinstate")
    return reinstate(id);
  if (verb == "withdraw")
    return withdraw(id);
  if (verb == "webhook")
    return set_webhook(request.body);
  return stripe_failure(404, "invalid_request_error", "", "Unrecognized request URL");
}

Json::Value stripe_sandbox::add_transaction(std::string_view type, int64_t amount, int64_t fee,
                                            const Json::Value& source) {
  Json::Value line{Json::objectValue};
  line["id"] = make_id("txn_");
  line["object"] = "balance_transaction";
  line["amount"] = Json::Int64{amount};
  line["created"] = Json::Int64{seconds_now()};
  line["currency"] = "usd";
  line["fee"] = Json::Int64{fee};
  line["net"] = Json::Int64{amount - fee};
  line["reporting_category"] = type == "adjustment" ? "dispute" : std::string{type};
  line["source"] = source["id"];
  line["status"] = "available";
  line["type"] = std::string{type};
  transactions_.push_back(line);
  return line;
}

Json::Value stripe_sandbox::make_charge(const Json::Value& intent) {
  Json::Value charge{Json::objectValue};
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
  charge["payment_intent"] = intent["id"];
  charge["refunded"] = false;
  charge["status"] = "succeeded";
  return charge;
}

void stripe_sandbox::complete_intent(Json::Value& intent) {
  auto& charge = charges_[intent["id"].asString()];
  if (charge.isNull()) {
    charge = make_charge(intent);
    auto line = add_transaction("charge", charge["amount"].asInt64(), 0, charge);
    charge["balance_transaction"] = line["id"];
  }
  intent["status"] = "succeeded";
  intent["amount_received"] = intent["amount"];
  intent["latest_charge"] = charge["id"];
  emit("payment_intent.succeeded", intent);
  emit("charge.succeeded", charge);
}

sandbox_answer stripe_sandbox::pay(const std::string& id, const std::string& body,
                                   bool is_browser) {
  Json::Value result{Json::objectValue};
  result["ok"] = true;
  result["id"] = id;
  auto session = sessions_.find(id);
  if (session != sessions_.end()) {
    auto& what = session->second;
    if (what["payment_intent"].isNull()) {
      convert(what, body);
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
  refund["metadata"] = Json::Value{Json::objectValue};
  refund["payment_intent"] = charge["payment_intent"];
  refund["status"] = "succeeded";
  refund["balance_transaction"] = add_transaction("refund", -amount, 0, refund)["id"];
  refunds_[refund["id"].asString()] = refund;
  emit("refund.created", refund);
  emit("charge.refunded", charge);
  return refund;
}

sandbox_answer stripe_sandbox::fail_refund(const std::string& id) {
  auto found = refunds_.find(id);
  if (found == refunds_.end())
    return stripe_no_such("refund", id);
  auto& refund = found->second;
  if (refund["status"] != "failed") {
    auto amount = refund["amount"].asInt64();
    auto& charge = charges_[refund["payment_intent"].asString()];
    charge["amount_refunded"] = Json::Int64{charge["amount_refunded"].asInt64() - amount};
    charge["refunded"] = false;
    refund["status"] = "failed";
    refund["failure_reason"] = "lost_or_stolen_card";
    refund["failure_balance_transaction"] =
      add_transaction("refund_failure", amount, 0, refund)["id"];
  }
  emit("refund.failed", refund);
  emit("refund.updated", refund);
  emit("charge.refund.updated", refund);
  return stripe_json(200, refund);
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

Json::Value stripe_sandbox::make_dispute(const Json::Value& charge) {
  Json::Value what{Json::objectValue};
  what["id"] = make_id("dp_");
  what["object"] = "dispute";
  what["amount"] = charge["amount"];
  what["balance_transactions"] = Json::Value{Json::arrayValue};
  what["charge"] = charge["id"];
  what["created"] = Json::Int64{seconds_now()};
  what["currency"] = charge["currency"];
  what["livemode"] = false;
  what["metadata"] = Json::Value{Json::objectValue};
  what["payment_intent"] = charge["payment_intent"];
  what["reason"] = "fraudulent";
  what["status"] = "needs_response";
  return what;
}

void stripe_sandbox::move_disputed(Json::Value& dispute, int64_t amount, int64_t fee) {
  dispute["balance_transactions"].append(add_transaction("adjustment", amount, fee, dispute));
}

Json::Value* stripe_sandbox::dispute_of(const std::string& id) {
  auto* charge = charge_behind(id);
  if (charge == nullptr)
    return nullptr;
  auto found = disputes_.find((*charge)["payment_intent"].asString());
  return found == disputes_.end() ? nullptr : &found->second;
}

sandbox_answer stripe_sandbox::dispute(const std::string& id, const std::string& body) {
  auto* charge = charge_behind(id);
  if (charge == nullptr)
    return stripe_no_such("charge", id);
  auto& what = disputes_[(*charge)["payment_intent"].asString()];
  if (what.isNull()) {
    auto wish = parse_json_object(body.empty() ? "{}" : body);
    what = make_dispute(*charge);
    move_disputed(what, -what["amount"].asInt64(), wish ? number_of(*wish, "fee") : 0);
  }
  emit("charge.dispute.created", what);
  emit("charge.dispute.funds_withdrawn", what);
  return stripe_json(200, what);
}

sandbox_answer stripe_sandbox::reinstate(const std::string& id) {
  auto* what = dispute_of(id);
  if (what == nullptr)
    return stripe_no_such("dispute", id);
  if ((*what)["status"] != "won")
    move_disputed(*what, (*what)["amount"].asInt64(), 0);
  (*what)["status"] = "won";
  emit("charge.dispute.funds_reinstated", *what);
  return stripe_json(200, *what);
}

sandbox_answer stripe_sandbox::withdraw(const std::string& id) {
  auto* what = dispute_of(id);
  if (what == nullptr)
    return stripe_no_such("dispute", id);
  if ((*what)["status"] == "won")
    move_disputed(*what, -(*what)["amount"].asInt64(), 0);
  (*what)["status"] = "lost";
  emit("charge.dispute.funds_withdrawn", *what);
  return stripe_json(200, *what);
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
