#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/text.hpp"
#include "protocols/money/payments.hpp"

#include <array>

namespace meisim::http {

namespace {

void get_topup_preview(const exchange_pointer& x) {
  auto reject = [&](std::string rule, cause why = cause::invalid_field) {
    fail(x, make_error(why, "net " + rule, "net"));
  };
  auto text = x->incoming.parameter("net");
  if (!text)
    return reject("is required", cause::missing_field);
  auto net = money::parse(trimmed_text(*text));
  if (!net)
    return reject("must be an amount with at most two decimals");
  if (*net < least_topup || *net > most_topup)
    return reject("must be between 50 and 10000");
  auto gross = x->node->card_fee.gross_for(*net);
  succeed(
    x, json_object([&](json_writer& out) {
      out.member("ok", true).member("net", *net).member("gross", gross).member("fee", gross - *net);
    }));
}

void write_started(json_writer& out, const topup_started& started) {
  const auto& means = started.means;
  out.member("ok", true);
  if (means.client_secret.empty())
    out.member("checkoutUrl", means.checkout_url);
  else
    out.member("clientSecret", means.client_secret).member("publishableKey", means.publishable_key);
  out.member("netAmt", started.net)
    .member("grossAmt", started.gross)
    .member("fee", started.gross - started.net);
}

void start_payment(const exchange_pointer& x, payment_kind kind) {
  auto wish = read_body(x, [&](fields& in, idempotency known_as) {
    start_topup result;
    result.dealer = x->dealer().id;
    result.email = x->dealer().email;
    result.kind = kind;
    result.net = in.required_amount("amountUsd", least_topup, most_topup);
    result.idempotency_key = std::move(known_as.key);
    result.request_hash = std::move(known_as.request_hash);
    return result;
  });
  if (!wish)
    return;
  ask<topup_started>(
    x, x->node->stripe,
    [x](const topup_started& started) {
      response result;
      result.body = json_object(write_started, started);
      if (started.replayed)
        mark_as_replayed(result);
      answer(x, std::move(result));
    },
    std::move(*wish));
}

void post_topup(const exchange_pointer& x) {
  start_payment(x, payment_kind::session);
}

void post_topup_intent(const exchange_pointer& x) {
  start_payment(x, payment_kind::intent);
}

void post_stripe_webhook(const exchange_pointer& x) {
  stripe_letter letter{std::string{x->incoming.header("stripe-signature")}, x->incoming.body};
  ask<done>(
    x, x->node->stripe,
    [x](done) { succeed(x, json_object([](json_writer& out) { out.member("received", true); })); },
    std::move(letter));
}

} // namespace

route_table card_payment_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/topup/preview",
          dealer,
          none,
          get_topup_preview,
          {.parameters = "net", .scopes = scopes::read | scopes::wallet}},
    route{post, "/dealer/topup", dealer, topup, post_topup, keyed_for(scopes::wallet)},
    route{post, "/dealer/topup-intent", dealer, topup_intent, post_topup_intent,
          keyed_for(scopes::wallet)},
    route{post, "/stripe/webhook", open, none, post_stripe_webhook, repeatable},
  };
  return table;
}

} // namespace meisim::http
