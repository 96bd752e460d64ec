#include "actors/verification/row_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

template <class List, class Is, class Make>
auto& find_or_add(List& list, Is is, Make make) {
  auto place = std::find_if(list.begin(), list.end(), is);
  return place == list.end() ? list.emplace_back(make()) : *place;
}

} // namespace

std::deque<waiting_row>& row_queue::rows_of(const waiting_row& row) {
  if (row.is_urgent)
    return urgent_;
  auto& dealer = find_or_add(
    dealers_, [&](const auto& turn) { return turn.dealer == row.dealer; },
    [&] {
      return dealer_turn{row.dealer, {}};
    });
  return find_or_add(
           dealer.batches, [&](const auto& turn) { return turn.batch == row.batch; },
           [&] {
             return batch_turn{row.batch, {}};
           })
    .rows;
}

void row_queue::push(waiting_row row) {
  rows_of(row).push_back(std::move(row));
  ++size_;
}

void row_queue::put_back(waiting_row row) {
  rows_of(row).push_front(std::move(row));
  ++size_;
}

void row_queue::drop(const uuid& lease) {
  auto kept = take_all();
  for (auto& row : kept)
    if (row.lease.id != lease)
      push(std::move(row));
}

std::vector<lease_token> row_queue::leases_not_for(const std::string& card) const {
  std::vector<lease_token> result;
  // Such rows are all urgent.
  for (const auto& row : urgent_)
    if (row.not_on == card)
      result.push_back(row.lease);
  return result;
}

std::vector<waiting_row> row_queue::take_all() {
  std::vector<waiting_row> all;
  all.reserve(size_);
  auto move_out = [&all](std::deque<waiting_row>& rows) {
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
    rows.clear();
  };
  move_out(urgent_);
  for (auto& dealer : dealers_)
    for (auto& batch : dealer.batches)
      move_out(batch.rows);
  dealers_.clear();
  size_ = 0;
  return all;
}

} // namespace meisim
