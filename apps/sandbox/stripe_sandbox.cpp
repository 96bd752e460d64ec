#include "apps/sandbox/stripe_sandbox.hpp"

#include "apps/sandbox/stripe_answers.hpp"
#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace meisim::sandbox {

namespace {

constexpr std::string_view sessions_path = "/v1/checkout/sessions";
constexpr std::string_view intents_path = "/v1/payment_intents";
constexpr std::string_view refunds_path = "/v1/refunds";
constexpr std::string_view pages_path = "/checkout/";

constexpr int64_t least_charge = 50;
constexpr int64_t most_charge = 99'999'999;

std::optional<std::string> field(const form_fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name)
      return value;
  return std::nullopt;
}

std::optional<int64_t> amount_in(const form_fields& fields, std::string_view name) {
  auto text = field(fields, name).value_or("");
  int64_t value = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// The members of `name[…]`.
Json::Value members_of(const form_fields& fields, const std::string& name) {
  Json::Value result{Json::objectValue};
  for (const auto& [key, value] : fields)
    if (key.starts_with(name + "[") && key.ends_with("]"))
      result[key.substr(name.size() + 1, key.size() - name.size() - 2)] = value;
  return result;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text)
    switch (c) {
    case '<':
      result += "&lt;";
      break;
    case '&':
      result += "&amp;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += c;
    }
  return result;
}

} // namespace

stripe_sandbox::stripe_sandbox(settings values, outside out)
  : settings_(std::move(values)), out_(std::move(out)) {
  // nop
}

bool stripe_sandbox::serves(std::string_view path) {
  return path.starts_with(sessions_path) || path.starts_with(intents_path)
         || path.starts_with(refunds_path) || path.starts_with("/v1/disputes")
         || path.starts_with("/v1/events") || path.starts_with("/v1/balance_transactions")
         || path.starts_with(pages_path) || path.starts_with(stripe_test_path);
}

void stripe_sandbox::set_address(std::string url) {
  std::lock_guard guard{mutex_};
  address_ = std::move(url);
}

sandbox_answer stripe_sandbox::answer(const sandbox_request& request) {
  std::lock_guard guard{mutex_};
  if (request.path.starts_with(pages_path))
    return page_of(path_after(request.path, pages_path));
  if (request.path.starts_with(stripe_test_path))
    return answer_test(request);
  return answer_api(request);
}

// -- the API --------------------------------------------------------------------------------------

sandbox_answer stripe_sandbox::answer_api(const sandbox_request& request) {
  if (settings_.api_key.empty()
      || !same_secret(request.authorization, "Bearer " + settings_.api_key))
    return stripe_failure(401, "invalid_request_error", "", "Invalid API Key provided");
  if (request.method == "GET" || request.method == "HEAD")
    return get(request.path, request.query);
  if (request.method != "POST")
    return stripe_failure(404, "invalid_request_error", "", "Unrecognized request URL");
  auto fields = decode_form(request.body);
  if (!fields)
    return stripe_failure(400, "invalid_request_error", "", "Invalid form encoding");
  if (request.idempotency_key.empty())
    return post(request.path, *fields);
  auto what = request.path + '\n' + request.body;
  auto known = keyed_.find(request.idempotency_key);
  if (known == keyed_.end()) {
    auto result = post(request.path, *fields);
    keyed_.emplace(request.idempotency_key, keyed_answer{what, result});
    return result;
  }
  if (known->second.request != what)
    return stripe_failure(
      400, "idempotency_error", "",
      "Keys for idempotent requests can only be used with the same parameters they "
      "were first used with.");
  auto repeated = known->second.answer;
  repeated.headers.emplace_back("Idempotent-Replayed", "true");
  return repeated;
}

sandbox_answer stripe_sandbox::post(std::string_view path, const form_fields& fields) {
  if (path == sessions_path)
    return create_session(fields);
  if (path == intents_path)
    return create_intent(fields);
  if (path == refunds_path)
    return create_refund(fields);
  return stripe_failure(404, "invalid_request_error", "", "Unrecognized request URL");
}

sandbox_answer stripe_sandbox::create_session(const form_fields& fields) {
  const std::string item = "line_items[0]";
  for (std::string name : {"mode", "success_url"})
    if (field(fields, name).value_or("").empty())
      return stripe_missing(name);
  if (field(fields, "mode") != "payment")
    return stripe_failure(400, "invalid_request_error", "", "This sandbox only knows mode=payment",
                          "mode");
  auto unit = amount_in(fields, item + "[price_data][unit_amount]");
  auto currency = field(fields, item + "[price_data][currency]");
  if (!unit || !currency || !field(fields, item + "[price_data][product_data][name]"))
    return stripe_missing(item);
  auto total =
    *unit * std::clamp<int64_t>(amount_in(fields, item + "[quantity]").value_or(1), 1, 1'000);
  if (total < least_charge || total > most_charge)
    return stripe_failure(400, "invalid_request_error", "amount_too_small",
                          "The amount must be between $0.50 and $999,999.99", item);
  Json::Value session{Json::objectValue};
  auto id = make_id("cs_test_");
  session["id"] = id;
  session["object"] = "checkout.session";
  session["amount_subtotal"] = Json::Int64{total};
  session["amount_total"] = Json::Int64{total};
  session["cancel_url"] = field(fields, "cancel_url").value_or("");
  if (auto reference = field(fields, "client_reference_id"))
    session["client_reference_id"] = *reference;
  session["created"] = Json::Int64{seconds_now()};
  session["currency"] = *currency;
  session["customer_email"] = field(fields, "customer_email").value_or("");
  session["livemode"] = false;
  session["metadata"] = members_of(fields, "metadata");
  session["mode"] = "payment";
  session["payment_intent"] = Json::Value::null;
  session["payment_status"] = "unpaid";
  session["status"] = "open";
  session["success_url"] = *field(fields, "success_url");
  session["url"] = address_ + std::string{pages_path} + id;
  // Kept for the intent, which is made later; the name is shown on the page.
  auto kept = session;
  kept["sandbox"]["intent_metadata"] = members_of(fields, "payment_intent_data[metadata]");
  kept["sandbox"]["product"] = *field(fields, item + "[price_data][product_data][name]");
  sessions_[id] = std::move(kept);
  return stripe_json(200, session);
}

sandbox_answer stripe_sandbox::create_intent(const form_fields& fields) {
  auto amount = amount_in(fields, "amount");
  auto currency = field(fields, "currency");
  if (!amount)
    return stripe_missing("amount");
  if (!currency)
    return stripe_missing("currency");
  if (*amount < least_charge || *amount > most_charge)
    return stripe_failure(400, "invalid_request_error", "amount_too_small",
                          "Amount must be between $0.50 and $999,999.99", "amount");
  auto intent = make_intent(*amount, *currency, members_of(fields, "metadata"));
  intent["description"] = field(fields, "description").value_or("");
  intent["receipt_email"] = field(fields, "receipt_email").value_or("");
  intents_[intent["id"].asString()] = intent;
  return stripe_json(200, intent);
}

sandbox_answer stripe_sandbox::create_refund(const form_fields& fields) {
  auto intent = field(fields, "payment_intent").value_or("");
  auto named = field(fields, "charge").value_or("");
  for (const auto& [id, charge] : charges_)
    if (!named.empty() && charge["id"].asString() == named)
      intent = id;
  auto found = charges_.find(intent);
  if (found == charges_.end())
    return stripe_no_such("charge", intent.empty() ? named : intent);
  auto left = found->second["amount"].asInt64() - found->second["amount_refunded"].asInt64();
  auto amount = amount_in(fields, "amount").value_or(left);
  if (amount <= 0 || amount > left)
    return stripe_failure(400, "invalid_request_error", "charge_already_refunded",
                          "Refund amount is greater than unrefunded amount on charge", "amount");
  return stripe_json(200, refund_charge(found->second, amount));
}

Json::Value stripe_sandbox::make_intent(int64_t amount, const std::string& currency,
                                        Json::Value metadata) {
  Json::Value intent{Json::objectValue};
  auto id = make_id("pi_");
  intent["id"] = id;
  intent["object"] = "payment_intent";
  intent["amount"] = Json::Int64{amount};
  intent["amount_received"] = 0;
  intent["client_secret"] = make_id(id + "_secret_");
  intent["created"] = Json::Int64{seconds_now()};
  intent["currency"] = currency;
  intent["latest_charge"] = Json::Value::null;
  intent["livemode"] = false;
  intent["metadata"] = std::move(metadata);
  intent["status"] = "requires_payment_method";
  return intent;
}

sandbox_answer stripe_sandbox::page_of(const std::string& session) const {
  auto found = sessions_.find(session);
  sandbox_answer page;
  page.content_type = "text/html; charset=utf-8";
  if (found == sessions_.end()) {
    page.status = 404;
    page.body = "<!doctype html><title>Checkout</title><p>There is no such payment.";
    return page;
  }
  const auto& what = found->second;
  auto action =
    what["status"] == "complete"
      ? std::string{"<p>This is paid.</p>"}
      : fmt::format(R"(<form method="post" action="{}pay/{}?return=1"><button>Pay</button>)"
                    R"(</form><p><a href="{}">Cancel</a></p>)",
                    stripe_test_path, session, escaped(what["cancel_url"].asString()));
  page.body = fmt::format(
    R"(<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout (sandbox)</title>)"
    R"(<style>body{{font:18px sans-serif;max-width:24em;margin:4em auto}}button{{font:inherit;)"
    R"(padding:.5em 2em}}</style><h1>${}</h1><p>{}</p>{}<p>No card is charged: this is a sandbox.</p>)",
    to_string(money::from_cents(what["amount_total"].asInt64())),
    escaped(what["sandbox"]["product"].asString()), action);
  return page;
}

} // namespace meisim::sandbox
