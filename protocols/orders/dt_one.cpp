#include "protocols/base/base64.hpp"
#include "protocols/base/country_code.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <fmt/core.h>

#include <algorithm>

// DT One's Digital Value Services API v1. It sells products, each of which is a value or a range of
// values of an operator. An operator's fixed values in a currency are one network here, and each of
// its ranges is another. A transaction has our reference, under which it is made only once.

namespace meisim {

namespace {

constexpr int page_size = 100;
constexpr int most_pages = 500;
/// The value of a top-up may not be above a million.
constexpr int64_t highest_value = 100'000'000;

/// The credentials are `key:secret`.
std::string credential_of(const std::string& credentials) {
  return "Authorization: Basic " + to_base64(credentials);
}

// -- the catalogue --------------------------------------------------------------------------------

provider_call page_call(int32_t page) {
  return {"GET", fmt::format("/products?page={}&per_page={}", page, page_size)};
}

provider_call catalogue_call() {
  return page_call(1);
}

/// A page that is not full is the last.
std::optional<provider_call> next_page_call(std::string_view body, int32_t page) {
  auto json = parse_json(body);
  bool is_last = !json || !json->isArray() || json->size() < page_size || page + 1 >= most_pages;
  return is_last ? std::nullopt : std::optional{page_call(page + 2)};
}

bool is_empty(const Json::Value& value) {
  return value.isNull() || ((value.isArray() || value.isObject()) && value.empty());
}

/// Whether it asks for nothing but a telephone number.
bool asks_for_a_number_only(const Json::Value& item) {
  for (const auto* fields :
       {"required_sender_fields", "required_beneficiary_fields",
        "required_debit_party_identifier_fields", "required_statement_identifier_fields",
        "required_additional_identifier_fields"})
    if (!is_empty(member(item, fields)))
      return false;
  const auto& ways = member(item, "required_credit_party_identifier_fields");
  if (is_empty(ways))
    return true;
  return ways.isArray() && std::ranges::any_of(ways, [](const auto& way) {
           return way.isArray() && way.size() == 1 && way[0] == Json::Value{"mobile_number"};
         });
}

/// Credit in a currency is sold; data, minutes and vouchers are not.
bool is_credit(const Json::Value& item) {
  auto type = text_of(item, "type");
  const auto& benefits = member(item, "benefits");
  bool is_recharge = type == "FIXED_VALUE_RECHARGE" || type == "RANGED_VALUE_RECHARGE";
  bool is_only_credit = benefits.isArray() && benefits.size() == 1
                        && text_of(benefits[0], "type") == "CREDITS"
                        && text_of(member(item, "destination"), "unit_type") == "CURRENCY";
  return is_recharge && is_only_credit && asks_for_a_number_only(item);
}

/// Reads what is charged for a fixed value; false if it cannot be read.
bool read_fixed(network& to, const Json::Value& item, const Json::Value& wholesale,
                const std::string& product, std::string_view document) {
  auto value = cents_up(plain_text(member(item, "destination"), "amount", document));
  auto cost = exact_up(plain_text(wholesale, "amount", document));
  auto fee = exact_up(plain_text(wholesale, "fee", document)).value_or(0);
  if (!value || !cost || value->cents() == 0)
    return false;
  to.values.push_back({value->cents(), *cost + fee, text_of(item, "name"), product});
  to.least = to.most = value->cents();
  return true;
}

/// What is charged for a unit at the lower or the upper bound, in hundred-millionths.
int64_t rate_at(const char* bound, const Json::Value& values, const Json::Value& costs,
                std::string_view document) {
  auto value = exact_up(plain_text(values, bound, document)).value_or(0);
  auto cost = exact_up(plain_text(costs, bound, document)).value_or(0);
  return value < exact_unit / 100 ? 0 : product_up(cost, exact_unit, value);
}

/// The higher rate of both bounds, so that nothing between them is sold below what it costs.
bool read_range(network& to, const Json::Value& item, const Json::Value& wholesale,
                std::string_view document) {
  constexpr int64_t cent = exact_unit / 100;
  const auto& values = member(member(item, "destination"), "amount");
  const auto& costs = member(wholesale, "amount");
  to.usd_rate =
    std::max(rate_at("min", values, costs, document), rate_at("max", values, costs, document));
  to.usd_fee = exact_up(plain_text(wholesale, "fee", document)).value_or(0);
  to.least = product_up(exact_up(plain_text(values, "min", document)).value_or(0), 1, cent);
  to.most =
    std::min(exact_up(plain_text(values, "max", document)).value_or(0) / cent, highest_value);
  // No unit of a currency is worth more.
  constexpr int64_t highest_rate = 1'000 * exact_unit;
  return to.usd_rate > 0 && to.usd_rate <= highest_rate && to.least > 0 && to.most >= to.least;
}

void add_product(catalogue& to, const Json::Value& item, std::string_view document) {
  if (!is_credit(item)) {
    ++to.left_out;
    return;
  }
  auto product = plain_text(item, "id", document);
  const auto& seller = member(item, "operator");
  const auto& place = member(seller, "country");
  const auto& wholesale = member(member(item, "prices"), "wholesale");
  auto number = plain_text(seller, "id", document);
  bool is_range = text_of(item, "type") == "RANGED_VALUE_RECHARGE";
  network result;
  result.currency = text_of(member(item, "destination"), "unit");
  result.code = is_range ? fmt::format("{}:{}", number, product) : number;
  result.name = network_name(text_of(seller, "name"),
                             fmt::format("{}-{}", number, is_range ? product : result.currency));
  result.country_iso = country_of_three_letters(text_of(place, "iso_code"));
  result.charge.currency = text_of(wholesale, "unit");
  result.takes_serials = false;
  bool is_whole = is_number(product) && is_number(number) && !result.country_iso.empty()
                  && result.currency.size() == 3 && !result.charge.currency.empty();
  if (!is_whole
      || !(is_range ? read_range(result, item, wholesale, document)
                    : read_fixed(result, item, wholesale, product, document))) {
    to.refused.push_back(fmt::format("product {}: it has no amounts, price or country", product));
    return;
  }
  // Countries come with each product.
  add_country(to, {result.country_iso, text_of(place, "name"), {}});
  add_network(to.networks, std::move(result));
}

caf::expected<catalogue> read_catalogue(std::string_view body) {
  auto json = parse_json(body);
  if (!json)
    return std::move(json.error());
  if (!json->isArray())
    return make_error(ec::internal, "no list of products");
  catalogue result;
  for (const auto& item : *json)
    add_product(result, item, body);
  return result;
}

// -- orders ---------------------------------------------------------------------------------------

/// A range is known by its operator and its product.
std::string product_in(const std::string& code) {
  return code.substr(code.find(':') + 1);
}

std::string operator_in(const std::string& code) {
  return code.substr(0, code.find(':'));
}

provider_call order_call(const provider_order& order) {
  const auto& what = *order.top_up;
  bool is_range = order.code.find(':') != std::string::npos;
  return {"POST", "/async/transactions", json_object([&](json_writer& out) {
            out.member("external_id", order.reference)
              .member("product_id", json_text{product_in(order.code)})
              .member("auto_confirm", true)
              .object("credit_party_identifier",
                      [&] { out.member("mobile_number", what.sim.contact_number); });
            if (!order.callback_url.empty())
              out.member("callback_url", order.callback_url);
            if (is_range)
              out.member("calculation_mode", "DESTINATION_AMOUNT").object("destination", [&] {
                out.member("unit_type", "CURRENCY")
                  .member("unit", what.currency)
                  .member("amount", money::from_cents(what.value));
              });
          })};
}

provider_call look_up_call(const provider_order& order) {
  return {"GET", "/transactions?external_id=" + url_escaped(order.reference)};
}

/// The first error of an answer.
const Json::Value& error_in(const Json::Value& json) {
  return first_of(member(json, "errors"));
}

int64_t code_in(const Json::Value& error) {
  return code_from(text_of(error, "code")).value_or(number_of(error, "code"));
}

std::string reason_in(const Json::Value& error, int32_t status) {
  auto message = text_of(error, "message");
  auto reason = reason_of(message, status);
  return message.empty() ? reason : fmt::format("error {}: {}", code_in(error), reason);
}

provider_outcome outcome_of(int32_t status, const Json::Value& error) {
  auto code = code_in(error);
  auto reason = reason_in(error, status);
  if (is_one_of(code, {1'003'001, 1'003'002, 1'003'003, 1'005'003, 1'005'004, 1'005'005, 1'005'006,
                       1'005'503, 1'006'503, 1'000'400, 1'000'404, 1'007'500}))
    return refused(std::move(reason));
  if (status == 401 || is_one_of(code, {1'006'001, 1'006'009, 1'000'401}))
    return ours(std::move(reason));
  if (status == 429 || code == 1'000'429)
    return unavailable(std::move(reason));
  return unknown(std::move(reason));
}

/// What DT One charged, if it is in dollars.
std::optional<money> cost_in(const Json::Value& transaction, std::string_view document) {
  const auto& wholesale = member(member(transaction, "prices"), "wholesale");
  auto cost = exact_up(plain_text(wholesale, "amount", document));
  auto fee = exact_up(plain_text(wholesale, "fee", document)).value_or(0);
  if (text_of(wholesale, "unit") != "USD" || !cost)
    return std::nullopt;
  return money::from_cents(product_up(*cost + fee, 1, exact_unit / 100));
}

/// Goes by the class of the status, because there are few classes.
provider_outcome read_transaction(const Json::Value& json, std::string_view document) {
  enum class_ : int64_t {
    created = 1,
    confirmed = 2,
    rejected = 3,
    cancelled = 4,
    submitted = 5,
    completed = 7,
    reversed = 8,
    declined = 9,
  };
  const auto& status = member(json, "status");
  auto words = text_of(status, "message").substr(0, 200);
  auto number = plain_text(json, "id", document);
  switch (number_of(member(status, "class"), "id")) {
  case created:
  case confirmed:
  case submitted:
    return unknown("the provider is still at work on it");
  case rejected:
    if (words == "REJECTED-INSUFFICIENT-BALANCE")
      return ours(words);
    return refused(words.empty() ? "the provider rejected it" : words);
  case cancelled:
  case reversed:
  case declined:
    return refused(words.empty() ? "the operator declined it" : words);
  case completed:
    if (!number.empty())
      return placed({{}, {}, number, cost_in(json, document)});
    break;
  default:
    break;
  }
  return unknown("the provider's answer cannot be read");
}

provider_outcome read_look_up(const Json::Value& json, const provider_order& order,
                              std::string_view document) {
  if (!json.isArray())
    return unknown("the provider's answer cannot be read");
  for (const auto& item : json) {
    if (text_of(item, "external_id") == order.reference)
      return read_transaction(item, document);
    if (text_of(item, "external_id").empty())
      return unknown("the provider's answer cannot be read");
  }
  return absent("the provider knows no such transaction");
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto json = parse_json(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  const auto& error = error_in(answer);
  if (json && (status == 200 || status == 201))
    return is_look_up ? read_look_up(answer, order, body) : read_transaction(answer, body);
  return is_look_up ? unknown(reason_in(error, status)) : outcome_of(status, error);
}

// -- SIMs -----------------------------------------------------------------------------------------

provider_call sim_call(const sim_question& question, const network&) {
  return {"GET", "/lookup/mobile-number/" + url_escaped(question.sim.contact_number)};
}

/// Reads the operators that a number may belong to. One of them is marked as identified, if that is
/// known.
int32_t read_sim(int32_t status, std::string_view body, const network& of) {
  auto json = parse_json(body);
  if (!json)
    return status == 200 ? 502 : status;
  if (status != 200 || !json->isArray())
    return code_in(error_in(*json)) == 1'000'404 ? 404 : status == 200 ? 502 : status;
  auto wanted = operator_in(of.code);
  bool is_there = std::ranges::any_of(*json, [&](const auto& item) {
    return plain_text(item, "id", body) == wanted && is_set(item, "identified");
  });
  return is_there ? 200 : 404;
}

// -- the account ----------------------------------------------------------------------------------

provider_call balance_call() {
  return {"GET", "/balances"};
}

/// The balance in dollars, or else the first in a currency.
std::optional<told_balance> read_balance(std::string_view body) {
  auto json = parse_json(body);
  std::optional<told_balance> result;
  if (!json || !json->isArray())
    return result;
  for (const auto& item : *json) {
    told_balance told{plain_text(item, "available", body), text_of(item, "unit")};
    bool is_money = text_of(item, "unit_type") == "CURRENCY" && !told.currency.empty();
    if (is_money && (!result || told.currency == "USD"))
      result = std::move(told);
  }
  return result;
}

// -- what it sends unasked ------------------------------------------------------------------------

/// The body is the transaction itself. It has no signature.
std::optional<provider_news> read_news(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  provider_news news;
  news.reference = text_of(*json, "external_id");
  return news.reference.empty() ? std::nullopt : std::optional{std::move(news)};
}

} // namespace

const provider_format dt_one_format{
  .name = "dt-one",
  .credential = credential_of,
  .catalogue_call = catalogue_call,
  .read_catalogue = read_catalogue,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = nullptr,
  .read_esim = nullptr,
  .sim_call = sim_call,
  .revokes_esims = false,
  .read_sim = read_sim,
  .orders_by_code = true,
  .next_page_call = next_page_call,
  .catalogue_lifetime = std::chrono::minutes{60},
  .settling_time = std::chrono::seconds{60},
  .balance_call = balance_call,
  .read_balance = read_balance,
  .list_call = dt_one_list_call,
  .read_list = read_dt_one_list,
  .read_news = read_news,
};

} // namespace meisim
