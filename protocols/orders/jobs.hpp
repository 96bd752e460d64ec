#pragma once

#include "protocols/base/id.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/orders/recharge.hpp"

#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Take up to `count` jobs of `kind` that are due, for `lease_seconds`: whoever dies gives them
/// back by that.
struct lease_jobs {
  std::string kind;
  int32_t count = 0;
  int32_t lease_seconds = 60;
};

/// Work that was written in the commit that caused it.
struct job {
  /// What the job is about: an order, a mail.
  uuid subject;
  /// 1 at the first try.
  int32_t attempts = 0;
};

struct job_list {
  std::vector<job> jobs;
};

/// Try a job again after `delay_seconds`, for the reason `error`.
struct postpone_job {
  std::string kind;
  uuid subject;
  int32_t delay_seconds = 0;
  std::string error;
};

/// A unit of an order that the provider has delivered.
struct delivered_esim {
  order_id order;
  /// 1 to the order's quantity.
  int32_t unit = 0;
  std::string iccid;
  std::string lpa;
  /// Whether the customer has been mailed.
  bool mailed = false;
};

/// The customer has been mailed this unit.
struct esim_mailed {
  order_id order;
  int32_t unit = 0;
};

/// An order as its fulfilment needs it.
struct order_to_fulfil {
  order_id id;
  dealer_id dealer;
  std::string product;
  /// As the customer should read it.
  std::string product_name;
  std::string status;
  customer buyer;
  int32_t quantity = 1;
  money unit_price;
  /// Without a posting: `pending`, and nothing to give back.
  bool is_on_account = false;
  bool mails_customer = true;
  std::vector<delivered_esim> delivered;
  /// What makes it a top-up.
  std::optional<recharge> top_up = {};
};

struct load_order {
  order_id id;
};

/// Every unit was delivered, and mailed: the order is `completed`, its job done. Harmless when
/// repeated.
struct complete_order {
  order_id id;
};

/// A mail as it stands in the queue.
struct queued_mail {
  mail_id id;
  std::string recipient;
  /// The template's name.
  std::string kind;
  std::string language;
  /// The template's values as a JSON object.
  std::string values;
};

struct load_mail {
  mail_id id;
};

/// The mail went out (empty reason) or never will; its job is done.
struct finish_mail {
  mail_id id;
  std::string failure;
};

} // namespace meisim
