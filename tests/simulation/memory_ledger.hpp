#pragma once

#include "protocols/interfaces.hpp"
#include "protocols/money/commit.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace meisim::simulation {

/// Takes PostgreSQL's place: verifies what wallets have decided, and keeps it.
class memory_ledger {
public:
  using batch = std::vector<std::shared_ptr<const decided_posting>>;

  void open(dealer_id dealer, money balance) {
    wallets_[dealer].balance = balance;
  }

  wallet_position position(dealer_id dealer) const {
    return wallets_.at(dealer);
  }

  bool has(posting_id id) const {
    return postings_.contains(id);
  }

  /// All postings, in the order of their commits.
  const batch& history() const {
    return history_;
  }

  stored_receipt find(const find_receipt& question) const {
    auto id = question.posting;
    if (!question.idempotency_key.empty()) {
      auto known = keys_.find({question.dealer, question.idempotency_key});
      id = known == keys_.end() ? posting_id{} : known->second;
    }
    auto found = postings_.find(id);
    if (found == postings_.end())
      return {};
    return {found->second->answer, found->second->what.request_hash};
  }

  /// One transaction: nothing of it is there if anything of it is refused.
  bool commit_whole(const batch& postings) {
    if (breaks_a_constraint(postings) || !first_conflicts(postings).empty())
      return false;
    for (const auto& posting : postings)
      keep(posting);
    return true;
  }

  /// Commits as a ledger writer does: it isolates what is refused.
  std::vector<commit_outcome> commit(const batch& postings) {
    if (breaks_a_constraint(postings))
      return commit_one_by_one(postings);
    auto conflicts = first_conflicts(postings);
    std::vector<commit_outcome> outcomes;
    for (const auto& posting : postings) {
      bool stands = !conflicts.contains(posting->what.dealer);
      if (stands)
        keep(posting);
      outcomes.push_back(
        {posting->what.id, stands ? commit_result::committed : commit_result::wallet_conflict, {}});
    }
    return outcomes;
  }

private:
  using posting_pointer = std::shared_ptr<const decided_posting>;

  std::vector<commit_outcome> commit_one_by_one(const batch& postings) {
    std::vector<commit_outcome> outcomes;
    for (const auto& posting : postings)
      outcomes.push_back(commit_alone(posting));
    return outcomes;
  }

  commit_outcome commit_alone(const posting_pointer& posting) {
    const auto& what = posting->what;
    if (has(what.id))
      return {what.id, commit_result::already_there, find({what.dealer, {}, what.id})};
    if (takes_a_key_twice(*posting))
      return {what.id, commit_result::key_conflict, {}};
    if (position(what.dealer) != posting->expected)
      return {what.id, commit_result::wallet_conflict, {}};
    keep(posting);
    return {what.id, commit_result::committed, {}};
  }

  bool takes_a_key_twice(const decided_posting& posting) const {
    return !posting.what.idempotency_key.empty()
           && keys_.contains({posting.what.dealer, posting.what.idempotency_key});
  }

  /// Whether an id, a key or a place in a wallet's history is taken, or wanted twice by these. Of
  /// each wallet the first posting alone has to stand where the wallet does.
  bool breaks_a_constraint(const batch& postings) const {
    std::set<posting_id> ids;
    std::set<std::pair<dealer_id, std::string>> keys;
    std::set<std::pair<dealer_id, int64_t>> places;
    return std::ranges::any_of(postings, [&](const auto& posting) {
      const auto& what = posting->what;
      return has(what.id) || takes_a_key_twice(*posting) || !ids.insert(what.id).second
             || !places.emplace(what.dealer, posting->transfers.front().seq).second
             || (!what.idempotency_key.empty()
                 && !keys.emplace(what.dealer, what.idempotency_key).second);
    });
  }

  /// The wallets that do not stand where the first posting of each expects them.
  std::set<dealer_id> first_conflicts(const batch& postings) const {
    std::set<dealer_id> seen;
    std::set<dealer_id> conflicts;
    for (const auto& posting : postings)
      if (seen.insert(posting->what.dealer).second
          && position(posting->what.dealer) != posting->expected)
        conflicts.insert(posting->what.dealer);
    return conflicts;
  }

  void keep(const posting_pointer& posting) {
    const auto& what = posting->what;
    const auto& last = posting->transfers.back();
    wallets_[what.dealer] = {last.balance_after, last.seq, last.chain};
    postings_.emplace(what.id, posting);
    if (!what.idempotency_key.empty())
      keys_.emplace(std::pair{what.dealer, what.idempotency_key}, what.id);
    history_.push_back(posting);
  }

  std::map<dealer_id, wallet_position> wallets_;
  std::map<posting_id, posting_pointer> postings_;
  std::map<std::pair<dealer_id, std::string>, posting_id> keys_;
  batch history_;
};

} // namespace meisim::simulation
