#include "http/endpoints/endpoints.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/money/payments.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

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

void start(const exchange_pointer& x, payment_kind kind) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  start_topup wish;
  wish.net = in.required_amount("amountUsd", least_topup, most_topup);
  if (auto failure = in.failure())
    return x->fail(failure);
  wish.dealer = x->dealer().id;
  wish.email = x->dealer().email;
  wish.kind = kind;
  if (!key->empty()) {
    wish.idempotency_key = std::move(*key);
    wish.request_hash = x->request_hash();
  }
  x->ask<topup_started>(
    x->node->stripe,
    [x](const topup_started& started) {
      response result;
      result.body = json_object(write_started, started);
      if (started.replayed)
        result.headers.emplace_back("Idempotent-Replayed", "true");
      x->answer(std::move(result));
    },
    std::move(wish));
}

} // namespace

void get_topup_preview(const exchange_pointer& x) {
  auto net = money::parse(x->incoming.parameter("net").value_or(""));
  if (!x->incoming.parameter("net"))
    return x->fail(make_error(ec::invalid, "net is required"));
  if (!net)
    return x->fail(make_error(ec::invalid, "net must be an amount with at most two decimals"));
  if (*net < least_topup || *net > most_topup)
    return x->fail(make_error(ec::invalid, "net must be between 50 and 10000"));
  auto gross = x->node->card_fee.gross_for(*net);
  x->succeed(fmt::format(R"({{"ok":true,"net":{},"gross":{},"fee":{}}})", to_string(*net),
                         to_string(gross), to_string(gross - *net)));
}

void post_topup(const exchange_pointer& x) {
  start(x, payment_kind::session);
}

void post_topup_intent(const exchange_pointer& x) {
  start(x, payment_kind::intent);
}

void post_stripe_webhook(const exchange_pointer& x) {
  stripe_letter letter{std::string{x->incoming.header("stripe-signature")}, x->incoming.body};
  x->ask<done>(
    x->node->stripe, [x](const done&) { x->succeed(R"({"received":true})"); }, std::move(letter));
}

} // namespace meisim::http
