#include "protocols/money/stripe_wire.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>

namespace meisim {

namespace {

/// Our currency, as Stripe writes it.
constexpr auto dollars = "usd";

std::string metadata_in(const Json::Value& object, std::string_view name) {
  return text_of(member(object, "metadata"), name.data());
}

payment_id payment_in(const Json::Value& object) {
  auto named = metadata_in(object, payment_metadata);
  if (named.empty())
    named = text_of(object, "client_reference_id");
  return payment_id::parse(named).value_or(payment_id{});
}

/// The amount that a text of whole cents tells; zero if it tells none.
money cents_in(std::string_view text) {
  int64_t cents = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), cents);
  return problem == std::errc{} && end == text.data() + text.size() ? money::from_cents(cents)
                                                                    : money{};
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

/// A session that was paid in the buyer's currency also has the amount in ours.
void read_amount(const Json::Value& session, stripe_event& into) {
  const auto& conversion = member(session, "currency_conversion");
  bool is_converted = text_of(conversion, "source_currency") == dollars;
  into.amount = amount_in(is_converted ? conversion : session, "amount_total");
  if (is_converted)
    into.currency = dollars;
}

void read_session(const Json::Value& object, stripe_event& into) {
  into.session = text_of(object, "id");
  into.intent = text_of(object, "payment_intent");
  read_amount(object, into);
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

stripe_movement movement_of_refund(const Json::Value& refund) {
  auto status = text_of(refund, "status");
  return {text_of(refund, "id"),
          movement_kind::refund,
          amount_in(refund, "amount").value_or(money{}),
          {},
          status == "failed" || status == "canceled"};
}

void read_refund(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "payment_intent");
  into.movements = {movement_of_refund(object)};
  into.kind = stripe_event_kind::moved;
}

void read_failed_refund(const Json::Value& object, stripe_event& into) {
  read_refund(object, into);
  into.movements.front().is_undone = true;
}

void read_refunded_charge(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "payment_intent");
  into.amount = amount_in(object, "amount");
  into.movements = {{text_of(object, "id"),
                     movement_kind::refund_sum,
                     amount_in(object, "amount_refunded").value_or(money{}),
                     {},
                     false}};
  // Only old releases of Stripe's API list the refunds here.
  const auto& listed = member(object, "refunds");
  for (const auto& refund : member(listed, "data"))
    into.movements.push_back(movement_of_refund(refund));
  into.asks_for_refunds = !listed.isObject() || is_true(listed, "has_more");
  into.kind = stripe_event_kind::moved;
}

stripe_movement movement_of_dispute(const Json::Value& transaction) {
  return {text_of(transaction, "id"), movement_kind::dispute,
          -amount_in(transaction, "amount").value_or(money{}),
          amount_in(transaction, "fee").value_or(money{}), false};
}

/// What left and entered our balance by a dispute. It is in our currency, whatever the dispute's
/// currency is.
void read_transactions(const Json::Value& transactions, stripe_event& into) {
  into.currency = dollars;
  for (const auto& transaction : transactions) {
    if (auto currency = text_of(transaction, "currency"); currency != dollars)
      into.currency = currency;
    into.movements.push_back(movement_of_dispute(transaction));
  }
}

void read_dispute(const Json::Value& object, stripe_event& into) {
  into.intent = text_of(object, "payment_intent");
  // An inquiry has not taken any money yet. If it does, another event tells of it.
  if (text_of(object, "id").empty())
    return;
  const auto& transactions = member(object, "balance_transactions");
  if (transactions.isArray())
    read_transactions(transactions, into);
  else if (!text_of(object, "status").starts_with("warning"))
    into.movements = {{text_of(object, "id"),
                       movement_kind::dispute,
                       amount_in(object, "amount").value_or(money{}),
                       {},
                       false}};
  if (!into.movements.empty())
    into.kind = stripe_event_kind::moved;
}

void read_reinstated(const Json::Value& object, stripe_event& into) {
  read_dispute(object, into);
  if (!member(object, "balance_transactions").isArray() && !into.movements.empty())
    into.movements.front().is_undone = true;
}

/// When a dispute is changed or closed, only its transactions tell what moved.
void read_changed_dispute(const Json::Value& object, stripe_event& into) {
  if (member(object, "balance_transactions").isArray())
    read_dispute(object, into);
}

constexpr std::array event_readers{
  event_reader{"checkout.session.completed", read_session},
  event_reader{"checkout.session.async_payment_succeeded", read_session},
  event_reader{"payment_intent.succeeded", read_intent},
  event_reader{"charge.refunded", read_refunded_charge},
  event_reader{"refund.created", read_refund},
  event_reader{"refund.updated", read_refund},
  event_reader{"refund.failed", read_failed_refund},
  event_reader{"charge.refund.updated", read_refund},
  event_reader{"charge.dispute.created", read_dispute},
  event_reader{"charge.dispute.updated", read_changed_dispute},
  event_reader{"charge.dispute.closed", read_changed_dispute},
  event_reader{"charge.dispute.funds_withdrawn", read_dispute},
  event_reader{"charge.dispute.funds_reinstated", read_reinstated},
};

stripe_event begin_event(const Json::Value& object) {
  stripe_event event;
  event.payment = payment_in(object);
  event.is_ours = payment_id::parse(metadata_in(object, payment_metadata)).has_value();
  event.installation = metadata_in(object, installation_metadata);
  event.currency = text_of(object, "currency");
  return event;
}

constexpr std::string_view foreign = "some of it moved in another currency than US dollars";

/// An answer of Stripe's that is a list, its objects under `data`.
caf::expected<Json::Value> list_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (parsed && !member(*parsed, "data").isArray())
    return make_error(ec::internal, "an answer without a list");
  return parsed;
}

listed_movements begin_movements(const Json::Value& list) {
  listed_movements result;
  if (is_true(list, "has_more"))
    result.missing = "it was refunded or disputed more than a hundred times";
  return result;
}

} // namespace

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
  result.installation = metadata_in(*parsed, installation_metadata);
  if (result.id.empty())
    return make_error(ec::internal, "an answer without an id");
  return result;
}

caf::expected<paid_intent> paid_intent_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return std::move(parsed.error());
  auto no_use = [](const char* why) { return make_error(ec::not_found, why); };
  auto payment = payment_id::parse(metadata_in(*parsed, payment_metadata));
  if (!payment)
    return no_use("none of our payments");
  if (text_of(*parsed, "status") != "succeeded")
    return no_use("it is not paid");
  if (text_of(*parsed, "currency") != dollars)
    return no_use("it is not in US dollars");
  auto dealer = dealer_id::parse(metadata_in(*parsed, dealer_metadata));
  auto net = cents_in(metadata_in(*parsed, net_metadata));
  auto gross = amount_in(*parsed, "amount_received").value_or(money{});
  if (!dealer || net <= money{} || gross < net)
    return no_use("its metadata do not tell what it was for");
  return paid_intent{text_of(*parsed, "id"),
                     *payment,
                     *dealer,
                     net,
                     gross,
                     metadata_in(*parsed, installation_metadata)};
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
  const auto& object = member(member(*parsed, "data"), "object");
  auto event = begin_event(object);
  event.id = text_of(*parsed, "id");
  event.type = text_of(*parsed, "type");
  if (event.type.empty() || !object.isObject())
    return make_error(ec::invalid, "the body must be an event of Stripe's");
  for (const auto& reader : event_readers)
    if (reader.type == event.type)
      reader.read(object, event);
  return event;
}

caf::expected<stripe_event> payment_from_wire(payment_kind kind, std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return std::move(parsed.error());
  auto event = begin_event(*parsed);
  if (kind == payment_kind::session)
    read_session(*parsed, event);
  else if (text_of(*parsed, "status") == "succeeded")
    read_intent(*parsed, event);
  return event;
}

caf::expected<stripe_event> listed_session_from_wire(std::string_view json) {
  auto list = list_from_wire(json);
  if (!list)
    return std::move(list.error());
  const auto& sessions = member(*list, "data");
  if (sessions.empty())
    return make_error(ec::not_found, "no session");
  auto event = begin_event(sessions[0]);
  read_session(sessions[0], event);
  return event;
}

caf::expected<listed_movements> refunds_from_wire(std::string_view json) {
  auto list = list_from_wire(json);
  if (!list)
    return std::move(list.error());
  auto result = begin_movements(*list);
  for (const auto& refund : member(*list, "data"))
    if (text_of(refund, "currency") == dollars)
      result.movements.push_back(movement_of_refund(refund));
    else
      result.missing = foreign;
  return result;
}

caf::expected<listed_movements> disputes_from_wire(std::string_view json) {
  auto list = list_from_wire(json);
  if (!list)
    return std::move(list.error());
  auto result = begin_movements(*list);
  for (const auto& dispute : member(*list, "data"))
    for (const auto& transaction : member(dispute, "balance_transactions"))
      if (text_of(transaction, "currency") == dollars)
        result.movements.push_back(movement_of_dispute(transaction));
      else
        result.missing = foreign;
  return result;
}

} // namespace meisim
