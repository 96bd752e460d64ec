#include "http/edge/on_account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "protocols/base/iccid.hpp"

#include <iterator>
#include <optional>

namespace meisim::http {

// Top-ups of SIMs that are in use already.

namespace {

/// The most that a top-up may be worth before the network's own bounds are known, in its currency.
constexpr auto highest_value = money::from_cents(100'000'000);

std::string bundle_json(const network_bundle& item) {
  return fmt::format(R"({{"bundleProductCode":{},"description":{},"bundleValue":{}}})",
                     json_quoted(item.code), json_quoted(item.description),
                     hundredths_to_string(item.value));
}

std::string network_json(const network& item, int32_t markup) {
  std::string bundles;
  for (const auto& extra : item.bundles)
    bundles += (bundles.empty() ? "" : ",") + bundle_json(extra);
  return fmt::format(
    R"({{"networkName":{},"countryISO":{},"currency":{},"minTopUpValue":{},"maxTopUpValue":{},)"
    R"("minTopUpPriceUsd":{},"maxTopUpPriceUsd":{},"bundles":[{}]}})",
    json_quoted(item.name), json_quoted(item.country_iso), json_quoted(item.currency),
    hundredths_to_string(item.least), hundredths_to_string(item.most),
    to_string(price_of(item, item.least).with_markup(markup)),
    to_string(price_of(item, item.most).with_markup(markup)), bundles);
}

/// Reads the one field of two that says which SIM is meant.
sim_target read_sim(fields& in) {
  sim_target sim{in.optional_text("contactNumber"), in.optional_text("simSerialNumber")};
  bool is_one = in.has("contactNumber") != in.has("simSerialNumber");
  if (!is_one)
    in.reject("contactNumber", "or simSerialNumber must be given, and not both");
  if (!sim.contact_number.empty() && !is_e164(sim.contact_number))
    in.reject("contactNumber", "must be in E.164 form: + and 8 to 15 digits");
  if (!sim.sim_serial.empty()) {
    auto reading = read_iccid(sim.sim_serial);
    if (!reading.number)
      in.reject("simSerialNumber", reading.flaw);
    else if (!reading.number->digits.starts_with("89"))
      in.reject("simSerialNumber", "must be the ICCID of a SIM, which begins with 89");
    else
      sim.sim_serial = reading.number->digits;
  }
  return sim;
}

struct recharge_wish {
  account_order order;
  recharge what;
  /// Nothing where the caller leaves it to the code.
  std::optional<money> bundle_value;
  std::optional<money> price_guard;
};

caf::expected<recharge_wish> read_recharge(const exchange& x, const Json::Value& body) {
  fields in{body};
  recharge_wish wish;
  wish.what.network = in.required_text("networkName", 1, 100);
  wish.what.sim = read_sim(in);
  wish.what.value = in.required_amount("topUpValue", money::from_cents(1), highest_value).cents();
  wish.bundle_value = in.optional_amount("bundleValue");
  wish.what.bundle_code = in.optional_text("bundleProductCode", 1, 100);
  wish.order.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  if (wish.bundle_value && wish.what.bundle_code.empty())
    in.reject("bundleProductCode", "is required when bundleValue is given");
  if (auto failure = in.failure())
    return failure;
  wish.order.dealer = x.dealer().id;
  wish.order.product = wish.what.network;
  return wish;
}

/// Holds the wish against what the network sells, and fills in what follows from that.
caf::error complete(recharge_wish& wish, const network& by) {
  auto& what = wish.what;
  if (what.value < by.least || what.value > by.most)
    return make_error(ec::invalid, fmt::format("topUpValue must be between {} and {} {}",
                                               hundredths_to_string(by.least),
                                               hundredths_to_string(by.most), by.currency));
  what.currency = by.currency;
  if (what.bundle_code.empty())
    return caf::none;
  const auto* extra = find_network_bundle(by, what.bundle_code);
  if (extra == nullptr)
    return make_error(ec::not_found, "bundleProductCode names no bundle of the network");
  if (wish.bundle_value && wish.bundle_value->cents() != extra->value)
    return make_error(ec::invalid, fmt::format("bundleValue must be {} for this bundle",
                                               hundredths_to_string(extra->value)));
  what.bundle_value = extra->value;
  return caf::none;
}

std::string sim_json(const sim_target& sim) {
  return fmt::format(R"("ContactNumber":{},"SimSerialNumber":{})", text_or_null(sim.contact_number),
                     text_or_null(sim.sim_serial));
}

std::string recharge_json(const recharge_wish& wish, const account_outcome& outcome,
                          std::string_view status) {
  const auto& what = wish.what;
  const auto& terms = outcome.terms;
  return fmt::format(
    R"({{"Status":"{}","OrderId":"{}","NetworkName":{},{},"TopUpValue":{},"BundleProductCode":{},)"
    R"("BundleValue":{},"Currency":{},"CustomerReference":{},"Reference":{},"Amount":{}}})",
    status, to_string(wish.order.id), json_quoted(what.network), sim_json(what.sim),
    hundredths_to_string(what.value), text_or_null(what.bundle_code),
    what.bundle_code.empty() ? "null" : hundredths_to_string(terms.bundle_value),
    json_quoted(terms.currency), text_or_null(wish.order.customer_reference),
    text_or_null(outcome.provider_reference), to_string(terms.price));
}

/// Calls `go_on(network)` if there is one of this name.
template <class GoOn>
void with_network(const exchange_pointer& x, const std::string& name, GoOn go_on) {
  x->with_catalogue([x, name, go_on](const catalogue& current) {
    if (const auto* found = find_network(current, name))
      return go_on(*found);
    x->fail(make_error(ec::not_found, "networkName names no network"));
  });
}

} // namespace

void get_networks(const exchange_pointer& x) {
  x->with_catalogue([x](const catalogue& current) {
    std::string list;
    for (const auto& item : current.networks)
      list += (list.empty() ? "" : ",") + network_json(item, x->dealer().markup_basis_points);
    x->succeed(fmt::format(R"({{"networks":[{}]}})", list));
  });
}

void post_confirm(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  sim_question question;
  question.network = in.required_text("networkName", 1, 100);
  question.sim = read_sim(in);
  if (auto failure = in.failure())
    return x->fail(failure);
  with_network(x, question.network, [x, question](const network& by) {
    auto answer =
      fmt::format(R"({{"Status":"Success","NetworkName":{},{},"CountryISO":{},"Currency":{}}})",
                  json_quoted(by.name), sim_json(question.sim), json_quoted(by.country_iso),
                  json_quoted(by.currency));
    ask_provider(x, question, [x, question, answer](const provider_text& text) {
      if (text.status == 200)
        return x->succeed(answer);
      if (text.status != 404)
        return x->fail(provider_refusal(text));
      x->fail(make_error(
        ec::not_found,
        fmt::format("{} is no SIM of {}",
                    question.sim.contact_number.empty() ? "simSerialNumber" : "contactNumber",
                    question.network)));
    });
  });
}

void post_recharge(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  auto asked = read_recharge(*x, *body);
  if (!asked)
    return x->fail(asked.error());
  asked->order.id = id_under(x->dealer().id, *key);
  asked->order.request_hash = key->empty() ? std::string{} : x->request_hash();
  auto write = [wish = *asked](const account_outcome& outcome, std::string_view status) {
    return recharge_json(wish, outcome, status);
  };
  replay_or(x, *key, asked->order, write, [x, asked = *asked, write] {
    with_network(x, asked.what.network, [x, asked, write](const network& by) {
      auto wish = asked;
      if (auto failure = complete(wish, by))
        return x->fail(failure);
      auto order = wish.order;
      order.price = price_of(by, wish.what.value + wish.what.bundle_value)
                      .with_markup(x->dealer().markup_basis_points);
      order.top_up = wish.what;
      if (passes_guard(x, order.price, wish.price_guard))
        order_on_account(x, order, write);
    });
  });
}

} // namespace meisim::http
