#include "http/edge/asking.hpp"
#include "http/edge/dry_run.hpp"
#include "http/edge/order_numbers.hpp"
#include "http/edge/place_order.hpp"
#include "http/edge/pricing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/device_number.hpp"
#include "protocols/base/phone_number.hpp"
#include "protocols/orders/provider.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim::http {

namespace {

/// An order as the body tells it, before its product is known.
struct order_wish {
  std::string product;
  customer buyer;
  int32_t quantity = 1;
  std::string customer_reference;
  bool mails_customer = true;
  std::optional<money> price_guard;
  bool is_dry_run = false;
  idempotency known_as;
};

/// Reads a number of the phone; empty where it is absent.
std::string read_device_number(fields& in, const char* name,
                               device_number_reading (*read)(std::string_view)) {
  constexpr size_t longest = 64;
  auto text = in.optional_text(name, 1, longest);
  if (text.empty())
    return text;
  auto reading = read(text);
  if (!reading.number)
    in.reject(name, reading.flaw);
  return reading.number.value_or("");
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
  address.phone = in.required_text("phone", 1, 40);
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
  wish.buyer.imei = read_device_number(in, "imei", read_imei);
  wish.buyer.eid = read_device_number(in, "eid", read_eid);
  wish.buyer.address = read_address(in.optional_object("address"), in);
  wish.customer_reference = in.optional_text("customerReference", 1, 100);
  wish.mails_customer = in.flag("sendEmail", true);
  wish.price_guard = in.optional_amount("maxPriceUsd");
  wish.is_dry_run = in.flag("validateOnly", false);
  wish.known_as = std::move(known_as);
  return wish;
}

/// Compares what is known of the buyer with what the product needs, and brings the telephone number
/// into the form of E.164.
caf::error complete_buyer(customer& buyer, const product& item) {
  auto missing = [](const std::string& field) {
    return make_error(cause::missing_field, field + " is required for this product", field);
  };
  if (item.needs_imei && buyer.imei.empty())
    return missing("imei");
  if (item.needs_eid && buyer.eid.empty())
    return missing("eid");
  auto& phone = buyer.address.phone;
  if (phone.empty())
    return item.needs_address ? missing("address") : caf::error{};
  auto reading = read_phone_number(phone, item.country_iso);
  if (!reading.number)
    return make_error(cause::invalid_field, fmt::format("address.phone {}", reading.flaw),
                      "address.phone");
  phone = *reading.number;
  return {};
}

posting order_posting(const exchange& x, int64_t number, const order_wish& wish,
                      const product& item, money unit_price) {
  posting result;
  result.id = posting_id::make();
  result.dealer = x.dealer().id;
  order_placed order{order_for(x.dealer().id, wish.known_as),
                     wish.product,
                     item.name,
                     wish.buyer,
                     wish.quantity,
                     unit_price,
                     {},
                     0,
                     wish.customer_reference,
                     wish.mails_customer,
                     item.country_iso,
                     number,
                     x.origin()};
  result.lines.push_back(
    {entry_type::debit, -(unit_price * wish.quantity),
     fmt::format("Order {}: {} x {}", short_id(number), wish.quantity, wish.product), order.id});
  result.what = std::move(order);
  result.idempotency_key = wish.known_as.key;
  result.request_hash = wish.known_as.request_hash;
  if (wish.price_guard)
    result.ceiling = *wish.price_guard;
  return result;
}

void check_order(const exchange_pointer& x, const order_wish& wish, money unit_price) {
  answer_dry_run(x, {unit_price * wish.quantity, wish.price_guard, true,
                     [unit_price](json_writer& out) { out.member("unitPriceUsd", unit_price); }});
}

void post_order(const exchange_pointer& x) {
  auto asked = read_body(x, read_order);
  if (!asked)
    return;
  // A request that is only checked is not kept, so a repeat is checked anew.
  if (asked->is_dry_run)
    asked->known_as = {};
  auto known_as = asked->known_as;
  with_priced_catalogue(
    x, known_as,
    [x, asked = std::move(*asked)](const catalogue& current, const caller_prices& prices) {
      auto wish = asked;
      const auto* item = find_product(current, wish.product);
      if (!item)
        return refuse(x, wish.known_as,
                      make_error(cause::not_found, "productId names no product", "productId"));
      if (!prices.sells(*item))
        return refuse(x, wish.known_as, not_sold("productId"));
      if (auto missing = complete_buyer(wish.buyer, *item))
        return refuse(x, wish.known_as, missing);
      if (wish.is_dry_run)
        return check_order(x, wish, prices.of(*item));
      with_order_number(x, wish.known_as,
                        [x, wish, item = *item, price = prices.of(*item)](int64_t number) {
                          place_order(x, order_posting(*x, number, wish, item, price));
                        });
    });
}

} // namespace

route_table order_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/order", dealer, order, post_order, keyed_for(scopes::order)},
  };
  return table;
}

} // namespace meisim::http
