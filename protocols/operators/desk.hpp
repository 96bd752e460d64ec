#pragma once

#include "protocols/operators/operators.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace meisim {

// What operators look at and change. The database makes the JSON of an answer itself: each list and
// each action is a statement of persistence/operators, whose parameters are the values of the
// question by their names.

/// Values as text, by name. A missing value is empty.
using named_values = std::map<std::string, std::string>;

enum class desk_list : uint8_t {
  /// What belongs to one order: units, money, mails, notes.
  order,
  jobs,
  mails,
  batches,
  /// One batch, with what was given back of it.
  batch,
  /// The messages to dealers' webhooks, and their outcomes.
  webhook_messages,
  /// The work that waits for each provider, and what it said last.
  providers,
  /// What one provider has delivered in a period, to compare with its invoice.
  provider_orders,
  /// What was sold in a period, and what it cost us.
  sales,
  operators,
  /// How far the database is, to compare a restored one with the world outside.
  restored,
  /// What was sold from stock of late, for a head to tell.
  sold_of_late,
  /// What may have been sold before the database was restored.
  quarantine,
  /// From which provider products are bought that several sell.
  routes,
  /// The tokens by which scripts sign in.
  tokens,
  /// What each pool can sell, and whether that is too little.
  pools,
};

constexpr size_t desk_list_count = static_cast<size_t>(desk_list::pools) + 1;

/// Show this. `not_found` if it is about one thing that does not exist.
struct desk_question {
  desk_list what = desk_list::order;
  named_values by;
};

enum class desk_action : uint8_t {
  add_route,
  add_sku,
  add_token,
  change_dealer,
  disable_operator,
  disable_token,
  enable_token,
  hold_provider,
  note_order,
  pin_route,
  release_all,
  release_provider,
  remove_route,
  replay_webhook,
  resend_mail,
  set_operator_role,
  set_stock_threshold,
};

/// Do this once, with its row in the log of changes; `not_found` if there is nothing to act on.
struct desk_change {
  desk_action what = desk_action::note_order;
  named_values by;
  audit_stamp by_whom;
};

struct desk_answer {
  std::string json;
};

enum class desk_report : uint8_t { ledger, sales };

/// A page of a report's lines, by days: those of `from` to `to`, after the day `after`. Days are
/// numbered from 1970-01-01.
struct report_question {
  desk_report what = desk_report::ledger;
  int32_t from = 0;
  int32_t to = 0;
  int64_t after = 0;
};

} // namespace meisim
