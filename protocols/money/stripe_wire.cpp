#include "protocols/money/stripe_wire.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim {

namespace {

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& to, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : text) {
    if (is_unreserved(c)) {
      to += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += digits[byte >> 4];
    to += digits[byte & 15];
  }
}

std::string cents_text(money amount) {
  return fmt::format("{}", amount.cents());
}

payment_id payment_in(const Json::Value& object) {
  auto named = text_of(member(object, "metadata"), payment_metadata.data());
  if (named.empty())
    named = text_of(object, "client_reference_id");
  return payment_id::parse(named).value_or(payment_id{});
}

std::optional<money> amount_in(const Json::Value& object, const char* name) {
  if (!member(object, name).isInt64())
    return std::nullopt;
  return money::from_cents(number_of(object, name));
}

/// The events that move money, by their type.
struct event_reader {
  std::string_view type;
  void (*read)(const Json::Value& object, stripe_event& into);
};

void read_session(const Json::Value& object, stripe_event& into) {
  into.session = text_of(object, "id");
  into.intent = text_of(object, "payment_intent");
  into.amount = amount_in(object, "amount_total");
  // A session can be completed by a way of paying whose money is still on its way.
  if (text_of(object, "payment_status") == "paid")
    into.kind = stripe_event_kind::paid;
}

void read_intent(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "id");
  into.amount = amount_in(object, "amount_received");
  if (!into.amount)
    into.amount = amount_in(object, "amount");
  into.kind = stripe_event_kind::paid;
}

void read_refunded_charge(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "payment_intent");
  into.amount = amount_in(object, "amount");
  into.refunded = amount_in(object, "amount_refunded").value_or(money{});
  into.kind = stripe_event_kind::refunded;
}

void read_dispute(const Json::Value& object, stripe_event& into) {
  into.dispute = text_of(object, "id");
  into.intent = text_of(object, "payment_intent");
  into.amount = amount_in(object, "amount");
  // An inquiry has not taken any money yet; if it does, another event tells.
  if (!into.dispute.empty() && !text_of(object, "status").starts_with("warning"))
    into.kind = stripe_event_kind::disputed;
}

void read_reinstated(const Json::Value& object, stripe_event& into) {
  read_dispute(object, into);
  if (!into.dispute.empty())
    into.kind = stripe_event_kind::reinstated;
}

void read_failed_refund(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "payment_intent");
  into.amount = amount_in(object, "amount");
  into.kind = stripe_event_kind::refund_failed;
}

constexpr std::array event_readers{
  event_reader{"checkout.session.completed", read_session},
  event_reader{"checkout.session.async_payment_succeeded", read_session},
  event_reader{"payment_intent.succeeded", read_intent},
  event_reader{"charge.refunded", read_refunded_charge},
  event_reader{"charge.dispute.created", read_dispute},
  event_reader{"charge.dispute.funds_withdrawn", read_dispute},
  event_reader{"charge.dispute.funds_reinstated", read_reinstated},
  event_reader{"refund.failed", read_failed_refund},
};

} // namespace

std::string encode_form(const form_fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty())
      text += '&';
    append_encoded(text, name);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

std::optional<form_fields> decode_form(std::string_view text) {
  form_fields fields;
  std::string name;
  std::string current;
  bool is_value = false;
  auto finish = [&] {
    if (!is_value)
      name.swap(current);
    if (!name.empty())
      fields.emplace_back(name, current);
    name.clear();
    current.clear();
    is_value = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '&') {
      finish();
    } else if (c == '=' && !is_value) {
      name = std::move(current);
      current.clear();
      is_value = true;
    } else if (c == '%') {
      int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return std::nullopt;
      current += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      current += c == '+' ? ' ' : c;
    }
  }
  finish();
  return fields;
}

std::string session_form(const payment_terms& terms) {
  auto payment = to_string(terms.payment);
  return encode_form({
    {"mode", "payment"},
    {"line_items[0][quantity]", "1"},
    {"line_items[0][price_data][currency]", "usd"},
    {"line_items[0][price_data][unit_amount]", cents_text(terms.gross)},
    {"line_items[0][price_data][product_data][name]",
     fmt::format("Wallet top-up of ${}", to_string(terms.net))},
    {"customer_email", terms.email},
    {"client_reference_id", payment},
    {fmt::format("metadata[{}]", payment_metadata), payment},
    {fmt::format("payment_intent_data[metadata][{}]", payment_metadata), payment},
    {"success_url", terms.success_url},
    {"cancel_url", terms.cancel_url},
  });
}

std::string intent_form(const payment_terms& terms) {
  return encode_form({
    {"amount", cents_text(terms.gross)},
    {"currency", "usd"},
    {"automatic_payment_methods[enabled]", "true"},
    {"description", fmt::format("Wallet top-up of ${}", to_string(terms.net))},
    {"receipt_email", terms.email},
    {fmt::format("metadata[{}]", payment_metadata), to_string(terms.payment)},
  });
}

caf::expected<stripe_object> object_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return std::move(parsed.error());
  stripe_object result;
  result.id = text_of(*parsed, "id");
  result.url = text_of(*parsed, "url");
  result.client_secret = text_of(*parsed, "client_secret");
  result.intent = text_of(*parsed, "payment_intent");
  result.payment = payment_in(*parsed);
  if (result.id.empty())
    return make_error(ec::internal, "an answer without an id");
  return result;
}

std::string error_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return "no JSON";
  const auto& error = member(*parsed, "error");
  return fmt::format("{} {}: {}", text_of(error, "type"), text_of(error, "code"),
                     text_of(error, "message"));
}

caf::expected<stripe_event> event_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return make_error(ec::invalid, "the body must be an event of Stripe's");
  stripe_event event;
  event.id = text_of(*parsed, "id");
  event.type = text_of(*parsed, "type");
  const auto& object = member(member(*parsed, "data"), "object");
  if (event.type.empty() || !object.isObject())
    return make_error(ec::invalid, "the body must be an event of Stripe's");
  event.payment = payment_in(object);
  event.currency = text_of(object, "currency");
  for (const auto& reader : event_readers)
    if (reader.type == event.type)
      reader.read(object, event);
  return event;
}

} // namespace meisim
