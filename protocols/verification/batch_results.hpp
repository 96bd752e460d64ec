#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/verification/verdict.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

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
  /// What came back for rows that were not checked.
  money refunded{};
  /// How many rows nobody had begun with when the dealer cancelled the batch.
  int32_t cancelled = 0;

  int32_t checked() const;

  int32_t pending() const {
    return total - in_progress - checked() - cancelled;
  }

  /// Seconds until the last row is checked, at the pace so far; nothing before the first verdict.
  std::optional<int64_t> eta_seconds(instant at) const;
};

/// The caller's batch; `not_found` for anybody else's.
struct find_batch {
  dealer_id dealer;
  batch_id batch;
};

/// Check no more rows of a batch. Rows that nobody has begun with are refunded. A batch that was
/// cancelled before stays as it is; `conflict` if it is complete.
struct cancel_batch {
  /// The dealer whose batch it has to be; zero for an operator, who may cancel any batch.
  dealer_id dealer;
  batch_id batch;
  audit_stamp by = {};
};

/// A completed batch of any dealer, for the mail about it; `not_found` if there is none.
struct load_batch_report {
  batch_id batch;
  /// A longer CSV is left out of the report.
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

} // namespace meisim
