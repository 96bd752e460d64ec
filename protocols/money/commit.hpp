#pragma once

#include "protocols/base/crypto.hpp"
#include "protocols/money/posting.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace meisim {

/// A row of the ledger: one wallet's balance moved once, against one account of ours.
struct transfer {
  /// 1, 2, 3, … within the wallet, without a gap.
  int64_t seq = 0;
  ledger_line line;
  money balance_after;
  /// SHA-256 over the chain value of the wallet's transfer before and this one's content (see
  /// chain_transfer).
  sha256_digest chain{};
};

/// What else of a transfer the chain covers: our account on its other side, and what the dealer
/// sees as its Stripe session.
struct transfer_sides {
  std::string_view counter;
  std::string_view stripe_reference;
};

/// The chain value of `row`, which follows the one with the value `before`.
sha256_digest chain_transfer(const sha256_digest& before, posting_id posting, dealer_id dealer,
                             const transfer& row, const transfer_sides& sides, instant at);

/// A wallet as far as the ledger has committed it; a wallet without a transfer has the version 0
/// and a zero chain.
struct wallet_position {
  money balance;
  /// The seq of its last transfer.
  int64_t version = 0;
  sha256_digest chain{};
  /// Whether the dealer is told of changes.
  bool has_listeners = false;

  friend bool operator==(const wallet_position&, const wallet_position&) = default;
};

/// How does a wallet stand?
struct load_wallet {
  dealer_id dealer;
};

/// What was answered under this idempotency key, or to this posting if there is no key? A receipt
/// without an id means that nothing was answered yet.
struct find_receipt {
  dealer_id dealer;
  std::string idempotency_key;
  posting_id posting = {};
};

/// What was answered to the request under this idempotency key? Waits for one that is under way.
/// `not_found` if there is none, `conflict` if it was another request.
struct find_answer {
  dealer_id dealer;
  std::string idempotency_key;
  std::string request_hash;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, find_answer& x) {
  return f(caf::meta::type_name("find_answer"), x.dealer, x.idempotency_key, x.request_hash);
}

/// A posting that a wallet has decided. It remains to be committed.
struct decided_posting {
  posting what;
  receipt answer;
  /// What the decision stands on. The commit fails with a conflict if the database has another
  /// version, chain or `has_listeners`.
  wallet_position expected;
  /// None if nothing is paid.
  std::vector<transfer> transfers;
  instant decided_at;
};

/// Where the posting leaves its wallet.
wallet_position position_after(const decided_posting& what);

/// A decided posting on its way to the ledger writer of the same node.
struct commit_order {
  std::shared_ptr<const decided_posting> posting;
};

/// How the commit of a posting ended.
enum class commit_result : uint8_t {
  /// It is durable.
  committed,
  /// It already was: the receipt tells what it was answered with.
  already_there,
  /// Somebody else has changed the wallet: reload and decide again.
  wallet_conflict,
  /// The idempotency key has been used by another posting.
  key_conflict,
  /// One of the rows that the pool chose is gone.
  stock_conflict,
  /// The database refuses its content; nothing of it was done.
  poisoned,
  /// The database was away; nothing of it was done.
  unavailable,
  /// The answer to its commit was lost, and the database is away. Another report will tell what
  /// became of it.
  unknown,
};

struct commit_outcome {
  posting_id id;
  commit_result result = commit_result::committed;
  /// Only for `already_there`.
  stored_receipt known;
};

/// The outcomes of one wallet's postings in one transaction, in the order of their decision.
struct commit_report {
  std::vector<commit_outcome> outcomes;
};

} // namespace meisim
