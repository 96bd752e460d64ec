#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/verification/devices.hpp"
#include "protocols/verification/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Rows of one batch that only one node may check until the lease runs out.
struct lease_token {
  uuid id;
  /// Rises when another owner takes the lease. An owner with a lower number has lost it.
  int32_t generation = 0;

  friend bool operator==(const lease_token&, const lease_token&) = default;
};

/// An earlier verdict about a code, for whomever it was.
struct earlier_verdict {
  finding found;
  std::string device;
  instant begun;
  instant ended;
};

/// A row that is to be checked.
struct open_row {
  int32_t number = 0;
  std::string lpa;
  /// How often it was tried. A try whose node died counts.
  int32_t attempts = 0;
  /// A verdict that is recent enough for the batch's dealer, so that no check is needed.
  std::optional<earlier_verdict> known = std::nullopt;
};

struct leased_rows {
  lease_token lease;
  batch_id batch;
  dealer_id dealer;
  /// An urgent row, an eSIM that is said to be broken, goes before all others.
  bool is_urgent = false;
  /// The card that must not check these rows, see `identity_of`; empty for none.
  std::string not_on;
  std::vector<open_row> rows;
};

/// Lease up to `count` open rows that one of `devices` may check, fairly over dealers and batches.
struct lease_rows {
  std::string owner;
  int32_t count = 0;
  int32_t lease_seconds = 30;
  /// The devices that check, or will: their names or EIDs, see `identity_of`.
  std::vector<std::string> devices = {};
};

/// These devices are here, and in these states.
struct note_devices {
  std::vector<device_report> devices;
};

/// A device that must not be used, and why.
struct refused_device {
  std::string name;
  std::string reason;
};

/// Which of the devices have a name or card that another node's device had before.
struct noted_devices {
  std::vector<refused_device> refused;
};

/// Which of these hosts have done well since then, on another device than this one?
struct find_well_hosts {
  std::string device;
  std::vector<std::string> hosts;
  instant since;
};

/// A host that has done well, and for whom.
struct well_host {
  std::string host;
  dealer_id dealer;
};

struct well_hosts {
  std::vector<well_host> hosts;
};

/// How often the SM-DP+ of a code is asked about it within a day, by anybody. It locks codes that
/// are tried more often.
constexpr int32_t most_asks_a_day = 3;

/// The SM-DP+ is about to be asked about this code (its `key_of`).
struct count_ask {
  std::string code;
};

/// Whether it may be asked.
struct ask_leave {
  bool is_given = false;
  /// When it was counted; this names the question.
  instant counted_at{};
};

/// It was not asked after all.
struct release_ask {
  std::string code;
  instant counted_at;
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
  /// The code's `key_of`, if the verdict may serve others who ask about the same code; otherwise
  /// empty.
  std::string code = {};
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
  /// Leases that somebody else holds by now. Findings under them are not written.
  std::vector<uuid> lost;
  /// Whether a batch was completed by this.
  bool has_completed = false;
};

/// Keep these leases for `lease_seconds` more; with 0, give them back at once.
struct renew_leases {
  std::vector<lease_token> leases;
  int32_t lease_seconds = 30;
};

/// What is owed to the dealer of a batch?
struct load_refund {
  batch_id batch;
};

struct refund_due {
  batch_id batch;
  dealer_id dealer;
  money unit_price;
  std::vector<int32_t> rows;
};

/// Nothing more is owed for now. The job is removed if that is still true.
struct finish_refund {
  batch_id batch;
};

} // namespace meisim
