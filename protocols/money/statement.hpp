#pragma once

#include "protocols/access/credit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/page.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

class json_writer;

/// A line of the wallet as the dealer sees it.
struct wallet_entry {
  posting_id posting;
  int64_t seq = 0;
  instant created_at;
  std::string type;
  money amount;
  money balance_after;
  std::string description;
  /// The order, batch or purchase (`INV-12345`) that it is about; empty for none.
  std::string order;
  std::string stripe_session;
};

/// The members of an entry, as GET /dealer/wallet and webhooks show it.
void write_entry(json_writer& out, const wallet_entry& entry);

/// Takes the wallet's next `limit` entries with `seq` above `after`, and lists those with times in
/// [from, to), oldest first: time, type, amount, balance after it, description, order, Stripe
/// session. A page without lines may have more pages behind it.
struct list_entries {
  dealer_id dealer;
  instant from;
  instant to;
  int64_t after = 0;
  int32_t limit = 1'000;
};

/// The balance and the last `limit` entries, newest first.
struct show_wallet {
  dealer_id dealer;
  int32_t limit = 50;
};

/// A page of the entries with times in [from, to), newest first, at places that are their `seq`.
struct browse_entries {
  dealer_id dealer;
  page_wish page;
  /// `debit`, …; empty for all.
  std::string type;
  instant from;
  instant to = from_micros(newest.at);
};

struct wallet_statement {
  money balance;
  credit_position credit;
  std::vector<wallet_entry> entries;
};

/// The entries of a month, oldest first, at most `most` of them. A month goes by numbers, from the
/// first entry at `from` to the last one before `to`, so each entry belongs to one month.
struct load_month {
  dealer_id dealer;
  instant from;
  instant to;
  int32_t most = 2'000;
};

/// What the entries of one type add up to.
struct entry_sum {
  std::string type;
  int64_t count = 0;
  money amount;
};

struct month_statement {
  /// The balance before its first entry, and after its last one.
  money opening;
  money closing;
  /// How many entries it has; `sums` counts all of them.
  int64_t count = 0;
  std::vector<entry_sum> sums;
  std::vector<wallet_entry> entries;
};

} // namespace meisim
