#include "actors/money/commit_batch.hpp"

#include "persistence/money/ledger.hpp"
#include "persistence/money/receipts.hpp"
#include "protocols/base/log.hpp"

#include <utility>

namespace meisim {

std::vector<commit_outcome> all_ended(const posting_batch& batch, commit_result how) {
  std::vector<commit_outcome> outcomes;
  outcomes.reserve(batch.size());
  for (const auto& posting : batch)
    outcomes.push_back({posting->what.id, how, {}});
  return outcomes;
}

std::vector<commit_outcome> look_up_lost(database& db, const posting_batch& batch,
                                         const server_process& process) {
  auto are_there =
    guarded(db, "looking up a commit", [&] { return were_committed(db, batch, process); });
  if (!are_there)
    return all_ended(batch, commit_result::unknown);
  auto outcomes = all_ended(batch, commit_result::committed);
  for (size_t i = 0; i < outcomes.size(); ++i)
    if (!(*are_there)[i])
      outcomes[i].result = commit_result::unavailable;
  return outcomes;
}

bool are_unknown(const std::vector<commit_outcome>& outcomes) {
  return outcomes.front().result == commit_result::unknown;
}

namespace {

std::vector<commit_outcome> with_results(const posting_batch& batch,
                                         const std::vector<commit_result>& results) {
  auto outcomes = all_ended(batch, commit_result::committed);
  for (size_t i = 0; i < results.size(); ++i)
    outcomes[i].result = results[i];
  return outcomes;
}

/// A posting whose id is in the ledger has been done, whatever the database said about it now.
std::vector<commit_outcome> known_or(database& db,
                                     const std::shared_ptr<const decided_posting>& posting,
                                     commit_result else_result) {
  auto known =
    guarded(db, "looking up a posting", [&] { return find_posting(db, posting->what.id); });
  if (!known)
    return {{posting->what.id, commit_result::unavailable, {}}};
  if (known->what.id)
    return {{posting->what.id, commit_result::already_there, std::move(*known)}};
  return {{posting->what.id, else_result, {}}};
}

committed_batch commit_one_by_one(database& db, const posting_batch& batch) {
  committed_batch all;
  for (const auto& posting : batch) {
    auto one = commit_batch(db, {posting});
    for (const auto& lost : one.lost)
      all.lost.push_back({all.outcomes.size(), 1, lost.process});
    all.outcomes.push_back(std::move(one.outcomes.front()));
  }
  return all;
}

committed_batch after_loss(database& db, const posting_batch& batch, const commit_unknown& lost) {
  log_warn("database: the answer to a commit of {} postings was lost: {}", batch.size(),
           read_failure(lost).summary);
  db.close();
  committed_batch result{look_up_lost(db, batch, lost.process), {}};
  if (are_unknown(result.outcomes))
    result.lost.push_back({0, batch.size(), lost.process});
  return result;
}

committed_batch after_failure(database& db, const posting_batch& batch,
                              const std::exception& error) {
  auto failure = read_failure(error);
  if (failure.code == ec::unavailable) {
    report_failure(db, "a commit", error);
    return {all_ended(batch, commit_result::unavailable), {}};
  }
  db.forget_statements();
  if (batch.size() > 1)
    return commit_one_by_one(db, batch);
  if (failure.constraint == "postings_idempotency_key")
    return {all_ended(batch, commit_result::key_conflict), {}};
  if (failure.constraint == "inventory_sold_once")
    return {known_or(db, batch.front(), commit_result::stock_conflict), {}};
  if (failure.constraint != "postings_pkey")
    report_failure(db, "a posting", error);
  return {known_or(db, batch.front(), commit_result::poisoned), {}};
}

} // namespace

committed_batch commit_batch(database& db, const posting_batch& batch) {
  try {
    auto results = commit_postings(db, batch);
    // The effect may be stale only because this very posting was done before.
    if (batch.size() == 1 && results.front() != commit_result::committed)
      return {known_or(db, batch.front(), results.front()), {}};
    return {with_results(batch, results), {}};
  } catch (const commit_unknown& lost) {
    return after_loss(db, batch, lost);
  } catch (const std::exception& error) {
    return after_failure(db, batch, error);
  }
}

} // namespace meisim
