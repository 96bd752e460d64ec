#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/orders/recharge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// A unit of an order that the provider has delivered.
struct delivered_esim {
  order_id order;
  /// 1 to the order's quantity.
  int32_t unit = 0;
  std::string iccid;
  std::string lpa;
  /// The provider's own name for the purchase, and what it charges; nothing where that is not
  /// known.
  std::string provider_order_id = {};
  std::optional<money> cost = {};
  /// What was bought for it, if that is not the order's product; otherwise empty.
  std::string bought_as = {};
};

/// Under which product a unit of an order was asked for, if several providers sell it.
struct order_route {
  int32_t unit = 1;
  std::string product;
  /// Whether nobody knows what became of that. As long as it is so, no other provider is asked.
  bool is_open = true;
};

/// Note that a unit is about to be asked for, or has certainly not been bought; answers once that
/// is durable. `moved` if somebody else holds the order's job.
struct note_route {
  order_id order;
  order_route route;
  /// The number under which the order's job was taken; 0 for whoever placed it on account.
  int32_t attempt = 0;
};

/// A provider has news of an order or an eSIM: the job that looks after it becomes due now.
struct provider_news {
  /// The provider's prefix.
  std::string provider;
  /// Each may be empty: its own name for an order, our reference of one, and an eSIM.
  std::string provider_order;
  std::string reference;
  std::string iccid;
};

/// Note what the provider has delivered, and queue the customer's mail if there is one. `moved` if
/// somebody else holds the order's job, or the order has ended.
struct note_delivery {
  delivered_esim unit;
  std::optional<queued_mail> mail;
  /// The number under which the order's job was taken.
  int32_t attempt = 0;
};

/// An order as its fulfilment needs it.
struct order_to_fulfil {
  order_id id;
  std::string short_id = {};
  dealer_id dealer;
  std::string product;
  /// The name that the customer reads.
  std::string product_name;
  std::string status;
  /// The dealer's own name for it; empty for none.
  std::string customer_reference = {};
  /// The ISO code of the country that it is for; empty for a whole region.
  std::string country = {};
  customer buyer;
  int32_t quantity = 1;
  money unit_price;
  /// An order on account has no posting: it is `pending`, and there is nothing to give back.
  bool is_on_account = false;
  bool mails_customer = true;
  /// Since when the provider may have been asked for it without the knowledge of a restored
  /// database; zero if that cannot be.
  instant placed_since = {};
  std::vector<delivered_esim> delivered;
  /// Only a top-up has it.
  std::optional<recharge> top_up = {};
  /// The routes of units that several providers sell and that were asked for.
  std::vector<order_route> routes = {};
  /// The `traceparent` of the request that placed it; empty for none.
  std::string trace_parent = {};
};

struct load_order {
  order_id id;
};

/// The dealer's order, with its eSIMs; `not_found` for anybody else's.
struct find_own_order {
  dealer_id dealer;
  order_name order;
};

/// The order of this short id, whoever has it; `not_found` if there is none.
struct find_order_named {
  int64_t number = 0;
};

struct named_order {
  order_id id;
};

/// Reserve a block of numbers for orders from the wallet.
struct reserve_order_numbers {};

struct order_number_block {
  int64_t first = 0;
  int64_t count = 0;
};

/// Every unit was delivered: the order is `completed`, its job done. `moved` if somebody else holds
/// the order's job, or the order has ended.
struct complete_order {
  order_id id;
  /// The number under which its job was taken.
  int32_t attempt = 0;
};

} // namespace meisim
