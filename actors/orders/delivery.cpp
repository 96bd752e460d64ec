#include "actors/orders/delivery.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/notify/mail_content.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim {

std::string provider_reference(order_id order, int32_t unit) {
  return fmt::format("{}-{}", to_string(order), unit);
}

provider_order account_wish(const order_to_fulfil& order) {
  provider_order wish{provider_reference(order.id, 1), order.product, {}, order.top_up};
  wish.trace_parent = order.trace_parent;
  wish.price = order.unit_price;
  return wish;
}

delivered_esim delivery_of(order_id order, int32_t unit, const esim& bought,
                           std::string bought_as) {
  return {order,
          unit,
          bought.iccid,
          bought.lpa,
          bought.provider_order_id,
          bought.cost,
          std::move(bought_as)};
}

std::optional<order_route> route_of(const order_to_fulfil& order, int32_t unit) {
  auto found = std::ranges::find(order.routes, unit, &order_route::unit);
  return found == order.routes.end() ? std::nullopt : std::optional{*found};
}

void tell_of_loss(order_id order, const esim& bought, const caf::error& why) {
  log_error("order {}: {} was bought ({} at the provider) and is not delivered: {}",
            to_string(order), bought.iccid.empty() ? "a top-up" : "the eSIM " + bought.iccid,
            bought.provider_order_id, message_of(why));
}

std::optional<queued_mail> activation_mail_for(const order_to_fulfil& order,
                                               const delivered_esim& unit) {
  if (!order.mails_customer || order.buyer.email.empty())
    return std::nullopt;
  activation_mail values;
  values.customer_name = order.buyer.name;
  values.product = order.product_name;
  values.order = order.short_id;
  values.esims.push_back({unit.iccid, unit.lpa});
  values.dealer = order.dealer;
  values.unit = unit.unit;
  values.units = order.quantity;
  queued_mail mail;
  mail.id = mail_id{derive_uuid(order.id.value, fmt::format("activation mail {}", unit.unit))};
  mail.recipient = order.buyer.email;
  mail.kind = activation_mail::kind;
  mail.language = order.buyer.language;
  mail.values = to_json(values);
  return mail;
}

} // namespace meisim
