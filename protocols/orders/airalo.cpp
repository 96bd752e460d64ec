#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/esim_details.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider_format_parts.hpp"
#include "protocols/orders/provider_signatures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

// Airalo's Partners API v2. An order has our reference as its description, which can be searched
// for, but each call buys again. Calls carry a token that our credentials get.

namespace meisim {

namespace {

constexpr int page_size = 1'000;
constexpr int most_found = 50;
constexpr std::string_view form = "application/x-www-form-urlencoded";

// -- the token ------------------------------------------------------------------------------------

/// The credentials are `client_id:client_secret`.
std::string secret_in(const std::string& credentials) {
  auto at = std::min(credentials.find(':'), credentials.size());
  return credentials.substr(std::min(at + 1, credentials.size()));
}

provider_call token_call(const std::string& credentials, const std::string&) {
  return {"POST", "/token",
          fmt::format("client_id={}&client_secret={}&grant_type=client_credentials",
                      url_escaped(credentials.substr(0, credentials.find(':'))),
                      url_escaped(secret_in(credentials))),
          form};
}

std::optional<access_token> read_token(std::string_view body) {
  auto json = parse_json_object(body);
  return json ? token_in(member(*json, "data")) : std::nullopt;
}

// -- the catalogue --------------------------------------------------------------------------------

provider_call page_call(int64_t page) {
  return {"GET", fmt::format("/packages?include=topup&limit={}&page={}", page_size, page)};
}

provider_call catalogue_call() {
  return page_call(1);
}

std::optional<provider_call> next_page_call(std::string_view body, int32_t page) {
  auto json = parse_json_object(body);
  auto last = json ? number_of(member(*json, "meta"), "last_page") : 0;
  int64_t next = int64_t{page} + 2;
  return next <= last ? std::optional{page_call(next)} : std::nullopt;
}

/// The elements of an array, or of an object that is keyed by their places, as Airalo's pages
/// behind the first are.
template <class Read>
void for_each_in(const Json::Value& list, Read read) {
  if (list.isArray() || list.isObject())
    for (const auto& item : list)
      read(item);
}

std::string price_of_package(const Json::Value& package, std::string_view document) {
  auto dollars = plain_text(member(member(package, "prices"), "net_price"), "USD", document);
  return dollars.empty() ? plain_text(package, "net_price", document) : dollars;
}

bool has_no_limit(const Json::Value& package) {
  return is_set(package, "is_unlimited");
}

int64_t data_of(const Json::Value& package) {
  return has_no_limit(package) ? 0 : number_of(package, "amount");
}

/// Whether both bring the same: data, and calls and messages where a package has any.
bool brings_as_much(const Json::Value& a, const Json::Value& b) {
  constexpr std::array parts{"day", "voice", "text"};
  auto is_alike = [&](auto name) { return number_of(a, name) == number_of(b, name); };
  return has_no_limit(a) == has_no_limit(b) && data_of(a) == data_of(b)
         && std::ranges::all_of(parts, is_alike);
}

/// The operator's package that adds as much as this one brings and costs no more, because dealers
/// pay one price for both. Of several it is the one that is named after this package.
std::string top_up_like(const Json::Value& package, money price, const Json::Value& seller,
                        std::string_view document) {
  std::string result;
  for_each_in(member(seller, "packages"), [&](const auto& other) {
    auto cost = cents_up(price_of_package(other, document));
    bool is_as_much = text_of(other, "type") == "topup" && brings_as_much(other, package);
    auto id = text_of(other, "id");
    bool is_better = result.empty() || id.starts_with(text_of(package, "id"));
    if (is_as_much && is_better && cost && *cost <= price)
      result = id;
  });
  return result;
}

void add_package(catalogue& to, const country& where, const Json::Value& seller,
                 const Json::Value& package, std::string_view document) {
  if (text_of(package, "type") != "sim")
    return;
  auto id = text_of(package, "id");
  auto written = price_of_package(package, document);
  auto price = cents_up(written);
  if (id.empty() || !price) {
    to.refused.push_back(fmt::format("{}: {} is no price in dollars", id, written));
    return;
  }
  bundle offer{id,
               fmt::format("{} {}", text_of(seller, "title"), text_of(package, "title")),
               where.iso,
               where.region,
               data_of(package),
               static_cast<int32_t>(number_of(package, "day")),
               *price};
  offer.top_up_code = top_up_like(package, *price, seller, document);
  offer.tops_up = !offer.top_up_code.empty();
  add_offer(to, std::move(offer));
}

/// The packages of a country or region. Packages whose buyers have to prove their identity are left
/// out.
void add_place(catalogue& to, const Json::Value& place, std::string_view document) {
  auto iso = text_of(place, "country_code");
  country where{iso, text_of(place, "title"), iso.empty() ? text_of(place, "title") : ""};
  if (!iso.empty() && !where.name.empty())
    to.countries.push_back(where);
  for_each_in(member(place, "operators"), [&](const auto& seller) {
    if (!is_set(seller, "is_kyc_verify"))
      for_each_in(member(seller, "packages"),
                  [&](const auto& package) { add_package(to, where, seller, package, document); });
  });
}

caf::expected<catalogue> read_catalogue(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::move(json.error());
  if (!json->isMember("data") || !json->isMember("meta"))
    return make_error(ec::internal, "no list of packages");
  catalogue result;
  for_each_in(member(*json, "data"), [&](const auto& place) { add_place(result, place, body); });
  return result;
}

// -- orders ---------------------------------------------------------------------------------------

provider_call order_call(const provider_order& order) {
  if (order.top_up)
    return {"POST", "/orders/topups",
            fmt::format("package_id={}&iccid={}&description={}", url_escaped(order.code),
                        url_escaped(order.top_up->sim.sim_serial), url_escaped(order.reference)),
            form};
  return {"POST", "/orders",
          fmt::format("package_id={}&quantity=1&type=sim&description={}",
                      url_escaped(order.product), url_escaped(order.reference)),
          form};
}

provider_call look_up_call(const provider_order& order) {
  if (!order.provider_order_id.empty())
    return {"GET",
            fmt::format("/orders/{}?include=sims,status", url_escaped(order.provider_order_id))};
  return {"GET", fmt::format("/orders?filter%5Bdescription%5D={}&limit={}&page=1",
                             url_escaped(order.reference), most_found)};
}

std::string code_of_sim(const Json::Value& sim) {
  if (auto code = text_of(sim, "qrcode"); !code.empty())
    return code;
  return activation_code_of(text_of(sim, "lpa"), text_of(sim, "matching_id"));
}

/// What was bought; nothing as long as there is no eSIM. A top-up never has one.
std::optional<esim> bought_in(const Json::Value& data, const std::string& id, bool is_top_up,
                              std::string_view document) {
  if (is_top_up)
    return esim{{}, {}, id};
  const auto& sim = first_of(member(data, "sims"));
  return whole_esim({plain_text(sim, "iccid", document), code_of_sim(sim), id});
}

provider_outcome read_order(const Json::Value& data, bool is_top_up, std::string_view document) {
  auto id = plain_text(data, "id", document);
  if (id.empty())
    return unknown("the provider's answer cannot be read");
  auto state = text_of(member(data, "status"), "slug");
  if (state == "failed" || state == "refunded")
    return refused("the provider has not fulfilled the order");
  auto bought = bought_in(data, id, is_top_up, document);
  auto result =
    bought ? placed(std::move(*bought)) : unknown("the provider is still at work on it");
  result.bought.cost = dollars_in(data, "price", document);
  result.candidates.push_back(std::move(id));
  return result;
}

/// The filter finds descriptions that contain the reference; ours equals it. A top-up that is not
/// found may have been bought all the same: the answer in Airalo's documents has another
/// description than its request.
provider_outcome read_found(const Json::Value& json, const provider_order& order,
                            std::string_view document) {
  if (!json.isMember("data"))
    return unknown("the provider's answer cannot be read");
  auto result = absent("the provider knows no such order");
  size_t found = 0;
  bool tells_references = true;
  for_each_in(member(json, "data"), [&](const auto& item) {
    ++found;
    tells_references = tells_references && item.isObject() && item.isMember("description");
    if (text_of(item, "description") == order.reference)
      result.candidates.push_back(plain_text(item, "id", document));
  });
  bool proves_absence = tells_references && found < most_found && !order.top_up;
  if (result.candidates.empty() && !proves_absence)
    return unknown("the provider does not tell whose its orders are: an operator has to");
  return result;
}

provider_outcome read_look_up(const Json::Value& json, const provider_order& order,
                              std::string_view document) {
  if (order.provider_order_id.empty())
    return read_found(json, order, document);
  auto result = read_order(member(json, "data"), order.top_up.has_value(), document);
  result.candidates.clear();
  return result;
}

std::string reason_in(const Json::Value& json, int32_t status) {
  auto reason = text_of(json, "reason");
  return reason_of(reason.empty() ? text_of(member(json, "meta"), "message") : reason, status);
}

/// The meaning of one of Airalo's codes for an order. They come with several statuses.
provider_outcome outcome_of_code(int64_t code, std::string reason) {
  switch (code) {
  case 11:
  case 14:
    return ours(std::move(reason));
  case 23:
  case 34:
  case 43:
  case 73:
    return refused(std::move(reason));
  case 13:
    return unavailable(std::move(reason), 60);
  // Too few are left. Somebody may give some back; otherwise this stays so.
  case 33: {
    auto result = unavailable(std::move(reason));
    result.is_refusal_in_the_end = true;
    return result;
  }
  default:
    return unknown(std::move(reason));
  }
}

provider_outcome outcome_of(int32_t status, const Json::Value& json, std::string_view document) {
  auto reason = reason_in(json, status);
  if (status == 401)
    return ours(std::move(reason));
  if (status == 429)
    return unavailable(std::move(reason));
  if (auto code = code_from(plain_text(json, "code", document)))
    return outcome_of_code(*code, std::move(reason));
  // A request that does not pass the validation is answered with the names of its fields.
  return status == 422 && json.isObject() && json.isMember("data") ? refused(std::move(reason))
                                                                   : unknown(std::move(reason));
}

provider_outcome read_outcome(int32_t status, std::string_view body, const provider_order& order,
                              bool is_look_up) {
  auto json = parse_json_object(body);
  const auto& answer = json ? *json : Json::Value::nullSingleton();
  if (json && status == 200)
    return is_look_up ? read_look_up(answer, order, body)
                      : read_order(member(answer, "data"), order.top_up.has_value(), body);
  return is_look_up ? unknown(reason_in(answer, status)) : outcome_of(status, answer, body);
}

// -- eSIMs ----------------------------------------------------------------------------------------

provider_call esim_call(const esim_question& question) {
  return {"GET", fmt::format("/sims/{}/usage", url_escaped(question.iccid))};
}

std::string state_of(const std::string& status) {
  if (status == "NOT_ACTIVE")
    return "Released";
  if (status == "ACTIVE" || status == "FINISHED")
    return "Active";
  return status == "EXPIRED" || status == "RECYCLED" ? "Expired" : "Unknown";
}

/// `2026-05-05 12:34:56` as RFC 3339; empty if it is no time.
std::string time_in(std::string text) {
  if (text.size() == 19 && text[10] == ' ') {
    text[10] = 'T';
    text += 'Z';
  }
  return parse_time(text) ? text : std::string{};
}

provider_text read_esim(int32_t status, const std::string& body, const esim_question& question) {
  auto json = parse_json_object(body);
  const auto& data = json ? member(*json, "data") : Json::Value::nullSingleton();
  if (status != 200 || !data.isObject())
    return {status == 200 ? 502 : status, body};
  esim_details details{question.iccid, question.product, state_of(text_of(data, "status"))};
  if (!is_set(data, "is_unlimited")) {
    auto all = number_of(data, "total");
    details.allowance_mb = all;
    details.used_mb = std::max<int64_t>(all - number_of(data, "remaining", all), 0);
  }
  details.expires_at = time_in(text_of(data, "expired_at"));
  return {200, to_json(details)};
}

// -- the account ----------------------------------------------------------------------------------

provider_call balance_call() {
  return {"GET", "/balance"};
}

std::optional<told_balance> read_balance(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  const auto& left = member(member(member(*json, "data"), "balances"), "availableBalance");
  return balance_in(left, "amount", "currency", body);
}

// -- what it sends unasked ------------------------------------------------------------------------

bool is_signed(std::string_view body, std::string_view signature, const std::string& credentials) {
  return is_signed_by_airalo(body, signature, secret_in(credentials));
}

/// News of an order that was placed after its answer, or of what is left of an eSIM's data.
std::optional<provider_news> read_news(std::string_view body) {
  auto json = parse_json_object(body);
  if (!json)
    return std::nullopt;
  const auto& order = json->isMember("data") ? member(*json, "data") : *json;
  provider_news news;
  news.provider_order = plain_text(order, "id", body);
  news.reference = text_of(order, "description");
  news.iccid = plain_text(*json, "iccid", body);
  return news;
}

} // namespace

const provider_format airalo_format{
  .name = "airalo",
  .credential = bearer_line,
  .catalogue_call = catalogue_call,
  .read_catalogue = read_catalogue,
  .order_call = order_call,
  .look_up_call = look_up_call,
  .read_outcome = read_outcome,
  .esim_call = esim_call,
  .read_esim = read_esim,
  .sim_call = nullptr,
  .revokes_esims = false,
  .token_call = token_call,
  .read_token = read_token,
  .tops_up_esims = true,
  .has_top_up_packages = true,
  .next_page_call = next_page_call,
  .catalogue_lifetime = std::chrono::minutes{60},
  .may_buy_twice = true,
  .settling_time = std::chrono::minutes{10},
  .call_pause = std::chrono::milliseconds{200},
  .call_burst = 5,
  .balance_call = balance_call,
  .read_balance = read_balance,
  .list_call = airalo_list_call,
  .read_list = read_airalo_list,
  .refunds_on_request = true,
  .signature_header = "airalo-signature",
  .is_signed = is_signed,
  .read_news = read_news,
};

} // namespace meisim
