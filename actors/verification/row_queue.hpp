#pragma once

#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/row_leases.hpp"

#include <chrono>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// A row that waits for a device.
struct waiting_row {
  lease_token lease;
  batch_id batch;
  dealer_id dealer;
  bool is_urgent = false;
  int32_t number = 0;
  activation_code code;
  /// How often it was tried.
  int32_t attempts = 0;
  /// The devices that it failed on. They check it only if there is no other.
  std::vector<std::string> avoided;
  /// The card that must not check it, see `identity_of`; empty for most.
  std::string not_on = {};
  /// No device gets it earlier.
  std::chrono::steady_clock::time_point not_before{};
};

/// The rows that a node has leased and not begun, in a fair order. Urgent rows come first, then one
/// row of each dealer in turn, and of a dealer one row of each batch in turn.
class row_queue {
public:
  void push(waiting_row row);

  /// Puts back a row that was taken. It becomes the next one of its batch.
  void put_back(waiting_row row);

  /// Takes the next row that `fits(row)`. Of each batch only the first few are looked at.
  template <class Fits>
  std::optional<waiting_row> take(Fits fits);

  /// Drops the rows of a lease that was lost.
  void drop(const uuid& lease);

  /// The leases of rows that this card must not check.
  std::vector<lease_token> leases_not_for(const std::string& card) const;

  /// Takes out all rows that still wait.
  std::vector<waiting_row> take_all();

  size_t size() const {
    return size_;
  }

private:
  struct batch_turn {
    batch_id batch;
    std::deque<waiting_row> rows;
  };

  struct dealer_turn {
    dealer_id dealer;
    std::list<batch_turn> batches;
  };

  static constexpr size_t rows_looked_at = 8;

  /// The place of a row's batch; made if it is not there.
  std::deque<waiting_row>& rows_of(const waiting_row& row);

  template <class Fits>
  static std::optional<waiting_row> take_from(std::deque<waiting_row>& rows, Fits fits) {
    for (size_t i = 0; i < rows.size() && i < rows_looked_at; ++i) {
      if (!fits(rows[i]))
        continue;
      auto row = std::move(rows[i]);
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
      return row;
    }
    return std::nullopt;
  }

  std::deque<waiting_row> urgent_;
  /// The first is the next to be served; no entry is empty.
  std::list<dealer_turn> dealers_;
  size_t size_ = 0;
};

template <class Fits>
std::optional<waiting_row> row_queue::take(Fits fits) {
  if (auto row = take_from(urgent_, fits)) {
    --size_;
    return row;
  }
  for (auto dealer = dealers_.begin(); dealer != dealers_.end(); ++dealer) {
    auto& batches = dealer->batches;
    for (auto batch = batches.begin(); batch != batches.end(); ++batch) {
      auto row = take_from(batch->rows, fits);
      if (!row)
        continue;
      --size_;
      if (batch->rows.empty())
        batches.erase(batch);
      else
        batches.splice(batches.end(), batches, batch);
      if (batches.empty())
        dealers_.erase(dealer);
      else
        dealers_.splice(dealers_.end(), dealers_, dealer);
      return row;
    }
  }
  return std::nullopt;
}

} // namespace meisim
