#pragma once

#include "protocols/money/posting.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <fmt/core.h>

#include <string>

namespace meisim::http {

/// The posting that sends an order's mail once more, with all its eSIMs, for a fee that may be
/// zero.
inline posting resend_posting(const order_to_fulfil& order, const std::string& recipient,
                              money fee) {
  activation_mail values;
  values.customer_name = order.buyer.name;
  values.product = order.product_name;
  values.order = order.short_id;
  for (const auto& unit : order.delivered)
    values.esims.push_back({unit.iccid, unit.lpa});
  values.dealer = order.dealer;
  posting result;
  result.id = posting_id::make();
  result.dealer = order.dealer;
  result.lines.push_back({entry_type::debit, -fee,
                          fmt::format("Activation email of {} once more", order.short_id),
                          order.id});
  result.what =
    email_resent{order.id, mail_id::make(), recipient, order.buyer.language, to_json(values), fee};
  return result;
}

} // namespace meisim::http
