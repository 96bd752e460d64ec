#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/shared_vector.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/verdict.hpp"

#include <caf/meta/type_name.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Most rows of a batch.
constexpr int32_t most_batch_rows = 50'000;

/// How often a code is tried before its verdict is `error`.
constexpr int32_t most_attempts_a_row = 3;

/// Where a batch came from.
enum class batch_source : uint8_t { dealer, portal, replacement };

std::string_view to_string(batch_source source);

std::optional<batch_source> parse_batch_source(std::string_view text);

/// A line of a batch as it was submitted; the ICCID is empty where it is not known.
struct batch_row {
  std::string iccid;
  std::string lpa;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_row& x) {
  return f(caf::meta::type_name("batch_row"), x.iccid, x.lpa);
}

// -- effects --------------------------------------------------------------------------------------

/// What the dealer is told of a paid batch.
struct batch_receipt {
  batch_id id;
  batch_source source = batch_source::dealer;
  int32_t rows = 0;
  money unit_price;
  /// 0 for a batch from elsewhere than the portal.
  int64_t usage = 0;
  money balance;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_receipt& x) {
  return f(caf::meta::type_name("batch_receipt"), x.id, x.source, x.rows, x.unit_price, x.usage,
           x.balance);
}

/// A dealer paid for a batch: it is stored with its rows, and those that are no activation code
/// have their verdict.
struct batch_submitted {
  static constexpr std::string_view account = "sales.verification";

  batch_receipt told(money balance) const {
    return {id, source, static_cast<int32_t>(rows.size()), unit_price, usage, balance};
  }

  batch_id id;
  batch_source source = batch_source::dealer;
  std::string label;
  /// Who is mailed the results; empty for nobody.
  std::string notify_email;
  money unit_price;
  /// The integer that the portal shows as `usage_id`; 0 for a batch from elsewhere.
  int64_t usage = 0;
  sku_id sku;
  /// Shared, as a posting is copied on its way.
  shared_vector<batch_row> rows;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_submitted& x) {
  return f(caf::meta::type_name("batch_submitted"), x.id, x.source, x.label, x.notify_email,
           x.unit_price, x.usage, x.sku, x.rows);
}

/// Rows whose verdict is `error` are given back, each once.
struct rows_refunded {
  static constexpr std::string_view account = "sales.verification";

  batch_id batch;
  /// Numbers of the rows, from 1.
  std::vector<int32_t> rows;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rows_refunded& x) {
  return f(caf::meta::type_name("rows_refunded"), x.batch, x.rows);
}

// -- what dealers see -----------------------------------------------------------------------------

/// A batch with its counters.
struct batch_view {
  batch_id id;
  std::string label;
  int32_t total = 0;
  int32_t in_progress = 0;
  /// By verdict, in the enumeration's order.
  std::array<int32_t, verdict_count> verdicts{};
  instant started_at;
  /// Never while a row is open.
  instant completed_at{};
  money paid;

  int32_t checked() const;

  int32_t pending() const {
    return total - in_progress - checked();
  }

  /// Seconds until the last row is checked if it goes on as it went; nothing before the first
  /// verdict.
  std::optional<int64_t> eta_seconds(instant at) const;
};

/// The caller's batch; `not_found` for anybody else's.
struct find_batch {
  dealer_id dealer;
  batch_id batch;
};

/// A completed batch for the mail that tells of it, whoever's it is; `not_found` for no batch.
struct load_batch_report {
  batch_id batch;
  /// A longer CSV is left out.
  int64_t most_csv_bytes = 0;
};

struct batch_report {
  batch_view batch;
  /// Empty if it would be too long.
  std::string csv;
};

/// The caller's batches, newest first.
struct list_batches {
  dealer_id dealer;
  int32_t limit = 100;
  int32_t offset = 0;
};

struct batch_page {
  std::vector<batch_view> batches;
  int64_t total = 0;
};

constexpr std::string_view results_csv_head = "iccid,lpa,status,reason,checked_at\r\n";

/// The results of the rows after `after`, in the order of submission, at most `limit`: the
/// columns of results_csv_head.
struct load_results {
  batch_id batch;
  int32_t after = 0;
  int32_t limit = 5'000;
};

/// A wish to have codes checked, before it is paid.
struct batch_wish {
  posting_id posting;
  dealer_id dealer;
  batch_submitted what;
  std::string idempotency_key;
  std::string request_hash;
  /// The price guard, see posting.
  money ceiling;
};

/// What is known of a row, for the operator.
struct find_verdict {
  batch_id batch;
  int32_t number = 0;
};

/// A try that led to no verdict.
struct attempt_record {
  int32_t attempt = 0;
  std::string device;
  std::string reason;
  instant ended_at;
};

struct verdict_record {
  batch_id batch;
  int32_t number = 0;
  std::string lpa;
  std::string iccid;
  /// `pending` or the verdict.
  std::string status;
  std::string reason;
  evidence seen;
  std::string device;
  instant begun_at{};
  instant checked_at{};
  bool is_refunded = false;
  std::vector<attempt_record> attempts;
};

/// The verdicts of the last `days` days.
struct report_verdicts {
  int32_t days = 7;
};

/// Verdicts of one day about one host's codes by one device.
struct verdict_day {
  /// `2026-05-05`
  std::string day;
  std::string host;
  std::string device;
  /// By verdict, in the enumeration's order.
  std::array<int64_t, verdict_count> verdicts{};
};

struct verdict_report {
  std::vector<verdict_day> days;
};

// -- the work -------------------------------------------------------------------------------------

/// Rows of one batch that one node alone may check until the lease runs out.
struct lease_token {
  uuid id;
  /// Rises when another owner takes the lease: whoever holds a lower one has lost it.
  int32_t generation = 0;

  friend bool operator==(const lease_token&, const lease_token&) = default;
};

/// A row that is to be checked.
struct open_row {
  int32_t number = 0;
  std::string lpa;
  /// How often it was tried, or may have been by somebody who died.
  int32_t attempts = 0;
};

struct leased_rows {
  lease_token lease;
  batch_id batch;
  dealer_id dealer;
  /// Goes before all that is not urgent: an eSIM that is said to be broken.
  bool is_urgent = false;
  /// A device that must not check these rows while there is another; empty for any.
  std::string not_on;
  std::vector<open_row> rows;
};

/// Lease up to `count` open rows, fairly over dealers and batches.
struct lease_rows {
  std::string owner;
  int32_t count = 0;
  int32_t lease_seconds = 30;
};

struct lease_grant {
  std::vector<leased_rows> chunks;
};

/// A row has its verdict.
struct checked_row {
  lease_token lease;
  batch_id batch;
  int32_t number = 0;
  finding found;
  std::string device;
  instant begun;
  instant ended;
};

/// A try that led to no verdict; the row will be tried again.
struct failed_attempt {
  batch_id batch;
  int32_t number = 0;
  /// From 1.
  int32_t attempt = 0;
  std::string device;
  std::string reason;
};

/// Write verdicts, with the counters of their batches, in one commit.
struct write_verdicts {
  std::vector<checked_row> rows;
  std::vector<failed_attempt> attempts;
  int32_t lease_seconds = 30;
  /// Whether some of it may have been written before, by a commit whose answer was lost.
  bool is_repeat = false;
};

struct verdicts_written {
  /// Leases that somebody else holds by now: what was found under them is not written.
  std::vector<uuid> lost;
  /// Whether a batch was completed by this.
  bool has_completed = false;
};

/// Keep these leases for `lease_seconds` more; with 0, give them back at once.
struct renew_leases {
  std::vector<lease_token> leases;
  int32_t lease_seconds = 30;
};

/// What of a batch is owed to its dealer.
struct load_refund {
  batch_id batch;
};

struct refund_due {
  batch_id batch;
  dealer_id dealer;
  money unit_price;
  std::vector<int32_t> rows;
};

/// Nothing more is owed for now: the job goes, if that is still so.
struct finish_refund {
  batch_id batch;
};

// -- devices --------------------------------------------------------------------------------------

/// What a device does.
enum class device_state : uint8_t {
  idle,
  checking,
  /// Out of service after failures, until it is probed.
  resting,
  /// Back from a rest: one more failure sends it to a longer one.
  probing,
  /// Taken out by the operator.
  drained,
};

std::string_view to_string(device_state state);

/// A device as operators see it.
struct device_report {
  std::string name;
  std::string driver;
  /// The node that it stands at.
  std::string node;
  device_state state = device_state::idle;
  int64_t checks = 0;
  int64_t failures = 0;
  int32_t failures_in_a_row = 0;
  /// Never unless it is resting.
  instant rests_until{};
  /// The last results, newest first: `used`, `error: no answer within 5 s`.
  std::vector<std::string> last_results;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, device_report& x) {
  return f(caf::meta::type_name("device_report"), x.name, x.driver, x.node, x.state, x.checks,
           x.failures, x.failures_in_a_row, x.rests_until, x.last_results);
}

/// Check this code.
struct check_order {
  /// Comes back with the result: an answer to an older question is not mistaken for this one's.
  uint64_t call_id = 0;
  activation_code code;
  /// Whether the row has failed on another device: then it is suspected before this one.
  bool is_suspect = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_order& x) {
  return f(caf::meta::type_name("check_order"), x.call_id, x.code, x.is_suspect);
}

/// What came of a check.
struct check_done {
  uint64_t call_id = 0;
  /// False if the device had no time for it, and found nothing.
  bool was_tried = true;
  finding found;
  instant begun;
  instant ended;
  /// The device after it.
  device_report device;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_done& x) {
  return f(caf::meta::type_name("check_done"), x.call_id, x.was_tried, x.found, x.begun, x.ended,
           x.device);
}

struct list_devices {};

struct device_list {
  std::vector<device_report> devices;
};

/// Let a device end what it does, and give it nothing more.
struct drain_device {
  std::string name;
};

} // namespace meisim
