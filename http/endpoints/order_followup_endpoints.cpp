#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace meisim::http {

// What can still be done about an order that is completed.

namespace {

/// Calls `go_on(order)` if the path names an order of the caller's that is completed.
template <class GoOn>
void with_completed_order(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  auto id = order_id::parse(x->captures.front());
  if (!id)
    return fail(x, make_error(ec::not_found, "there is no such order of yours"));
  ask<order_to_fulfil>(
    x, x->node->records.next(),
    [x, known_as, go_on](const order_to_fulfil& order) {
      if (order.status != "completed")
        return refuse(
          x, known_as,
          make_error(ec::conflict, fmt::format("the order is {}, not completed", order.status)));
      if (order.top_up)
        return fail(x, make_error(ec::conflict, "the order is a top-up, not an eSIM"));
      go_on(order);
    },
    find_own_order{x->dealer().id, *id});
}

/// A posting for the caller, under the request's Idempotency-Key if it has one.
posting posting_for(const exchange& x, const idempotency& known_as) {
  posting result;
  result.id = posting_id::make();
  result.dealer = x.dealer().id;
  result.idempotency_key = known_as.key;
  result.request_hash = known_as.request_hash;
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

void resend(const exchange_pointer& x, const order_to_fulfil& order, const std::string& email,
            const idempotency& known_as) {
  auto recipient = email.empty() ? order.buyer.email : email;
  if (recipient.empty())
    return fail(x, make_error(ec::invalid, "email is required: the order has no address"));
  auto what = resend_of(order, recipient, x->dealer().resend_fee);
  auto posted = posting_for(*x, known_as);
  posted.lines.push_back({entry_type::debit, -what.fee,
                          fmt::format("Activation email of {} once more", short_id(order.id)),
                          order.id});
  posted.what = std::move(what);
  post_to_wallet(x, std::move(posted));
}

struct resend_wish {
  std::string email;
  idempotency known_as;
};

void post_resend_email(const exchange_pointer& x) {
  auto wish = read_optional_body(x, [](fields& in, idempotency known_as) {
    return resend_wish{in.optional_email("email"), std::move(known_as)};
  });
  if (!wish)
    return;
  with_completed_order(x, wish->known_as,
                       [x, wish = std::move(*wish)](const order_to_fulfil& order) {
                         resend(x, order, wish.email, wish.known_as);
                       });
}

// -- another eSIM ---------------------------------------------------------------------------------

/// A product or bundle as it is sold now.
struct offer {
  std::string name;
  /// The provider's price.
  money price;
};

/// Nothing if it is not sold any more.
std::optional<offer> offer_now(const catalogue& current, const std::string& product) {
  if (const auto* item = find_product(current, product))
    return offer{item->name, item->price};
  if (const auto* item = find_bundle(current, product))
    return offer{item->description, item->price};
  return std::nullopt;
}

posting replacement_posting(const exchange& x, const order_to_fulfil& original, const offer& now,
                            const idempotency& known_as) {
  auto result = posting_for(x, known_as);
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

struct replacement_wish {
  std::optional<money> price_guard;
  idempotency known_as;
};

void post_replace(const exchange_pointer& x) {
  auto wish = read_optional_body(x, [](fields& in, idempotency known_as) {
    return replacement_wish{in.optional_amount("maxPriceUsd"), std::move(known_as)};
  });
  if (!wish)
    return;
  with_completed_order(
    x, wish->known_as, [x, wish = std::move(*wish)](const order_to_fulfil& original) {
      with_catalogue(x, wish.known_as, [x, wish, original](const catalogue& current) {
        auto now = offer_now(current, original.product);
        if (!now)
          return refuse(x, wish.known_as,
                        make_error(ec::not_found, "the order's product is not sold any more"));
        now->price = now->price.with_markup(x->dealer().markup_basis_points);
        auto posted = replacement_posting(*x, original, *now, wish.known_as);
        if (wish.price_guard)
          posted.ceiling = *wish.price_guard;
        post_to_wallet(x, std::move(posted));
      });
    });
}

} // namespace

route_table order_followup_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/resend-email/:orderId", dealer, order, post_resend_email, keyed},
    route{post, "/dealer/replace/:orderId", dealer, order, post_replace, keyed},
  };
  return table;
}

} // namespace meisim::http
