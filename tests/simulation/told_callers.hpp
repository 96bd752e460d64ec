#pragma once

#include "actors/money/ask_wallet.hpp"
#include "tests/simulation/lossy_writers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace meisim::simulation {

/// Those who send postings and repeat them. What they are told is held against the ledger.
class told_callers {
public:
  told_callers(test::actor_fixture& actors, ground& on, const lossy_writers& writers,
               const region_actor& region)
    : actors_(actors), ground_(on), writers_(writers), region_(region) {
    // nop
  }

  void add(dealer_id dealer, money start) {
    starts_.emplace_back(dealer, start);
    ground_.ledger.open(dealer, start);
  }

  /// Some dealer pays, or pays in.
  void send_new() {
    if (calls_.size() >= new_calls)
      return;
    auto& random = ground_.random;
    posting what;
    what.id = posting_id{random.id()};
    what.dealer = starts_[random.below(starts_.size())].first;
    bool is_topup = random.one_in(3);
    for (size_t left = 1 + random.below(2); left > 0; --left) {
      auto amount = money::from_cents(1 + static_cast<int64_t>(random.below(200)));
      what.lines.push_back(is_topup ? ledger_line{entry_type::topup, amount, "up", {}}
                                    : ledger_line{entry_type::debit, -amount, "down", {}});
    }
    if (random.one_in(2)) {
      what.idempotency_key = fmt::format("key {}", calls_.size());
      what.request_hash = "a request";
    }
    send(std::move(what));
  }

  /// Some posting comes again, under its id or under its key alone.
  void send_again() {
    if (calls_.empty() || calls_.size() >= 2 * new_calls)
      return;
    auto& random = ground_.random;
    auto what = calls_[random.below(calls_.size())].what;
    if (!what.idempotency_key.empty() && random.one_in(2)) {
      what.id = posting_id{random.id()};
      if (random.one_in(4))
        what.request_hash = "another request";
    }
    send(std::move(what));
  }

  /// To be called whenever the ledger may have changed.
  void note_balances() {
    for (auto& made : calls_)
      if (!made.has_ended)
        made.lowest = std::min(made.lowest, ground_.ledger.position(made.what.dealer).balance);
  }

  /// Throws std::runtime_error that tells what has gone wrong first.
  void end_if_wrong() const {
    if (!wrong_.empty())
      throw std::runtime_error(wrong_);
  }

  /// Once nothing is under way: was everybody told the truth?
  void check_the_end() {
    check_calls();
    check_ledger();
    end_if_wrong();
  }

private:
  static constexpr size_t new_calls = 40;

  /// What a caller sent, and what it was told.
  struct call {
    size_t number = 0;
    posting what;
    /// The least that the wallet held in the ledger while the call was under way, and what the
    /// calls beside it may have taken of that.
    money lowest;
    money wanted_by_others;
    bool has_ended = false;
    /// Whether the caller was told that nothing was done, and in which words.
    bool is_denied = false;
    std::string said;
  };

  /// Whether this says that the posting was not done and never will be.
  static bool is_denial(const caf::error& failure) {
    auto code = code_of(failure);
    return code == ec::insufficient_funds || code == ec::unavailable;
  }

  void send(posting what) {
    auto& made = calls_.emplace_back();
    made.number = calls_.size();
    made.what = std::move(what);
    made.lowest = ground_.ledger.position(made.what.dealer).balance;
    for (auto& other : calls_)
      if (&other != &made && !other.has_ended && other.what.dealer == made.what.dealer) {
        made.wanted_by_others += debited(other.what.lines);
        other.wanted_by_others += debited(made.what.lines);
      }
    actors_.system.spawn([this, &made](caf::event_based_actor* me) {
      ask_wallet(
        me, region_, made.what, [this, &made](const receipt& answer) { hear(made, answer); },
        [this, &made](const caf::error& failure) { hear(made, failure); });
    });
  }

  void hear(call& made, const receipt& answer) {
    const auto& ledger = ground_.ledger;
    expect(!std::exchange(made.has_ended, true), made, "was answered twice");
    expect(ledger.has(answer.id), made, "was acknowledged and is not in the ledger");
    auto stored = ledger.find({made.what.dealer, made.what.idempotency_key, made.what.id});
    expect(stored.what.id == answer.id, made, "was answered with the receipt of another");
    expect(stored.request_hash == made.what.request_hash, made,
           "was answered with the receipt of another request under its key");
  }

  void hear(call& made, const caf::error& failure) {
    expect(!std::exchange(made.has_ended, true), made, "was answered twice");
    auto code = code_of(failure);
    auto id = made.what.id;
    made.is_denied = is_denial(failure);
    made.said = message_of(failure);
    // If a posting comes twice by its id, as jobs send it, one may be done and the other refused.
    if (made.is_denied && is_alone(made)) {
      expect(!ground_.ledger.has(id), made, "is in the ledger; said was: " + made.said);
      expect(!writers_.is_committing(id), made, "is being committed; said was: " + made.said);
    }
    if (code == ec::insufficient_funds)
      expect(made.lowest < debited(made.what.lines) + made.wanted_by_others, made,
             "was refused and could be paid");
    else if (code == ec::conflict)
      expect(is_key_of_another(made.what), made, "was refused for a key that is its own");
    else
      expect(code == ec::unavailable || code == ec::outcome_unknown || code == ec::in_progress,
             made, "had an answer that none should have: " + made.said);
  }

  bool is_alone(const call& made) const {
    return std::ranges::none_of(
      calls_, [&](const call& other) { return &other != &made && other.what.id == made.what.id; });
  }

  bool is_key_of_another(const posting& what) const {
    return std::ranges::any_of(calls_, [&](const call& other) {
      return other.what.idempotency_key == what.idempotency_key
             && other.what.request_hash != what.request_hash;
    });
  }

  void check_calls() {
    for (const auto& made : calls_) {
      expect(made.has_ended, made, "was never answered");
      // It may have come again, and have been done then.
      bool is_denied = std::ranges::all_of(calls_, [&](const call& other) {
        return other.what.id != made.what.id || other.is_denied;
      });
      expect(!is_denied || !ground_.ledger.has(made.what.id), made,
             "was done; said was: " + made.said);
    }
  }

  /// The model: a ledger is a list of postings, each there once, and a balance is their sum.
  void check_ledger() {
    std::map<dealer_id, wallet_position> sums;
    std::set<posting_id> ids;
    std::set<std::pair<dealer_id, std::string>> keys;
    for (const auto& [dealer, start] : starts_)
      sums[dealer].balance = start;
    for (const auto& each : ground_.ledger.history()) {
      const auto& what = each->what;
      auto& wallet = sums[what.dealer];
      wallet.balance += sum(what.lines);
      wallet.version += std::ssize(what.lines);
      expect(ids.insert(what.id).second, *each, "is there twice");
      expect(what.idempotency_key.empty() || keys.emplace(what.dealer, what.idempotency_key).second,
             *each, "is there under two ids");
      expect(each->transfers.back().balance_after == wallet.balance
               && each->transfers.back().seq == wallet.version,
             *each, "does not follow the one before");
      expect(!wallet.balance.is_negative(), *each, "was not covered");
    }
    for (const auto& [dealer, start] : starts_)
      if (ground_.ledger.position(dealer).balance != sums[dealer].balance && wrong_.empty())
        wrong_ = fmt::format("the balance of {} is not the sum", to_string(dealer));
  }

  void expect(bool is_so, const call& made, std::string_view what) {
    if (!is_so && wrong_.empty())
      wrong_ = fmt::format("call {}, posting {}, {}", made.number, to_string(made.what.id), what);
  }

  void expect(bool is_so, const decided_posting& posting, std::string_view what) {
    if (!is_so && wrong_.empty())
      wrong_ = fmt::format("posting {} {}", to_string(posting.what.id), what);
  }

  test::actor_fixture& actors_;
  ground& ground_;
  const lossy_writers& writers_;
  const region_actor& region_;
  std::vector<std::pair<dealer_id, money>> starts_;
  std::deque<call> calls_;
  /// What has gone wrong first.
  std::string wrong_;
};

} // namespace meisim::simulation
