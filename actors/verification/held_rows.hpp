#pragma once

#include "actors/verification/row_queue.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim {

/// Where and when a row was tried.
struct trial {
  std::string device;
  instant begun;
  instant ended;
};

/// The rows that a node holds under its leases. It knows which rows are next, and which findings
/// are not written yet.
class held_rows {
public:
  /// `owner` stands in the leases; `lease` is how long another node waits for a sign of life.
  held_rows(std::string owner, std::chrono::seconds lease);

  // -- leases -------------------------------------------------------------------------------------

  /// Asks for more rows where there is room. About two rows for each of `devices` are held. So the
  /// next row is at hand whenever a device is done, and no row is held for long. `end_lease` or
  /// `fail_lease` has to follow.
  std::optional<lease_rows> begin_lease(size_t devices);

  /// Takes over what was leased. A row that needs no device has its verdict at once.
  void end_lease(const lease_grant& grant);

  void fail_lease();

  /// New rows were announced, so rows are asked for although the last look found none.
  void hear_of_rows() {
    has_news_ = true;
  }

  /// Rows are asked for again although none were announced.
  void look_again() {
    is_dry_ = false;
  }

  /// Keeps all leases; nothing if there are none.
  std::optional<renew_leases> renewal() const;

  /// Lets others have all rows, unless a finding still has to be written.
  std::optional<renew_leases> give_back();

  /// Gives back the rows that the only card left here must not check.
  std::optional<renew_leases> give_back_for(const std::string& card);

  // -- rows ---------------------------------------------------------------------------------------

  row_queue& queue() {
    return queue_;
  }

  void conclude(const waiting_row& row, finding found, trial tried);

  /// A try has failed. The row goes to another device, or its verdict becomes `error`.
  void try_again(waiting_row row, finding found, trial tried);

  // -- writing ------------------------------------------------------------------------------------

  /// What is to be written next, unless a write is under way. `end_write` or `fail_write` has to
  /// follow.
  std::optional<write_verdicts> begin_write();

  void end_write(const std::vector<checked_row>& written, const verdicts_written& result);

  /// It is not known whether `work` was written, so it is written once more. `is_refused` means
  /// that the database answered and did not take it.
  void fail_write(write_verdicts work, bool is_refused);

private:
  struct held_lease {
    int32_t generation = 0;
    /// How many rows have no written verdict yet.
    int64_t open = 0;
  };

  static constexpr size_t most_rows_a_write = 5'000;

  void take_row(const leased_rows& chunk, const open_row& open, instant at);
  void close_row(const uuid& lease);
  renew_leases renewal_for(int32_t seconds) const;

  std::string owner_;
  int32_t lease_seconds_ = 0;
  row_queue queue_;
  std::unordered_map<uuid, held_lease> leases_;
  bool is_leasing_ = false;
  /// Whether the last look found no rows.
  bool is_dry_ = false;
  /// Whether new rows were announced since the last look began.
  bool has_news_ = false;
  std::vector<checked_row> checked_;
  std::vector<failed_attempt> attempts_;
  bool is_writing_ = false;
  /// Whether the last write may have taken place although its answer did not come.
  bool is_repeat_ = false;
  /// One row at a time while the database refuses something among them.
  size_t rows_a_write_ = most_rows_a_write;
};

} // namespace meisim
