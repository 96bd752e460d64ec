#include "http/edge/read_body.hpp"
#include "http/endpoints/on_account.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/iccid.hpp"

#include <array>
#include <optional>

namespace meisim::http {

// Top-ups of SIMs that are in use already.

namespace {

/// The most that a top-up may be worth, in the network's currency, before the network's own bounds
/// are applied.
constexpr auto highest_value = money::from_cents(100'000'000);

/// An amount in the network's currency, which is written as one in ours is.
money local_amount(int64_t hundredths) {
  return money::from_cents(hundredths);
}

// -- networks -------------------------------------------------------------------------------------

void write_network_bundle(json_writer& out, const network_bundle& item) {
  out.member("bundleProductCode", item.code)
    .member("description", item.description)
    .member("bundleValue", local_amount(item.value));
}

void write_network(json_writer& out, const network& item, int32_t markup) {
  out.member("networkName", item.name)
    .member("countryISO", item.country_iso)
    .member("currency", item.currency)
    .member("minTopUpValue", local_amount(item.least))
    .member("maxTopUpValue", local_amount(item.most))
    .member("minTopUpPriceUsd", price_of(item, item.least).with_markup(markup))
    .member("maxTopUpPriceUsd", price_of(item, item.most).with_markup(markup))
    .objects("bundles", item.bundles, write_network_bundle);
}

void get_networks(const exchange_pointer& x) {
  with_catalogue(x, [x](const catalogue& current) {
    auto write = [markup = x->dealer().markup_basis_points](json_writer& out, const network& item) {
      write_network(out, item, markup);
    };
    succeed(
      x, json_object([&](json_writer& out) { out.objects("networks", current.networks, write); }));
  });
}

/// Calls `go_on(network)` if there is one of this name.
template <class GoOn>
void with_network(const exchange_pointer& x, const std::string& name, GoOn go_on) {
  with_catalogue(x, [x, name, go_on](const catalogue& current) {
    if (const auto* found = find_network(current, name))
      return go_on(*found);
    fail(x, make_error(ec::not_found, "networkName names no network"));
  });
}

// -- SIMs -----------------------------------------------------------------------------------------

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
  with_network(x, wish->network, [x, question = *wish](const network& by) {
    auto confirmation = json_object(write_confirmation, by, question.sim);
    ask_provider(x, question, [x, question, confirmation](const provider_text& text) {
      if (text.status == 200)
        return succeed(x, confirmation);
      if (text.status != 404)
        return fail(x, provider_refusal(text));
      fail(x, make_error(ec::not_found,
                         fmt::format("{} is no SIM of {}",
                                     question.sim.contact_number.empty() ? "simSerialNumber"
                                                                         : "contactNumber",
                                     question.network)));
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
  if (wish.bundle_value && wish.what.bundle_code.empty())
    in.reject("bundleProductCode", "is required when bundleValue is given");
  wish.order.product = wish.what.network;
  wish.known_as = std::move(known_as);
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

/// How a top-up is answered.
auto recharge_writer(const recharge_wish& wish) {
  return [order = wish.order, what = wish.what](json_writer& out, const account_outcome& outcome,
                                                std::string_view status) {
    const auto& terms = outcome.terms;
    out.member("Status", status).member("OrderId", order.id).member("NetworkName", what.network);
    write_sim(out, what.sim);
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

void post_recharge(const exchange_pointer& x) {
  auto asked = read_body(x, read_recharge);
  if (!asked)
    return;
  identify(asked->order, x, asked->known_as);
  auto write = recharge_writer(*asked);
  replay_or(x, asked->order, write, [x, asked = *asked, write] {
    with_network(x, asked.what.network, [x, asked, write](const network& by) {
      auto wish = asked;
      if (auto failure = complete(wish, by))
        return fail(x, failure);
      auto order = wish.order;
      order.price = price_of(by, wish.what.value + wish.what.bundle_value)
                      .with_markup(x->dealer().markup_basis_points);
      order.top_up = wish.what;
      if (passes_guard(x, order.price, wish.price_guard))
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
    route{get, "/api/v1/topup/networks", dealer, read, get_networks},
    route{post, "/api/v1/topup/confirm", dealer, order, post_confirm, repeatable},
    route{post, "/api/v1/topup/recharge", dealer, order, post_recharge, keyed},
  };
  return table;
}

} // namespace meisim::http
