#pragma once

#include "tests/fixtures/memory_cluster.hpp"

#include <string>
#include <vector>

namespace meisim::test {

/// Several nodes over one database, with dealers who pay.
struct wallet_cluster : cluster_fixture {
  dealer_id add_dealer(int64_t cents = 100'000) {
    auto dealer = dealer_id::make();
    db->wallets[dealer] = {money::from_cents(cents), 0, {}};
    db->dealers[dealer].snapshot.id = dealer;
    db->dealers[dealer].snapshot.status = dealer_status::approved;
    return dealer;
  }

  static posting debit(dealer_id dealer, int64_t cents = 100) {
    posting result;
    result.id = posting_id::make();
    result.dealer = dealer;
    result.lines.push_back({entry_type::debit, money::from_cents(-cents), "test", {}});
    return result;
  }

  pending_answer<receipt> pay(cluster_node& at, const posting& what) {
    return ask_from<wallet_actor, receipt>(at, wallet_atom_v, what.dealer, what);
  }

  pending_answer<receipt> pay(cluster_node& at, dealer_id dealer) {
    return pay(at, debit(dealer));
  }

  pending_answer<admission> knock(cluster_node& at, dealer_id dealer) {
    admission_request question{{}, limit_class::revoke, true, false, dealer};
    return ask_from<dealer_actor, admission>(at, dealer_atom_v, dealer, question);
  }

  void end_all_commits() {
    while (!db->commits.empty()) {
      nodes.front()->end_commit();
      settle();
    }
  }

  int64_t balance_of(dealer_id dealer) const {
    return db->wallets[dealer].balance.cents();
  }

  /// A dealer whose entities belong to the node of this name.
  dealer_id dealer_of(const std::string& name) {
    for (;;) {
      auto dealer = add_dealer();
      if (owner_of_wallet(dealer) == name)
        return dealer;
    }
  }

  std::vector<std::string> owners_of(const std::vector<dealer_id>& dealers) {
    std::vector<std::string> result;
    for (auto dealer : dealers)
      result.push_back(owner_of_wallet(dealer));
    return result;
  }

  std::vector<dealer_id> many_dealers(size_t count) {
    std::vector<dealer_id> result;
    while (result.size() < count)
      result.push_back(add_dealer());
    return result;
  }
};

} // namespace meisim::test
