#pragma once

#include "http/edge/asking.hpp"
#include "http/edge/idempotency.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/supply/prices.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace meisim::http {

// What dealers pay for what the providers sell. The rules count that hold when the request is
// handled. An order keeps the price at which it was placed.

/// Prices for the caller.
class caller_prices {
public:
  caller_prices(const exchange_pointer& x, std::shared_ptr<const price_book> book)
    : node_(x->node),
      book_(std::move(book)), by_{x->dealer().id, x->dealer().markup_basis_points, now()} {
    // nop
  }

  money of(const product& item) const {
    return decide(priced(item));
  }

  money of(const bundle& item) const {
    return decide(priced(item));
  }

  /// Whether it is sold. It is not if it costs us more than its price, unless that is intended or
  /// another provider sells the same for less.
  bool sells(const product& item) const {
    return is_sold(priced(item));
  }

  bool sells(const bundle& item) const {
    return is_sold(priced(item));
  }

  /// A top-up of `value` hundredths of the network's currency.
  money of(const network& item, int64_t value) const {
    return decide({item.name, item.country_iso, price_of(item, value), goods::top_up});
  }

private:
  static priced_item priced(const product& item) {
    return {item.id, item.country_iso, item.price};
  }

  static priced_item priced(const bundle& item) {
    return {item.name, item.country_iso, item.price};
  }

  bool is_sold(const priced_item& item) const {
    auto decision = book_->decide(item, by_);
    if (!decision.is_loss(item))
      return true;
    auto choices =
      node_->routes.choose({std::string{item.product}, by_.dealer, decision.price, by_.at});
    return choices.size() > 1 && choices.front().is_open();
  }

  money decide(const priced_item& item) const {
    return book_->decide(item, by_).price;
  }

  std::shared_ptr<const services> node_;
  std::shared_ptr<const price_book> book_;
  payer by_;
};

/// The error of an order for something that is not sold. It does not tell what things cost us.
inline caf::error not_sold(const std::string& field) {
  return make_error(cause::wrong_state,
                    field + " names what is not sold for now, until its price has been looked at",
                    field);
}

/// Calls `go_on(std::shared_ptr<const price_book>)`; `failed` is called with an error.
template <class GoOn, class Failed>
void with_price_book(const exchange_pointer& x, GoOn go_on, Failed failed) {
  if (auto known = x->node->price_board->latest())
    return go_on(known);
  ask_or<price_book_view>(
    x, x->node->prices, [go_on](const price_book_view& view) { go_on(view.current); }, failed,
    load_price_book{});
}

/// Calls `go_on(const catalogue&, const caller_prices&)`.
template <class GoOn>
void with_priced_catalogue(const exchange_pointer& x, GoOn go_on) {
  auto priced = [x, go_on](const std::shared_ptr<const price_book>& book) {
    with_catalogue(x, [x, go_on, book](const catalogue& current) {
      go_on(current, caller_prices{x, book});
    });
  };
  with_price_book(x, priced, [x](const caf::error& failure) { fail(x, failure); });
}

/// The same. If there is no catalogue or no price, a request that was done before gets its first
/// answer.
template <class GoOn>
void with_priced_catalogue(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  auto priced = [x, known_as, go_on](const std::shared_ptr<const price_book>& book) {
    with_catalogue(x, known_as, [x, go_on, book](const catalogue& current) {
      go_on(current, caller_prices{x, book});
    });
  };
  with_price_book(x, priced, [x, known_as](const caf::error& why) { refuse(x, known_as, why); });
}

} // namespace meisim::http
