#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/trace_context.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// Most units of an order.
constexpr int32_t most_units = 20;

/// Where a customer lives, as US prepaid products need it. All fields or none.
struct postal_address {
  std::string first_name;
  std::string last_name;
  std::string address_line_1;
  std::string city;
  std::string state;
  std::string zip_code;
  std::string phone;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, postal_address& x) {
  return f(caf::meta::type_name("postal_address"), x.first_name, x.last_name, x.address_line_1,
           x.city, x.state, x.zip_code, x.phone);
}

/// Who gets an eSIM and what the network must know of the phone.
struct customer {
  std::string email;
  std::string name;
  /// ISO 639-1 code of the language of the mails; empty for English.
  std::string language;
  /// 15 digits; empty where the product needs none.
  std::string imei;
  /// 32 hexadecimal characters; empty where the product needs none.
  std::string eid;
  postal_address address;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, customer& x) {
  return f(caf::meta::type_name("customer"), x.email, x.name, x.language, x.imei, x.eid, x.address);
}

/// What the dealer is told of a paid order.
struct order_receipt {
  order_id id;
  /// Its number, which its short id writes.
  int64_t number = 0;
  money unit_price;
  int32_t quantity = 1;
  /// None if zero.
  order_id replaces;
  money balance;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, order_receipt& x) {
  return f(caf::meta::type_name("order_receipt"), x.id, x.number, x.unit_price, x.quantity,
           x.replaces, x.balance);
}

/// A dealer's order from the wallet is paid: it stands as `processing`, with a job that will fulfil
/// it.
struct order_placed {
  static constexpr std::string_view account = "sales.orders";

  order_receipt told(money balance) const {
    return {id, number, unit_price, quantity, replaces, balance};
  }

  order_id id;
  /// The product's code with its provider: `p3:att-prepaid-30`.
  std::string product;
  /// The name that the customer reads.
  std::string product_name;
  customer buyer;
  int32_t quantity = 1;
  money unit_price;
  /// The order that this one replaces; none if zero.
  order_id replaces;
  /// Which unit of that order; zero for the whole order.
  int32_t replaced_unit = 0;
  /// The dealer's own name for it; empty for none.
  std::string customer_reference = {};
  bool mails_customer = true;
  /// The ISO code of the country that it is for; empty for a whole region.
  std::string country = {};
  /// Its number, which its short id writes; no other order has it.
  int64_t number = 0;
  request_origin origin = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, order_placed& x) {
  return f(caf::meta::type_name("order_placed"), x.id, x.product, x.product_name, x.buyer,
           x.quantity, x.unit_price, x.replaces, x.replaced_unit, x.customer_reference,
           x.mails_customer, x.country, x.number, x.origin);
}

/// What the dealer is told of a mail that is sent once more.
struct resend_receipt {
  order_id order;
  std::string recipient;
  money fee;
  money balance;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, resend_receipt& x) {
  return f(caf::meta::type_name("resend_receipt"), x.order, x.recipient, x.fee, x.balance);
}

/// A dealer paid for having an order's activation mail sent once more: the mail is queued.
struct email_resent {
  static constexpr std::string_view account = "sales.fees";

  resend_receipt told(money balance) const {
    return {order, recipient, fee, balance};
  }

  order_id order;
  mail_id mail;
  std::string recipient;
  std::string language;
  /// The values of the activation mail, as JSON.
  std::string values;
  money fee;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, email_resent& x) {
  return f(caf::meta::type_name("email_resent"), x.order, x.mail, x.recipient, x.language, x.values,
           x.fee);
}

/// The posting that refunds the units of an order that were not delivered.
inline posting_id refund_of(order_id order) {
  return posting_id{derive_uuid(order.value, "refund")};
}

/// Some units of an order could not be delivered. They are refunded, and the order ends.
struct order_refunded {
  static constexpr std::string_view account = "sales.orders";

  order_id id;
  int32_t units = 1;
  /// True if no unit was delivered: the order has `failed`; else it is `completed` in part.
  bool failed = true;
  std::string reason;
  /// The number under which the order's job was taken; `any_attempt` for an operator.
  int32_t attempt = any_attempt;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, order_refunded& x) {
  return f(caf::meta::type_name("order_refunded"), x.id, x.units, x.failed, x.reason, x.attempt);
}

} // namespace meisim
