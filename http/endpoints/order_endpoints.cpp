#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/orders/provider.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace meisim::http {

namespace {

constexpr int64_t most_units = 20;

/// An order as the body tells it, before its product is known.
struct order_wish {
  std::string product;
  customer buyer;
  int32_t quantity = 1;
  std::optional<money> price_guard;
  idempotency known_as;
};

bool is_made_of(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

postal_address read_address(const Json::Value& object, fields& outer) {
  postal_address address;
  if (object.isNull())
    return address;
  fields in{object, "address."};
  address.first_name = in.required_text("first_name", 1, 100);
  address.last_name = in.required_text("last_name", 1, 100);
  address.address_line_1 = in.required_text("address_line_1", 1, 200);
  address.city = in.required_text("city", 1, 100);
  address.state = in.required_text("state", 1, 100);
  address.zip_code = in.required_text("zip_code", 1, 20);
  address.phone = in.required_text("phone", 1, 20);
  outer.adopt(in.failure());
  return address;
}

order_wish read_order(fields& in, idempotency known_as) {
  order_wish wish;
  wish.product = in.required_text("productId", 1, 100);
  wish.buyer.email = in.required_email("customerEmail");
  wish.buyer.name = in.required_text("customerName", 1, 200);
  wish.quantity = static_cast<int32_t>(in.whole_number("quantity", 1, most_units, 1));
  wish.buyer.language = in.optional_text("language", 2, 10);
  wish.buyer.imei = in.optional_text("imei", 1, 64);
  if (!wish.buyer.imei.empty()
      && (wish.buyer.imei.size() != 15 || !is_made_of(wish.buyer.imei, "0123456789")))
    in.reject("imei", "must be 15 digits");
  wish.buyer.eid = in.optional_text("eid", 1, 64);
  if (!wish.buyer.eid.empty()
      && (wish.buyer.eid.size() != 32 || !is_made_of(wish.buyer.eid, "0123456789abcdefABCDEF")))
    in.reject("eid", "must be 32 hexadecimal characters");
  wish.buyer.address = read_address(in.optional_object("address"), in);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  wish.known_as = std::move(known_as);
  return wish;
}

caf::error missing_for(const product& item, const customer& buyer) {
  if (item.needs_imei && buyer.imei.empty())
    return make_error(ec::invalid, "imei is required for this product");
  if (item.needs_eid && buyer.eid.empty())
    return make_error(ec::invalid, "eid is required for this product");
  if (item.needs_address && buyer.address.first_name.empty())
    return make_error(ec::invalid, "address is required for this product");
  return {};
}

posting order_posting(const exchange& x, const order_wish& wish, const product& item) {
  auto unit_price = item.price.with_markup(x.dealer().markup_basis_points);
  posting result;
  result.id = posting_id::make();
  result.dealer = x.dealer().id;
  order_placed order{order_id::make(), wish.product, item.name, wish.buyer,
                     wish.quantity,    unit_price,   {}};
  result.lines.push_back(
    {entry_type::debit, -(unit_price * wish.quantity),
     fmt::format("Order {}: {} x {}", short_id(order.id), wish.quantity, wish.product), order.id});
  result.what = std::move(order);
  result.idempotency_key = wish.known_as.key;
  result.request_hash = wish.known_as.request_hash;
  if (wish.price_guard)
    result.ceiling = *wish.price_guard;
  return result;
}

void post_order(const exchange_pointer& x) {
  auto wish = read_body(x, read_order);
  if (!wish)
    return;
  auto known_as = wish->known_as;
  with_catalogue(x, known_as, [x, wish = std::move(*wish)](const catalogue& current) {
    const auto* item = find_product(current, wish.product);
    if (!item)
      return refuse(x, wish.known_as, make_error(ec::not_found, "productId names no product"));
    if (auto missing = missing_for(*item, wish.buyer))
      return refuse(x, wish.known_as, missing);
    post_to_wallet(x, order_posting(*x, wish, *item));
  });
}

} // namespace

route_table order_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/order", dealer, order, post_order, keyed},
  };
  return table;
}

} // namespace meisim::http
