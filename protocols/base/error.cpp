#include "protocols/base/error.hpp"

#include <caf/all.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace meisim {

namespace {

struct description {
  ec code;
  /// The cause if nothing more is known.
  cause why;
  std::string_view name;
  std::string_view sentence;
};

/// By number.
constexpr std::array<description, ec_count> descriptions{{
  {ec::none, cause::server_error, "none", "nothing went wrong"},
  {ec::unauthorized, cause::unauthorized, "unauthorized",
   "the credential is missing, unknown or no longer good"},
  {ec::forbidden, cause::forbidden, "forbidden", "the account may not do this"},
  {ec::rate_limited, cause::rate_limited, "rate_limited", "too many requests in this window"},
  {ec::invalid, cause::invalid_field, "invalid", "the request is not valid"},
  {ec::not_found, cause::not_found, "not_found", "there is no such thing"},
  {ec::conflict, cause::wrong_state, "conflict", "the state does not allow this"},
  {ec::in_progress, cause::request_in_progress, "in_progress",
   "the first request with this Idempotency-Key is still under way"},
  {ec::price_too_high, cause::price_too_high, "price_too_high",
   "the total is above the price guard"},
  {ec::insufficient_funds, cause::insufficient_funds, "insufficient_funds",
   "the wallet holds less than what is required"},
  {ec::vendor_error, cause::vendor_refused, "vendor_error", "the vendor refused"},
  {ec::unavailable, cause::unavailable, "unavailable",
   "the service is busy or a part of it is away; nothing was changed, please repeat"},
  {ec::internal, cause::server_error, "internal", "something failed on our side"},
  {ec::moved, cause::unavailable, "moved", "what the decision stood on has changed"},
  {ec::not_owner, cause::unavailable, "not_owner",
   "the service is moving work between its nodes; nothing was changed, please repeat"},
  {ec::outcome_unknown, cause::outcome_unknown, "outcome_unknown",
   "the answer of a part of the service was lost"},
  {ec::credential_expired, cause::credential_expired, "credential_expired",
   "the credential has expired"},
  {ec::credit_limit_reached, cause::credit_limit_reached, "credit_limit_reached",
   "the order is above the credit limit"},
}};

static_assert(std::ranges::all_of(descriptions, [](const description& x) {
  return &x - descriptions.data() == static_cast<std::ptrdiff_t>(x.code);
}));

const description& describe(ec code) {
  return descriptions.at(static_cast<size_t>(code));
}

/// A text of the error's context: the sentence, the cause's name, the field.
std::string_view context_text(const caf::error& error, size_t position) {
  if (error.category() != error_category)
    return {};
  const auto& context = error.context();
  if (context.size() <= position || !context.match_element<std::string>(position))
    return {};
  return context.get_as<std::string>(position);
}

} // namespace

std::string_view to_string(ec code) {
  return describe(code).name;
}

caf::error make_error(ec code, std::string message) {
  return {static_cast<uint8_t>(code), error_category, caf::make_message(std::move(message))};
}

caf::error make_error(cause why, std::string message, std::string field) {
  const auto& entry = describe(why);
  return {static_cast<uint8_t>(entry.kind), error_category,
          caf::make_message(std::move(message), std::string{entry.name}, std::move(field))};
}

caf::error insufficient_funds(money balance, money required) {
  auto message =
    fmt::format("the wallet holds {} and {} is required", to_string(balance), to_string(required));
  return {static_cast<uint8_t>(ec::insufficient_funds), error_category,
          caf::make_message(std::move(message),
                            std::string{describe(cause::insufficient_funds).name}, std::string{},
                            balance.cents(), required.cents())};
}

caf::error credit_limit_reached(money limit, money used, money required) {
  auto message = fmt::format("the order takes {}, and {} of the credit limit of {} is used",
                             to_string(required), to_string(used), to_string(limit));
  return {static_cast<uint8_t>(ec::credit_limit_reached), error_category,
          caf::make_message(std::move(message),
                            std::string{describe(cause::credit_limit_reached).name}, std::string{},
                            limit.cents(), used.cents(), required.cents())};
}

ec code_of(const caf::error& error) {
  if (!error)
    return ec::none;
  if (error.category() == error_category && error.code() < ec_count)
    return static_cast<ec>(error.code());
  if (error.category() == caf::atom("system")) {
    switch (static_cast<caf::sec>(error.code())) {
    case caf::sec::request_receiver_down:
    case caf::sec::request_timeout:
      return ec::outcome_unknown;
    case caf::sec::remote_linking_failed:
    case caf::sec::no_such_group_module:
      return ec::unavailable;
    default:
      return ec::internal;
    }
  }
  return ec::internal;
}

cause cause_of(const caf::error& error) {
  return cause_named(context_text(error, 1)).value_or(describe(code_of(error)).why);
}

std::string field_of(const caf::error& error) {
  return std::string{context_text(error, 2)};
}

std::string message_of(const caf::error& error) {
  auto text = context_text(error, 0);
  return std::string{text.empty() ? describe(code_of(error)).sentence : text};
}

shortfall shortfall_of(const caf::error& error) {
  const auto& context = error.context();
  if (code_of(error) != ec::insufficient_funds
      || !context.match_elements<std::string, std::string, std::string, int64_t, int64_t>())
    return {};
  return {money::from_cents(context.get_as<int64_t>(3)),
          money::from_cents(context.get_as<int64_t>(4))};
}

credit_shortfall credit_shortfall_of(const caf::error& error) {
  const auto& context = error.context();
  if (code_of(error) != ec::credit_limit_reached
      || !context
            .match_elements<std::string, std::string, std::string, int64_t, int64_t, int64_t>())
    return {};
  return {money::from_cents(context.get_as<int64_t>(3)),
          money::from_cents(context.get_as<int64_t>(4)),
          money::from_cents(context.get_as<int64_t>(5))};
}

std::string render_error(uint8_t code, caf::atom_value, const caf::message& context) {
  auto name = code < ec_count ? to_string(static_cast<ec>(code)) : std::string_view{"unknown"};
  if (context.match_element<std::string>(0))
    return fmt::format("{}: {}", name, context.get_as<std::string>(0));
  return std::string{name};
}

} // namespace meisim
