#include "http/endpoints/endpoints.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim::http {

// What can still be done about an order that is completed.

namespace {

/// Calls `go_on(order)` if the path names an order of the caller's that is completed.
template <class GoOn>
void with_completed_order(const exchange_pointer& x, GoOn go_on) {
  auto id = order_id::parse(x->captures.front());
  if (!id)
    return x->fail(make_error(ec::not_found, "there is no such order of yours"));
  x->ask<order_to_fulfil>(
    x->node->records.next(),
    [x, go_on](const order_to_fulfil& order) {
      if (order.status != "completed")
        return x->fail(
          make_error(ec::conflict, fmt::format("the order is {}, not completed", order.status)));
      if (order.top_up)
        return x->fail(make_error(ec::conflict, "the order is a top-up, not an eSIM"));
      go_on(order);
    },
    find_own_order{x->dealer().id, *id});
}

/// A posting for the caller, under the request's Idempotency-Key if it has one.
posting posting_for(const exchange& x, const std::string& key) {
  posting result;
  result.id = posting_id::make();
  result.dealer = x.dealer().id;
  if (!key.empty()) {
    result.idempotency_key = key;
    result.request_hash = x.request_hash();
  }
  return result;
}

// -- the mail once more ---------------------------------------------------------------------------

email_resent resend_of(const order_to_fulfil& order, const std::string& recipient, money fee) {
  activation_mail values;
  values.customer_name = order.buyer.name;
  values.product = order.product_name;
  values.order = short_id(order.id);
  for (const auto& unit : order.delivered)
    values.esims.push_back({unit.iccid, unit.lpa});
  return {order.id, mail_id::make(), recipient, order.buyer.language, to_json(values), fee};
}

/// There is nothing to pay, and so nothing to post.
void send_free_of_charge(const exchange_pointer& x, const email_resent& what) {
  queued_mail mail{what.mail, what.recipient, std::string{activation_mail::kind}, what.language,
                   what.values};
  x->ask<done>(
    x->node->jobs,
    [x, what](done) {
      x->ask<wallet_position>(
        x->node->records.next(),
        [x, what](const wallet_position& wallet) {
          x->succeed(make_receipt({}, what, wallet.balance));
        },
        load_wallet{x->dealer().id});
    },
    std::move(mail));
}

void resend(const exchange_pointer& x, const order_to_fulfil& order, const std::string& email,
            const std::string& key) {
  auto recipient = email.empty() ? order.buyer.email : email;
  if (recipient.empty())
    return x->fail(make_error(ec::invalid, "email is required: the order has no address"));
  auto what = resend_of(order, recipient, x->dealer().resend_fee);
  if (what.fee == money{})
    return send_free_of_charge(x, what);
  auto posted = posting_for(*x, key);
  posted.lines.push_back({entry_type::debit, -what.fee,
                          fmt::format("Activation email of {} once more", short_id(order.id)),
                          order.id});
  posted.what = std::move(what);
  x->ask_entity<wallet_actor, receipt>(wallet_atom_v, x->dealer().id, std::move(posted),
                                       [x](const receipt& result) { x->succeed(result); });
}

// -- another eSIM ---------------------------------------------------------------------------------

/// What is sold under a name now.
struct offer {
  std::string name;
  /// What the provider takes.
  money price;
};

/// Nothing if it is sold no more.
std::optional<offer> offer_now(const catalogue& current, const std::string& product) {
  if (const auto* item = find_product(current, product))
    return offer{item->name, item->price};
  if (const auto* item = find_bundle(current, product))
    return offer{item->description, item->price};
  return std::nullopt;
}

posting replacement_posting(const exchange& x, const order_to_fulfil& original, const offer& now,
                            const std::string& key) {
  auto result = posting_for(x, key);
  auto buyer = original.buyer;
  if (buyer.email.empty())
    buyer.email = x.dealer().email;
  order_placed order{order_id::make(), original.product, now.name, std::move(buyer), 1,
                     now.price,        original.id};
  result.lines.push_back({entry_type::debit, -now.price,
                          fmt::format("Order {}: replaces {}, {}", short_id(order.id),
                                      short_id(original.id), original.product),
                          order.id});
  result.what = std::move(order);
  return result;
}

} // namespace

void post_resend_email(const exchange_pointer& x) {
  auto body = x->optional_json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto email = in.optional_email("email");
  if (auto failure = in.failure())
    return x->fail(failure);
  with_completed_order(
    x, [x, email, key = *key](const order_to_fulfil& order) { resend(x, order, email, key); });
}

void post_replace(const exchange_pointer& x) {
  auto body = x->optional_json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto price_guard = in.optional_amount("maxPriceUsd");
  if (auto failure = in.failure())
    return x->fail(failure);
  with_completed_order(x, [x, price_guard, key = *key](const order_to_fulfil& original) {
    x->with_catalogue([x, price_guard, key, original](const catalogue& current) {
      auto now = offer_now(current, original.product);
      if (!now)
        return x->fail(make_error(ec::not_found, "the order's product is not sold any more"));
      now->price = now->price.with_markup(x->dealer().markup_basis_points);
      auto posted = replacement_posting(*x, original, *now, key);
      if (price_guard)
        posted.ceiling = *price_guard;
      x->ask_entity<wallet_actor, receipt>(wallet_atom_v, x->dealer().id, std::move(posted),
                                           [x](const receipt& result) { x->succeed(result); });
    });
  });
}

} // namespace meisim::http
