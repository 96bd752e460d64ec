#include "actors/supply/inventory_pool.hpp"

#include "actors/money/ask_wallet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

using pool_pointer = pool_actor::stateful_pointer<inventory_pool_state>;

/// How often rows are chosen for a sale, because another owner was quicker, before its caller is
/// refused.
constexpr int most_attempts = 8;

/// How many rows are read ahead.
constexpr size_t rows_ahead = 4'000;

void advance(pool_pointer self);

void refuse(inventory_pool_state::sale& sale, const caf::error& why) {
  sale.answer.deliver(why);
}

void refuse_all(pool_pointer self, const caf::error& why) {
  for (auto& sale : std::exchange(self->state.waiting, {}))
    refuse(sale, why);
}

/// Asks the database for something and decides nothing until `take` got the answer.
template <class Answer, class Question, class Take>
void ask(pool_pointer self, Question question, Take take) {
  self->state.is_asking = true;
  self->request(self->state.memory, caf::infinite, std::move(question))
    .then(
      [self, take](Answer& result) {
        self->state.is_asking = false;
        take(result);
        advance(self);
      },
      [self](const caf::error& failure) {
        self->state.is_asking = false;
        refuse_all(self, failure);
        advance(self);
      });
}

void look_for_rows(pool_pointer self, int32_t quantity) {
  auto& state = self->state;
  auto number = ++state.looks;
  std::vector<inventory_id> spoken_for{state.in_flight.begin(), state.in_flight.end()};
  // Sales may end while the answer is on its way. The rows that were chosen for sales when the
  // question was asked are left out all the same.
  auto lowest_spoken_for = std::min_element(spoken_for.begin(), spoken_for.end());
  auto lowest =
    lowest_spoken_for == spoken_for.end() ? std::nullopt : std::optional{*lowest_spoken_for};
  auto limit = std::max(static_cast<int32_t>(rows_ahead), 2 * quantity);
  load_stock question{state.pool, limit, std::move(spoken_for), state.lowest};
  ask<stock_slice>(self, std::move(question), [self, lowest, limit, number](stock_slice& slice) {
    auto& known = self->state;
    if (slice.is_held)
      return refuse_all(self, make_error(ec::unavailable, "the stock is held for now; nothing was "
                                                          "done"));
    known.may_have_more = std::cmp_equal(slice.rows.size(), limit);
    if (!known.may_have_more)
      known.whole_look = number;
    std::unordered_set<inventory_id> held;
    for (const auto& row : known.available)
      held.insert(row.id);
    if (slice.rows.empty())
      return;
    known.lowest = std::min(slice.rows.front().id, lowest.value_or(slice.rows.front().id));
    known.highest = std::max(known.highest, slice.rows.back().id);
    for (auto& row : slice.rows)
      if (!held.contains(row.id))
        known.available.push_back(std::move(row));
  });
}

/// Reads the rows after those that are known, so that buyers need not wait for them.
void read_ahead(pool_pointer self) {
  auto& state = self->state;
  // A read that is under way may find the same rows.
  if (!state.may_have_more || state.is_reading_ahead || state.is_asking
      || state.available.size() > rows_ahead / 2)
    return;
  state.is_reading_ahead = true;
  load_stock question{state.pool, rows_ahead, {}, inventory_id{next(state.highest.value)}};
  self->request(state.memory, caf::infinite, std::move(question))
    .then(
      [self, epoch = state.epoch](stock_slice& slice) {
        auto& known = self->state;
        known.is_reading_ahead = false;
        if (epoch == known.epoch) {
          known.may_have_more = slice.rows.size() == rows_ahead;
          if (!slice.rows.empty())
            known.highest = slice.rows.back().id;
          std::ranges::move(slice.rows, std::back_inserter(known.available));
        }
        // Sales may have waited for this read, whatever it found.
        advance(self);
      },
      [self](const caf::error&) {
        self->state.is_reading_ahead = false;
        self->state.may_have_more = false;
        advance(self);
      });
}

void end_sale(pool_pointer self, const shared_vector<stock_row>& rows, bool are_sold) {
  auto& state = self->state;
  for (const auto& row : rows)
    state.in_flight.erase(row.id);
  if (!are_sold)
    return state.put_back(rows);
  ++state.generation;
  if (state.counts) {
    state.counts->available -= static_cast<int64_t>(rows.size());
    state.counts->sold += static_cast<int64_t>(rows.size());
  }
}

/// Another owner has sold some of the rows, so nothing that is known of the stock can be trusted.
void choose_again(pool_pointer self, inventory_pool_state::sale sale) {
  auto& state = self->state;
  for (const auto& row : sale.rows)
    state.in_flight.erase(row.id);
  state.available.clear();
  state.highest = {};
  state.may_have_more = false;
  ++state.epoch;
  state.counts.reset();
  ++state.generation;
  state.waiting.push_front(std::move(sale));
  state.forget_looks();
}

void sell(pool_pointer self, inventory_pool_state::sale sale) {
  auto& state = self->state;
  if (++sale.attempts > most_attempts)
    return refuse(sale, make_error(ec::unavailable));
  sale.rows = state.choose(sale.wish.quantity);
  auto usage = state.usages.first++;
  --state.usages.count;
  auto shared = std::make_shared<inventory_pool_state::sale>(std::move(sale));
  auto what = sale_posting(shared->wish, usage, shared->rows, now());
  ask_wallet(
    self, state.region, std::move(what),
    [self, shared](const receipt& result) {
      end_sale(self, shared->rows, !result.replayed);
      shared->answer.deliver(result);
      advance(self);
    },
    [self, shared](const caf::error& failure) {
      if (code_of(failure) == ec::moved) {
        choose_again(self, std::move(*shared));
      } else {
        end_sale(self, shared->rows, false);
        shared->answer.deliver(failure);
      }
      advance(self);
    });
}

void leave(pool_pointer self) {
  refuse_all(self, make_error(ec::not_owner));
  if (!self->state.is_busy())
    self->quit();
}

void advance(pool_pointer self) {
  auto& state = self->state;
  if (state.is_leaving)
    return leave(self);
  while (!state.waiting.empty() && !state.is_asking) {
    if (state.usages.count == 0)
      return ask<usage_block>(self, reserve_usages{},
                              [self](const usage_block& block) { self->state.usages = block; });
    const auto& next = state.waiting.front();
    auto quantity = next.wish.quantity;
    if (std::cmp_less(state.available.size(), quantity)) {
      if (state.is_reading_ahead)
        return;
      if (state.whole_look <= next.looks_before)
        return look_for_rows(self, quantity);
      // Rows that are chosen for a sale may come back from a buyer who cannot pay.
      if (!state.in_flight.empty())
        return;
    }
    auto sale = std::move(state.waiting.front());
    state.waiting.pop_front();
    sell(self, std::move(sale));
  }
  read_ahead(self);
}

caf::result<stock_counts> count(pool_pointer self) {
  auto& state = self->state;
  if (state.counts)
    return *state.counts;
  auto promise = self->make_response_promise<stock_counts>();
  bool is_still = state.in_flight.empty();
  self->request(state.memory, caf::infinite, count_stock{state.pool})
    .then(
      [self, promise, is_still, generation = state.generation](const stock_counts& counts) mutable {
        if (is_still && generation == self->state.generation && self->state.in_flight.empty())
          self->state.counts = counts;
        promise.deliver(counts);
      },
      [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

} // namespace

void inventory_pool_state::forget_looks() {
  for (auto& request : waiting)
    request.looks_before = looks;
}

shared_vector<stock_row> inventory_pool_state::choose(int32_t quantity) {
  auto end = available.begin() + std::min<std::ptrdiff_t>(quantity, std::ssize(available));
  std::vector<stock_row> rows{std::make_move_iterator(available.begin()),
                              std::make_move_iterator(end)};
  available.erase(available.begin(), end);
  for (const auto& row : rows)
    in_flight.insert(row.id);
  return rows;
}

void inventory_pool_state::put_back(const shared_vector<stock_row>& rows) {
  available.insert(available.begin(), rows.begin(), rows.end());
}

posting sale_posting(const purchase& wish, int64_t usage, shared_vector<stock_row> rows,
                     instant at) {
  posting result;
  result.id = wish.id;
  result.dealer = wish.dealer;
  result.idempotency_key = wish.idempotency_key;
  result.request_hash = wish.request_hash;
  result.ceiling = wish.ceiling;
  auto filled = static_cast<int32_t>(rows.size());
  auto missing = wish.quantity - filled;
  result.lines.push_back(
    {entry_type::debit,
     -(wish.unit_price * wish.quantity),
     fmt::format("{} eSIMs of {}, INV-{}", wish.quantity, to_string(wish.pool), usage),
     {}});
  if (missing > 0)
    result.lines.push_back({filled == 0 ? entry_type::refund : entry_type::credit,
                            wish.unit_price * missing,
                            fmt::format("{} eSIMs of {} were out of stock, INV-{}", missing,
                                        to_string(wish.pool), usage),
                            {}});
  result.what =
    supply_sold{usage, wish.sku, wish.pool, wish.quantity, wish.unit_price, std::move(rows), at};
  return result;
}

pool_actor::behavior_type inventory_pool(pool_pointer self, pool_name pool, region_actor region,
                                         stock_memory_actor memory, const entity_terms& terms) {
  self->state.pool = std::move(pool);
  self->state.region = std::move(region);
  self->state.memory = std::move(memory);
  self->state.last_used = self->clock().now();
  return {
    [self, terms](purchase& wish) -> caf::result<receipt> {
      self->state.last_used = self->clock().now();
      if (!terms.lease->holds(self->state.last_used))
        return make_error(ec::not_owner);
      auto promise = self->make_response_promise<receipt>();
      self->state.waiting.push_back({std::move(wish), promise, 0, self->state.looks});
      advance(self);
      return promise;
    },
    [self](const count_pool&) { return count(self); },
    [self](restock_atom) {
      auto& state = self->state;
      state.counts.reset();
      ++state.generation;
      // Rows that come out of quarantine may have smaller ids.
      state.lowest = {};
      state.forget_looks();
      advance(self);
    },
    [self](const leave_order&) {
      self->state.is_leaving = true;
      advance(self);
    },
    [self, idle = terms.idle](retire_atom) {
      auto& state = self->state;
      if (!state.is_busy() && self->clock().now() - state.last_used >= idle)
        self->quit();
    },
  };
}

} // namespace meisim
