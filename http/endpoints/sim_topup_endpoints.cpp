#include "http/edge/dry_run.hpp"
#include "http/edge/pricing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/on_account.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/phone_number.hpp"

#include <array>
#include <optional>

namespace meisim::http {

// Top-ups of SIMs that are in use already.

namespace {

/// The most that a top-up may be worth, in the network's currency, before the network's own bounds
/// are applied.
constexpr auto highest_value = money::from_cents(100'000'000);

/// An amount in the network's currency, which is written like an amount in ours.
money local_amount(int64_t hundredths) {
  return money::from_cents(hundredths);
}

// -- networks -------------------------------------------------------------------------------------

void write_network_bundle(json_writer& out, const network_bundle& item) {
  out.member("bundleProductCode", item.code)
    .member("description", item.description)
    .member("bundleValue", local_amount(item.value));
}

void write_values(json_writer& out, const network& item, const caller_prices& prices) {
  out.objects("values", item.values, [&](json_writer& line, const network_value& one) {
    line.member("value", local_amount(one.value))
      .member("priceUsd", prices.of(item, one.value))
      .member("description", or_null(one.description));
  });
}

void write_network(json_writer& out, const network& item, const caller_prices& prices) {
  out.member("networkName", item.name)
    .member("countryISO", item.country_iso)
    .member("currency", item.currency)
    .member("minTopUpValue", local_amount(item.least))
    .member("maxTopUpValue", local_amount(item.most))
    .member("minTopUpPriceUsd", prices.of(item, item.least))
    .member("maxTopUpPriceUsd", prices.of(item, item.most))
    .member("takesSimSerialNumber", item.takes_serials)
    .objects("bundles", item.bundles, write_network_bundle);
  write_values(out, item, prices);
}

void get_networks(const exchange_pointer& x) {
  with_priced_catalogue(x, [x](const catalogue& current, const caller_prices& prices) {
    auto write = [&](json_writer& out, const network& item) { write_network(out, item, prices); };
    succeed(
      x, json_object([&](json_writer& out) { out.objects("networks", current.networks, write); }));
  });
}

/// Calls `go_on(network, prices)` if there is one of this name.
template <class GoOn>
void with_network(const exchange_pointer& x, const std::string& name, GoOn go_on) {
  with_priced_catalogue(x, [x, name, go_on](const catalogue& current, const caller_prices& prices) {
    if (const auto* found = find_network(current, name))
      return go_on(*found, prices);
    fail(x, make_error(cause::not_found, "networkName names no network", "networkName"));
  });
}

// -- SIMs -----------------------------------------------------------------------------------------

/// Reads the one field of two that says which SIM is meant. A telephone number stays as it is
/// written until its network is known.
sim_target read_sim(fields& in) {
  constexpr size_t longest_number = 40;
  sim_target sim{in.optional_text("contactNumber", 1, longest_number),
                 in.optional_iccid("simSerialNumber")};
  if (sim.contact_number.empty() == sim.sim_serial.empty())
    in.reject("contactNumber", "or simSerialNumber must be given, and not both",
              sim.sim_serial.empty() ? cause::missing_field : cause::invalid_field);
  return sim;
}

/// Brings the telephone number into the form of E.164, by the country of its network.
caf::error complete_number(sim_target& sim, const network& by) {
  if (sim.contact_number.empty() && !by.takes_serials)
    return make_error(cause::invalid_field,
                      "simSerialNumber names no SIM of this network: give contactNumber",
                      "simSerialNumber");
  if (sim.contact_number.empty())
    return caf::none;
  auto reading = read_phone_number(sim.contact_number, by.country_iso);
  if (!reading.number)
    return make_error(cause::invalid_field, fmt::format("contactNumber {}", reading.flaw),
                      "contactNumber");
  sim.contact_number = *reading.number;
  return caf::none;
}

void write_sim(json_writer& out, const sim_target& sim) {
  out.member("ContactNumber", or_null(sim.contact_number))
    .member("SimSerialNumber", or_null(sim.sim_serial));
}

sim_question read_sim_question(fields& in) {
  sim_question question;
  question.network = in.required_text("networkName", 1, 100);
  question.sim = read_sim(in);
  return question;
}

void write_confirmation(json_writer& out, const network& by, const sim_target& sim) {
  out.member("Status", "Success").member("NetworkName", by.name);
  write_sim(out, sim);
  out.member("CountryISO", by.country_iso).member("Currency", by.currency);
}

void post_confirm(const exchange_pointer& x) {
  auto wish = read_body(x, read_sim_question);
  if (!wish)
    return;
  with_network(x, wish->network, [x, asked = *wish](const network& by, const caller_prices&) {
    auto question = asked;
    if (auto failure = complete_number(question.sim, by))
      return fail(x, failure);
    auto confirmation = json_object(write_confirmation, by, question.sim);
    ask_provider(x, question, [x, question, confirmation](const provider_text& text) {
      if (text.status == 200)
        return succeed(x, confirmation);
      if (text.status != 404)
        return fail(x, provider_refusal(text));
      std::string field = question.sim.contact_number.empty() ? "simSerialNumber" : "contactNumber";
      fail(x, make_error(cause::not_found,
                         fmt::format("{} is no SIM of {}", field, question.network), field));
    });
  });
}

// -- top-ups --------------------------------------------------------------------------------------

struct recharge_wish {
  account_order order;
  recharge what;
  idempotency known_as;
  /// Nothing if the caller names only the code of an extra, which has a value of its own.
  std::optional<money> bundle_value;
  std::optional<money> price_guard;
  bool is_dry_run = false;
};

recharge_wish read_recharge(fields& in, idempotency known_as) {
  recharge_wish wish;
  wish.what.network = in.required_text("networkName", 1, 100);
  wish.what.sim = read_sim(in);
  wish.what.value = in.required_amount("topUpValue", money::from_cents(1), highest_value).cents();
  wish.bundle_value = in.optional_amount("bundleValue");
  wish.what.bundle_code = in.optional_text("bundleProductCode", 1, 100);
  wish.order.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  wish.is_dry_run = in.flag("validateOnly", false);
  if (wish.bundle_value && wish.what.bundle_code.empty())
    in.miss("bundleProductCode", "when bundleValue is given");
  wish.order.product = wish.what.network;
  wish.known_as = std::move(known_as);
  return wish;
}

/// The fixed values of a network, for people.
std::string values_text(const network& of) {
  std::string result;
  for (const auto& one : of.values)
    result.append(result.empty() ? "" : ", ").append(hundredths_to_string(one.value));
  return result;
}

/// Compares the wish with what the network sells, and fills in what follows from that.
caf::error complete(recharge_wish& wish, const network& by) {
  auto& what = wish.what;
  if (auto failure = complete_number(what.sim, by))
    return failure;
  if (what.value < by.least || what.value > by.most)
    return make_error(cause::invalid_field,
                      fmt::format("topUpValue must be between {} and {} {}",
                                  hundredths_to_string(by.least), hundredths_to_string(by.most),
                                  by.currency),
                      "topUpValue");
  if (!by.values.empty() && find_network_value(by, what.value) == nullptr)
    return make_error(
      cause::invalid_field,
      fmt::format("topUpValue must be one of these in {}: {}", by.currency, values_text(by)),
      "topUpValue");
  what.currency = by.currency;
  if (what.bundle_code.empty())
    return caf::none;
  const auto* extra = find_network_bundle(by, what.bundle_code);
  if (extra == nullptr)
    return make_error(cause::not_found, "bundleProductCode names no bundle of the network",
                      "bundleProductCode");
  if (wish.bundle_value && wish.bundle_value->cents() != extra->value)
    return make_error(
      cause::invalid_field,
      fmt::format("bundleValue must be {} for this bundle", hundredths_to_string(extra->value)),
      "bundleValue");
  what.bundle_value = extra->value;
  return caf::none;
}

/// How a top-up is answered.
auto recharge_writer(const recharge_wish& wish) {
  return [order = wish.order, what = wish.what](json_writer& out, const account_outcome& outcome,
                                                std::string_view status) {
    const auto& terms = outcome.terms;
    out.member("Status", status).member("OrderId", order.id).member("NetworkName", what.network);
    write_sim(out, {terms.contact_number, what.sim.sim_serial});
    out.member("TopUpValue", local_amount(what.value))
      .member("BundleProductCode", or_null(what.bundle_code))
      .member("BundleValue", what.bundle_code.empty()
                               ? std::nullopt
                               : std::optional{local_amount(terms.bundle_value)})
      .member("Currency", terms.currency)
      .member("CustomerReference", or_null(order.customer_reference))
      .member("Reference", or_null(outcome.provider_reference))
      .member("Amount", terms.price);
  };
}

/// Calls `go_on(order)` with the top-up at its price, if the network sells it.
template <class GoOn>
void with_priced_recharge(const exchange_pointer& x, const recharge_wish& asked, GoOn go_on) {
  with_network(x, asked.what.network,
               [x, asked, go_on](const network& by, const caller_prices& prices) {
                 auto wish = asked;
                 if (auto failure = complete(wish, by))
                   return fail(x, failure);
                 auto order = wish.order;
                 order.price = prices.of(by, wish.what.value + wish.what.bundle_value);
                 order.country = by.country_iso;
                 order.top_up = wish.what;
                 go_on(order);
               });
}

void post_recharge(const exchange_pointer& x) {
  auto asked = read_body(x, read_recharge);
  if (!asked)
    return;
  if (asked->is_dry_run)
    return with_priced_recharge(x, *asked,
                                [x, most = asked->price_guard](const account_order& order) {
                                  answer_dry_run(x, {order.price, most, false});
                                });
  identify(asked->order, x, asked->known_as);
  auto write = recharge_writer(*asked);
  replay_or(x, asked->order, write, [x, asked = *asked, write] {
    with_priced_recharge(x, asked, [x, asked, write](const account_order& order) {
      if (passes_guard(x, order.price, asked.price_guard))
        order_on_account(x, order, write);
    });
  });
}

} // namespace

route_table sim_topup_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/api/v1/topup/networks", dealer, read, get_networks,
          open_to(scopes::read | scopes::order)},
    route{post, "/api/v1/topup/confirm", dealer, order, post_confirm,
          repeatable_for(scopes::read | scopes::order)},
    route{post, "/api/v1/topup/recharge", dealer, order, post_recharge, keyed_for(scopes::order)},
  };
  return table;
}

} // namespace meisim::http
