#include "http/edge/asking.hpp"
#include "http/edge/order_numbers.hpp"
#include "http/edge/order_path.hpp"
#include "http/edge/place_order.hpp"
#include "http/edge/pricing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/resend.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace meisim::http {

// What can still be done about an order that is completed.

namespace {

/// Calls `go_on(order)` if the path names an order of the caller's that is completed.
template <class GoOn>
void with_completed_order(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  auto name = order_in_path(x);
  if (!name)
    return;
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
    find_own_order{x->dealer().id, *name});
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

void resend(const exchange_pointer& x, const order_to_fulfil& order, const std::string& email,
            const idempotency& known_as) {
  auto recipient = email.empty() ? order.buyer.email : email;
  if (recipient.empty())
    return fail(
      x, make_error(cause::missing_field, "email is required: the order has no address", "email"));
  auto posted = resend_posting(order, recipient, x->dealer().resend_fee);
  posted.idempotency_key = known_as.key;
  posted.request_hash = known_as.request_hash;
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

/// A product or bundle as the caller can buy it now.
struct offer {
  std::string name;
  money price;
};

/// Nothing if it is not sold any more, or not now.
std::optional<offer> offer_now(const catalogue& current, const caller_prices& prices,
                               const std::string& product) {
  if (const auto* item = find_product(current, product); item && prices.sells(*item))
    return offer{item->name, prices.of(*item)};
  if (const auto* item = find_bundle(current, product); item && prices.sells(*item))
    return offer{item->description, prices.of(*item)};
  return std::nullopt;
}

struct replacement_wish {
  /// Which unit of the order is replaced; zero for the whole of it.
  int32_t unit = 0;
  std::optional<money> price_guard;
  idempotency known_as;
};

posting replacement_posting(const exchange& x, int64_t number, const order_to_fulfil& original,
                            const offer& now, const replacement_wish& wish) {
  auto result = posting_for(x, wish.known_as);
  auto buyer = original.buyer;
  if (buyer.email.empty())
    buyer.email = x.dealer().email;
  order_placed order{order_for(x.dealer().id, wish.known_as),
                     original.product,
                     now.name,
                     std::move(buyer),
                     1,
                     now.price,
                     original.id,
                     wish.unit};
  order.customer_reference = original.customer_reference;
  order.mails_customer = original.mails_customer;
  order.country = original.country;
  order.number = number;
  order.origin = x.origin();
  result.lines.push_back({entry_type::debit, -now.price,
                          fmt::format("Order {}: replaces {}, {}", short_id(number),
                                      original.short_id, original.product),
                          order.id});
  result.what = std::move(order);
  return result;
}

bool has_unit(const order_to_fulfil& order, int32_t unit) {
  return std::ranges::find(order.delivered, unit, &delivered_esim::unit) != order.delivered.end();
}

replacement_wish read_replacement(fields& in, idempotency known_as) {
  auto unit = static_cast<int32_t>(in.whole_number("unit", 1, most_units, 0));
  return {unit, in.optional_amount("maxPriceUsd"), std::move(known_as)};
}

void post_replace(const exchange_pointer& x) {
  auto wish = read_optional_body(x, read_replacement);
  if (!wish)
    return;
  with_completed_order(
    x, wish->known_as, [x, wish = std::move(*wish)](const order_to_fulfil& original) {
      if (wish.unit != 0 && !has_unit(original, wish.unit))
        return refuse(x, wish.known_as,
                      make_error(cause::invalid_field,
                                 "unit must be one that the order has delivered", "unit"));
      with_priced_catalogue(
        x, wish.known_as,
        [x, wish, original](const catalogue& current, const caller_prices& prices) {
          auto now = offer_now(current, prices, original.product);
          if (!now)
            return refuse(x, wish.known_as,
                          make_error(ec::not_found, "the order's product is not sold any more"));
          with_order_number(x, wish.known_as, [x, wish, original, now = *now](int64_t number) {
            auto posted = replacement_posting(*x, number, original, now, wish);
            if (wish.price_guard)
              posted.ceiling = *wish.price_guard;
            place_order(x, std::move(posted));
          });
        });
    });
}

} // namespace

route_table order_followup_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/resend-email/:orderId", dealer, order, post_resend_email,
          keyed_for(scopes::order)},
    route{post, "/dealer/replace/:orderId", dealer, order, post_replace, keyed_for(scopes::order)},
  };
  return table;
}

} // namespace meisim::http
