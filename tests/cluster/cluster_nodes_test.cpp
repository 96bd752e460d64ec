#include "tests/cluster/wallet_cluster.hpp"

#include <algorithm>

// Where entities belong while nodes come, go and lose one another: several actor systems, one
// database.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

const pool_name att{"att", "qr"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_nodes, wallet_cluster)

BOOST_AUTO_TEST_CASE(whichever_node_is_asked_one_wallet_decides) {
  add("a");
  add("b");
  add("c");
  auto dealer = add_dealer(1'000);
  std::vector<pending_answer<receipt>> answers;
  for (int round = 0; round < 3; ++round)
    for (auto& node : nodes)
      answers.push_back(pay(*node, dealer));
  end_all_commits();
  for (const auto& answer : answers)
    answer.get();
  BOOST_TEST(balance_of(dealer) == 100);
  BOOST_TEST(db->wallet_loads == 1);
}

BOOST_AUTO_TEST_CASE(every_node_answers_about_one_pool) {
  auto& a = add("a");
  auto& b = add("b");
  nodes.front()->add_stock(3);
  auto dealer = add_dealer();
  std::vector<pending_answer<receipt>> answers;
  for (auto* node : {&a, &b, &a}) {
    purchase wish;
    wish.id = posting_id::make();
    wish.dealer = dealer;
    wish.sku = sku_id::make();
    wish.pool = att;
    wish.quantity = 1;
    wish.unit_price = money::from_cents(100);
    wish.ceiling = money::from_cents(1'000);
    answers.push_back(ask_from<pool_actor, receipt>(*node, pool_atom_v, att, wish));
  }
  end_all_commits();
  for (const auto& answer : answers)
    answer.get();
  BOOST_TEST(db->sold.size() == 3u);
  auto counts = ask_from<pool_actor, stock_counts>(b, pool_atom_v, att, count_pool{att});
  BOOST_TEST(counts.get().available == 0);
}

BOOST_AUTO_TEST_CASE(a_node_that_joins_takes_its_share_and_nothing_else_moves) {
  add("a");
  add("b");
  auto dealers = many_dealers(600);
  auto before = owners_of(dealers);
  add("c");
  advance(2s);
  auto after = owners_of(dealers);
  size_t moved = 0;
  for (size_t i = 0; i < dealers.size(); ++i) {
    BOOST_TEST(!after[i].empty());
    moved += before[i] != after[i];
    BOOST_TEST((before[i] == after[i] || after[i] == "c"));
  }
  BOOST_TEST(moved > 0u);
  BOOST_TEST(moved < dealers.size() / 3 * 12 / 10);
}

BOOST_AUTO_TEST_CASE(what_is_committing_when_its_wallet_moves_is_done_once) {
  auto& a = add("a");
  auto dealers = many_dealers(20);
  std::vector<posting> postings;
  std::vector<pending_answer<receipt>> answers;
  for (auto dealer : dealers) {
    postings.push_back(debit(dealer));
    answers.push_back(pay(a, postings.back()));
  }
  BOOST_TEST(db->commits.size() == dealers.size());
  auto& b = add("b");
  // The next requests go to the new owner, which does not know what the old one has under way.
  for (auto dealer : dealers)
    answers.push_back(pay(b, dealer));
  for (int i = 0; i < 50; ++i) {
    end_all_commits();
    advance(100ms);
  }
  for (const auto& answer : answers)
    answer.get();
  for (auto dealer : dealers)
    BOOST_TEST(balance_of(dealer) == 100'000 - 200);
}

BOOST_AUTO_TEST_CASE(a_node_that_drains_hands_over_and_still_answers) {
  auto& a = add("a");
  auto& b = add("b");
  auto dealer = dealer_of("a");
  auto under_way = pay(b, dealer);
  *a.drain = true;
  auto gone = ask<done>(a.system, a.members, leave_atom_v);
  settle();
  advance(200ms);
  // What is committing ends first.
  BOOST_TEST(!gone.has_ended());
  end_all_commits();
  advance(500ms);
  BOOST_TEST(gone.has_ended());
  under_way.get();
  BOOST_TEST(owner_of_wallet(dealer) == "b");
  auto later = pay(a, dealer);
  end_all_commits();
  later.get();
  BOOST_TEST(balance_of(dealer) == 100'000 - 200);
}

BOOST_AUTO_TEST_CASE(the_last_node_keeps_what_it_has_when_it_drains) {
  auto& a = add("a");
  *a.drain = true;
  advance(2s);
  auto dealer = add_dealer();
  auto answer = pay(a, dealer);
  end_all_commits();
  answer.get();
}

BOOST_AUTO_TEST_CASE(after_a_death_the_others_answer_within_seconds_and_once) {
  auto& a = add("a");
  add("b");
  add("c");
  auto dealer = dealer_of("c");
  auto what = debit(dealer);
  auto answer = pay(a, what);
  BOOST_TEST(db->commits.size() == 1u);
  kill("c");
  for (int i = 0; i < 20 && !answer.has_ended(); ++i) {
    advance(100ms);
    end_all_commits();
  }
  answer.get();
  BOOST_TEST(balance_of(dealer) == 100'000 - 100);
}

BOOST_AUTO_TEST_CASE(what_a_dying_node_has_committed_is_a_success_though_the_money_is_gone) {
  auto& a = add("a");
  add("b");
  add("c");
  auto dealer = dealer_of("c");
  auto answer = pay(a, debit(dealer, 100'000));
  BOOST_REQUIRE(db->commits.size() == 1u);
  BOOST_TEST((db->verify(*db->commits.front().what) == commit_result::committed));
  kill("c");
  for (int i = 0; i < 30 && !answer.has_ended(); ++i) {
    advance(100ms);
    end_all_commits();
  }
  answer.get();
  BOOST_TEST(balance_of(dealer) == 0);
}

BOOST_AUTO_TEST_CASE(a_node_that_loses_the_database_owns_nothing_after_five_seconds) {
  auto& a = add("a");
  auto& b = add("b");
  auto dealer = dealer_of("b");
  auto first = pay(b, dealer);
  end_all_commits();
  first.get();
  table->cut_off.insert("b");
  advance(4s);
  BOOST_TEST(owner_of_wallet(dealer) == "b");
  advance(2s);
  BOOST_TEST(b.metrics->active_wallets.Value() == 0);
  BOOST_TEST(owner_of_wallet(dealer) == "a");
  // Its callers are answered by the other node.
  auto second = pay(b, dealer);
  end_all_commits();
  second.get();
  auto third = pay(a, dealer);
  end_all_commits();
  third.get();
  table->cut_off.clear();
  advance(2s);
  BOOST_TEST(owner_of_wallet(dealer) == "b");
}

BOOST_AUTO_TEST_CASE(a_node_that_wakes_up_decides_nothing_by_its_old_memory) {
  add("a");
  auto& b = add("b");
  auto dealer = dealer_of("b");
  auto first = pay(b, dealer);
  end_all_commits();
  first.get();
  auto found = ask<wallet_actor>(b.system, b.here, wallet_atom_v, dealer, lookup{0, true});
  settle();
  auto wallet = found.get();
  // Time has passed while the node stood still.
  b.scheduler.clock().current_time += 20s;
  auto late = ask<receipt>(b.system, wallet, debit(dealer));
  b.settle();
  BOOST_TEST((late.code() == ec::not_owner));
  BOOST_TEST(db->commits.empty());
}

BOOST_AUTO_TEST_CASE(a_rate_limit_holds_over_all_nodes_and_over_a_move) {
  auto& a = add("a");
  auto& b = add("b");
  auto dealer = dealer_of("a");
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST((knock(a, dealer).get().refusal == ec::none));
    BOOST_TEST((knock(b, dealer).get().refusal == ec::none));
  }
  BOOST_TEST((knock(a, dealer).get().refusal == ec::rate_limited));
  BOOST_TEST((knock(b, dealer).get().refusal == ec::rate_limited));
  *a.drain = true;
  advance(2s);
  BOOST_TEST(owner_of_wallet(dealer) == "b");
  BOOST_TEST((knock(a, dealer).get().refusal == ec::rate_limited));
  BOOST_TEST((knock(b, dealer).get().refusal == ec::rate_limited));
  advance(60s);
  BOOST_TEST((knock(b, dealer).get().refusal == ec::none));
}

BOOST_AUTO_TEST_CASE(an_address_is_counted_over_all_nodes) {
  auto& a = add("a");
  auto& b = add("b");
  auto visit_at = [&](cluster_node& node) {
    auto answer =
      ask_from<ip_limiter_actor, admission>(node, ip_limiter_atom_v, std::string{"10.1.2.3"},
                                            address_request{limit_class::otp_send, "10.1.2.3"});
    return answer.get().refusal;
  };
  for (int i = 0; i < 5; ++i)
    BOOST_TEST((visit_at(i % 2 == 0 ? a : b) == ec::none));
  BOOST_TEST((visit_at(a) == ec::rate_limited));
  BOOST_TEST((visit_at(b) == ec::rate_limited));
}

BOOST_AUTO_TEST_CASE(what_changes_at_one_node_is_news_to_the_owner_before_it_is_answered) {
  auto& a = add("a");
  auto& b = add("b");
  auto dealer = dealer_of("b");
  BOOST_TEST((knock(a, dealer).get().refusal == ec::none));
  db->dealers[dealer].snapshot.status = dealer_status::suspended;
  auto told = ask<done>(a.system, a.here, changed_atom_v, dealer, lookup{});
  settle();
  told.get();
  BOOST_TEST((knock(a, dealer).get().refusal == ec::forbidden));
  BOOST_TEST((knock(b, dealer).get().refusal == ec::forbidden));
}

BOOST_AUTO_TEST_CASE(two_nodes_that_lose_each_other_still_answer_and_the_money_is_right) {
  auto& a = add("a");
  add("b");
  auto& c = add("c");
  auto dealers = many_dealers(30);
  cut(a, c);
  std::vector<pending_answer<receipt>> answers;
  auto pay_all = [&] {
    for (auto dealer : dealers)
      for (auto& node : nodes)
        answers.push_back(pay(*node, dealer));
    for (int i = 0; i < 100; ++i) {
      end_all_commits();
      advance(100ms);
    }
  };
  pay_all();
  BOOST_TEST(relayed > 0);
  cuts.clear();
  advance(3s);
  pay_all();
  for (const auto& answer : answers)
    answer.get();
  for (auto dealer : dealers)
    BOOST_TEST(balance_of(dealer) == 100'000 - 600);
  BOOST_TEST(c.metrics->links.Value() == 2);
}

BOOST_AUTO_TEST_CASE(a_node_without_the_role_core_owns_nothing_and_answers_all) {
  auto& face = add("a", "http");
  add("b", "core");
  auto dealers = many_dealers(20);
  for (auto dealer : dealers)
    BOOST_TEST(owner_of_wallet(dealer) == "b");
  auto answer = pay(face, dealers.front());
  end_all_commits();
  answer.get();
}

BOOST_AUTO_TEST_CASE(a_node_joins_only_those_it_can_speak_to) {
  node_beat self;
  self.name = "b";
  self.speaks = {2, 3};
  cluster_member other{"a", make_uuid(), "10.0.0.1:1", {1, 2}, true, false};
  BOOST_TEST(reason_to_stay_out(self, {other}).value().find("certificate") != std::string::npos);
  self.cluster = "10.0.0.2:1";
  BOOST_TEST(!reason_to_stay_out(self, {other}));
  other.speaks = {1, 1};
  BOOST_TEST(
    reason_to_stay_out(self, {other}).value()
    == "node a speaks versions 1 to 1 of the nodes' protocol, this one 2 to 3: upgrade by way of a "
       "release in between");
  other.speaks = {2, 2};
  other.cluster = "";
  BOOST_TEST(reason_to_stay_out(self, {other}).value().find("start it with one")
             != std::string::npos);
  // The process before, under the same name, does not count.
  other.name = "b";
  BOOST_TEST(!reason_to_stay_out(self, {other}));
}

BOOST_AUTO_TEST_SUITE_END()
