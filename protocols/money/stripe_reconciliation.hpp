#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// Compares what card payments did to our wallets with the list of all that moved at Stripe.

/// How far apart in time a movement at Stripe and its effect here may be.
constexpr auto reconciliation_slack = std::chrono::days{7};

/// A line of Stripe's list of balance transactions.
struct balance_entry {
  /// Its own id, `txn_…`, by which the next page is asked for.
  std::string id;
  /// As Stripe names it: `charge`, `refund`, `adjustment`, …
  std::string type;
  /// What we know it by: the intent of a charge, a refund, a transaction of a dispute. Empty for
  /// what does not concern us, such as payouts.
  std::string key;
  /// What else we may know it by: the charge of a refund, or the dispute.
  std::string other_key;
  money amount;
  instant at;
  /// The charge that it is, or that it gives back; empty if it has none.
  std::string charge = {};
  /// Which installation has made the payment of a charge, as far as Stripe tells.
  std::string installation = {};
};

struct balance_page {
  std::vector<balance_entry> entries;
  bool has_more = false;
};

caf::expected<balance_page> balance_page_from_wire(std::string_view json);

/// The query of a page of that list, those after `after` (`txn_…`; empty for the first).
std::string balance_query(instant from, instant to, std::string_view after);

/// What we keep of such a line.
struct kept_movement {
  std::string key;
  /// What it is to people: `paid`, `refund`, …
  std::string type;
  money amount;
  instant at;
};

/// All that we kept from `from` to before `to`.
struct list_movements {
  instant from, to;
};

struct movement_list {
  std::vector<kept_movement> movements;
};

struct reconcile_stripe {
  instant from, to;
};

/// Something that only one side has.
struct stripe_difference {
  std::string id;
  std::string type;
  money amount;
  instant at;
};

struct stripe_reconciliation {
  /// How many movements each side has within the time that was asked about.
  int64_t at_stripe = 0;
  int64_t here = 0;
  std::vector<stripe_difference> missing_here;
  std::vector<stripe_difference> missing_at_stripe;
};

/// `entries` and `kept` reach further than the question, by reconciliation_slack on either side.
/// Charges that another installation than ours has made, and what was given back of them, are left
/// out.
stripe_reconciliation compare_with_stripe(const reconcile_stripe& question,
                                          const std::vector<balance_entry>& entries,
                                          const std::vector<kept_movement>& kept,
                                          std::string_view installation);

} // namespace meisim
