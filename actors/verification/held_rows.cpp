#include "actors/verification/held_rows.hpp"

#include "protocols/verification/batch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

/// The error of a row that goes to no device.
finding untried(std::string_view why) {
  finding result;
  result.reason = why;
  return result;
}

/// The database refuses this row because of a text in it. The row is written without its texts.
void make_harmless(checked_row& row) {
  auto host = std::exchange(row.found.seen, {}).host;
  row.found = {};
  row.found.reason = "the result could not be stored";
  row.found.seen.host = std::move(host);
  row.code.clear();
}

template <class T>
void put_before(std::vector<T>& later, std::vector<T>&& earlier) {
  later.insert(later.begin(), std::make_move_iterator(earlier.begin()),
               std::make_move_iterator(earlier.end()));
}

} // namespace

held_rows::held_rows(std::string owner, std::chrono::seconds lease)
  : owner_(std::move(owner)), lease_seconds_(static_cast<int32_t>(lease.count())) {
  // nop
}

// -- leases ---------------------------------------------------------------------------------------

std::optional<lease_rows> held_rows::begin_lease(size_t devices) {
  if (devices == 0 || is_leasing_)
    return std::nullopt;
  auto wanted = std::max<size_t>(2 * devices, 8);
  auto there = queue_.size();
  if (!has_news_ && (is_dry_ || there * 2 > wanted))
    return std::nullopt;
  has_news_ = false;
  is_leasing_ = true;
  auto count = std::max(wanted > there ? wanted - there : 0, devices);
  return lease_rows{owner_, static_cast<int32_t>(count), lease_seconds_};
}

void held_rows::end_lease(const lease_grant& grant) {
  is_leasing_ = false;
  is_dry_ = grant.chunks.empty();
  auto at = now();
  for (const auto& chunk : grant.chunks) {
    auto& held = leases_[chunk.lease.id];
    held.generation = chunk.lease.generation;
    held.open += std::ssize(chunk.rows);
    for (const auto& open : chunk.rows)
      take_row(chunk, open, at);
  }
}

void held_rows::take_row(const leased_rows& chunk, const open_row& open, instant at) {
  waiting_row row;
  row.lease = chunk.lease;
  row.batch = chunk.batch;
  row.dealer = chunk.dealer;
  row.is_urgent = chunk.is_urgent;
  row.number = open.number;
  row.attempts = open.attempts;
  row.not_on = chunk.not_on;
  auto code = read_activation_code(open.lpa).code;
  // A malformed code gets its verdict when it is submitted. One that comes here was accepted by a
  // release that reads more forms.
  if (!code)
    return conclude(row, untried("its activation code cannot be read"), {{}, at, at});
  if (open.attempts >= most_attempts_a_row)
    return conclude(row, untried("its checks were interrupted too often"), {{}, at, at});
  row.code = std::move(*code);
  if (open.known)
    return conclude(row, open.known->found,
                    {open.known->device, open.known->begun, open.known->ended});
  queue_.push(std::move(row));
}

void held_rows::fail_lease() {
  is_leasing_ = false;
  is_dry_ = true;
}

renew_leases held_rows::renewal_for(int32_t seconds) const {
  renew_leases wish;
  wish.leases.reserve(leases_.size());
  for (const auto& [id, held] : leases_)
    wish.leases.push_back({id, held.generation});
  wish.lease_seconds = seconds;
  return wish;
}

std::optional<renew_leases> held_rows::renewal() const {
  if (leases_.empty())
    return std::nullopt;
  return renewal_for(lease_seconds_);
}

std::optional<renew_leases> held_rows::give_back() {
  if (queue_.size() == 0 || !checked_.empty() || is_writing_)
    return std::nullopt;
  auto wish = renewal_for(0);
  queue_.take_all();
  leases_.clear();
  return wish;
}

std::optional<renew_leases> held_rows::give_back_for(const std::string& card) {
  renew_leases wish{queue_.leases_not_for(card), 0};
  if (wish.leases.empty())
    return std::nullopt;
  for (const auto& lease : wish.leases) {
    queue_.drop(lease.id);
    leases_.erase(lease.id);
  }
  return wish;
}

void held_rows::close_row(const uuid& lease) {
  auto held = leases_.find(lease);
  if (held != leases_.end() && --held->second.open <= 0)
    leases_.erase(held);
}

// -- rows -----------------------------------------------------------------------------------------

void held_rows::conclude(const waiting_row& row, finding found, trial tried) {
  bool may_serve_others = !tried.device.empty() && found.what != verdict::error;
  checked_.push_back({row.lease, row.batch, row.number, std::move(found), std::move(tried.device),
                      tried.begun, tried.ended, may_serve_others ? key_of(row.code) : ""});
}

void held_rows::try_again(waiting_row row, finding found, trial tried) {
  ++row.attempts;
  if (row.attempts >= most_attempts_a_row)
    return conclude(row, std::move(found), std::move(tried));
  attempts_.push_back({row.batch, row.number, row.attempts, tried.device, std::move(found.reason)});
  row.avoided.push_back(std::move(tried.device));
  queue_.put_back(std::move(row));
}

// -- writing --------------------------------------------------------------------------------------

std::optional<write_verdicts> held_rows::begin_write() {
  if (is_writing_ || (checked_.empty() && attempts_.empty()))
    return std::nullopt;
  is_writing_ = true;
  write_verdicts work;
  auto end =
    checked_.begin() + static_cast<std::ptrdiff_t>(std::min(checked_.size(), rows_a_write_));
  work.rows.assign(std::make_move_iterator(checked_.begin()), std::make_move_iterator(end));
  checked_.erase(checked_.begin(), end);
  work.attempts = std::exchange(attempts_, {});
  work.lease_seconds = lease_seconds_;
  work.is_repeat = is_repeat_;
  return work;
}

void held_rows::end_write(const std::vector<checked_row>& written, const verdicts_written& result) {
  is_writing_ = false;
  is_repeat_ = false;
  if (checked_.empty())
    rows_a_write_ = most_rows_a_write;
  for (const auto& row : written)
    close_row(row.lease.id);
  for (const auto& lease : result.lost) {
    leases_.erase(lease);
    queue_.drop(lease);
  }
}

void held_rows::fail_write(write_verdicts work, bool is_refused) {
  is_writing_ = false;
  is_repeat_ = true;
  if (is_refused) {
    if (work.rows.size() == 1)
      make_harmless(work.rows.front());
    rows_a_write_ = 1;
  }
  put_before(checked_, std::move(work.rows));
  put_before(attempts_, std::move(work.attempts));
}

} // namespace meisim
