#include "actors/money/wallet.hpp"
#include "tests/fixtures/actors.hpp"

#include <algorithm>
#include <deque>

// The wallet's decisions, with a ledger writer whose every commit ends as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

constexpr auto dollars(int64_t amount) {
  return money::from_cents(amount * 100);
}

/// The balance that a receipt tells.
int64_t cents_told(const receipt& what) {
  return std::get<balance_receipt>(what.told).balance.cents();
}

/// What the wallet sees of the database.
struct ledger_script {
  wallet_position position{dollars(100), 0, {}};
  /// Commits under way, oldest first, and who wants to know of them.
  std::deque<std::shared_ptr<const decided_posting>> commits;
  caf::strong_actor_ptr wallet;
  std::unordered_map<std::string, stored_receipt> receipts;
  /// By the posting's id.
  std::unordered_map<posting_id, stored_receipt> done;
  int loads = 0;
  bool is_down = false;
};

struct fixture : actor_fixture {
  std::shared_ptr<ledger_script> script = std::make_shared<ledger_script>();
  dealer_id dealer = dealer_id::make();
  wallet_actor sut;

  fixture() {
    auto known = script;
    ledger_writer_actor writer =
      spawn([known](ledger_writer_actor::pointer me) -> ledger_writer_actor::behavior_type {
        return {[known, me](const commit_order& order) {
                  known->commits.push_back(order.posting);
                  known->wallet = me->current_sender();
                },
                [](flush_atom) {}, [](tick_atom) {}};
      });
    wallet_memory_actor memory =
      spawn([known](wallet_memory_actor::pointer) -> wallet_memory_actor::behavior_type {
        return {[known](const load_wallet&) -> caf::result<wallet_position> {
                  ++known->loads;
                  if (known->is_down)
                    return make_error(ec::unavailable);
                  return known->position;
                },
                [known](const find_receipt& question) {
                  return question.idempotency_key.empty()
                           ? known->done[question.posting]
                           : known->receipts[question.idempotency_key];
                }};
      });
    sut = spawn(wallet, dealer, writer, memory, entity_terms{60s});
    settle();
  }

  posting debit(money amount, std::string key = {}, std::string hash = {}) {
    posting result;
    result.id = posting_id::make();
    result.dealer = dealer;
    result.lines.push_back({entry_type::debit, -amount, "test", {}});
    result.idempotency_key = std::move(key);
    result.request_hash = std::move(hash);
    return result;
  }

  pending_answer<receipt> submit(posting what) {
    auto answer = ask<receipt>(system, sut, std::move(what));
    settle();
    return answer;
  }

  /// Ends the oldest `count` commits in one report; a committed one moves the position of the
  /// database, and one that is `unknown` will have to end once more.
  void end_commits(size_t count, commit_result how, const stored_receipt& known = {}) {
    commit_report report;
    for (; count > 0; --count) {
      BOOST_REQUIRE(!script->commits.empty());
      auto commit = script->commits.front();
      script->commits.pop_front();
      if (how == commit_result::committed) {
        const auto& last = commit->transfers.back();
        script->position = {last.balance_after, last.seq, last.chain};
      }
      if (how == commit_result::unknown)
        script->commits.push_back(commit);
      report.outcomes.push_back({commit->what.id, how, known});
    }
    self->send(caf::actor_cast<wallet_actor>(script->wallet), report);
    settle();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wallet_suite, fixture)

BOOST_AUTO_TEST_CASE(a_posting_is_answered_only_after_its_commit) {
  auto answer = submit(debit(dollars(30)));
  BOOST_TEST(!answer.has_ended());
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(answer.get()) == 70'00);
}

BOOST_AUTO_TEST_CASE(a_posting_that_was_done_before_is_not_refused_for_the_money_that_it_took) {
  auto what = debit(dollars(100));
  // Its first owner committed it, and died before it could say so.
  script->position = {dollars(0), 1, {}};
  script->done[what.id] = {{what.id, ec::none, balance_receipt{dollars(7)}, false}, {}};
  auto answer = submit(what);
  BOOST_TEST(cents_told(answer.get()) == 7'00);
  BOOST_TEST(script->commits.empty());
}

BOOST_AUTO_TEST_CASE(a_posting_that_comes_twice_at_once_is_answered_alike) {
  auto what = debit(dollars(100));
  auto first = submit(what);
  // The client no longer waits for the answer.
  auto again = submit(what);
  script->done[what.id] = {{what.id, ec::none, balance_receipt{dollars(7)}, false}, {}};
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(first.get()) == 0);
  BOOST_TEST(cents_told(again.get()) == 7'00);
  BOOST_TEST(script->commits.empty());
}

BOOST_AUTO_TEST_CASE(a_posting_that_the_balance_does_not_cover_is_refused_with_both_amounts) {
  auto answer = submit(debit(dollars(101)));
  BOOST_TEST((answer.code() == ec::insufficient_funds));
  auto amounts = shortfall_of(**answer.failure);
  BOOST_TEST(amounts.balance.cents() == 10'000);
  BOOST_TEST(amounts.required.cents() == 10'100);
  BOOST_TEST(script->commits.empty());
}

BOOST_AUTO_TEST_CASE(postings_are_decided_on_top_of_those_whose_commit_is_under_way) {
  auto first = submit(debit(dollars(60)));
  auto second = submit(debit(dollars(60)));
  auto third = submit(debit(dollars(40)));
  BOOST_REQUIRE_EQUAL(script->commits.size(), 2u);
  BOOST_TEST(script->commits[1]->expected.version == 1);
  BOOST_TEST(script->commits[1]->transfers.front().seq == 2);
  // That the commits end well proves that the wallet remembers right.
  BOOST_TEST(!second.has_ended());
  end_commits(2, commit_result::committed);
  BOOST_TEST((second.code() == ec::insufficient_funds));
  BOOST_TEST(cents_told(third.get()) == 0);
}

BOOST_AUTO_TEST_CASE(a_reversed_card_payment_may_take_what_is_not_there) {
  posting reversal;
  reversal.id = posting_id::make();
  reversal.dealer = dealer;
  reversal.lines.push_back({entry_type::debit, -dollars(130), "refunded", {}});
  stripe_reversed what;
  what.taken = dollars(130);
  reversal.what = what;
  auto reversed = submit(reversal);
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(reversed.get()) == -30'00);
  // Until it is positive again, nothing else may leave the wallet.
  auto refused = submit(debit(money::from_cents(1)));
  BOOST_TEST((refused.code() == ec::insufficient_funds));
  BOOST_TEST(shortfall_of(**refused.failure).balance.cents() == -30'00);
  auto saved = debit(-dollars(31));
  saved.lines.front().type = entry_type::topup;
  submit(saved);
  auto accepted = submit(debit(dollars(1)));
  end_commits(2, commit_result::committed);
  BOOST_TEST(cents_told(accepted.get()) == 0);
}

BOOST_AUTO_TEST_CASE(nobody_is_refused_for_money_that_came_in_elsewhere) {
  submit(debit(dollars(90)));
  end_commits(1, commit_result::committed);
  script->position = {dollars(60), 2, sha256("another node")};
  submit(debit(dollars(50)));
  BOOST_TEST(script->loads == 2);
  BOOST_REQUIRE_EQUAL(script->commits.size(), 1u);
  BOOST_TEST(script->commits.front()->expected.version == 2);
}

BOOST_AUTO_TEST_CASE(a_refusal_waits_for_the_commits_that_prove_it) {
  auto small = submit(debit(dollars(60)));
  auto large = submit(debit(dollars(70)));
  script->position = {dollars(500), 9, sha256("another node")};
  end_commits(1, commit_result::wallet_conflict);
  BOOST_REQUIRE_EQUAL(script->commits.size(), 2u);
  end_commits(2, commit_result::committed);
  BOOST_TEST(cents_told(small.get()) == 440'00);
  BOOST_TEST(cents_told(large.get()) == 370'00);
}

BOOST_AUTO_TEST_CASE(the_price_guard_wins_over_missing_funds) {
  auto what = debit(dollars(500));
  what.ceiling = dollars(200);
  BOOST_TEST((submit(what).code() == ec::price_too_high));
}

BOOST_AUTO_TEST_CASE(after_a_conflict_the_wallet_reloads_and_decides_again) {
  auto answer = submit(debit(dollars(80)));
  // Somebody else took fifty meanwhile.
  script->position = {dollars(50), 7, sha256("elsewhere")};
  end_commits(1, commit_result::wallet_conflict);
  BOOST_TEST(script->loads == 2);
  BOOST_TEST((answer.code() == ec::insufficient_funds));
}

BOOST_AUTO_TEST_CASE(after_a_conflict_the_new_decision_stands_on_what_was_loaded) {
  auto answer = submit(debit(dollars(20)));
  script->position = {dollars(50), 7, sha256("elsewhere")};
  end_commits(1, commit_result::wallet_conflict);
  BOOST_REQUIRE_EQUAL(script->commits.size(), 1u);
  BOOST_TEST(script->commits[0]->expected.version == 7);
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(answer.get()) == 30'00);
}

BOOST_AUTO_TEST_CASE(nothing_is_decided_between_a_conflict_and_the_end_of_all_commits_under_way) {
  auto first = submit(debit(dollars(10)));
  auto second = submit(debit(dollars(10)));
  end_commits(1, commit_result::wallet_conflict);
  auto third = submit(debit(dollars(10)));
  BOOST_TEST(script->loads == 1);
  BOOST_TEST(script->commits.size() == 1u);
  end_commits(1, commit_result::wallet_conflict);
  BOOST_TEST(script->loads == 2);
  BOOST_REQUIRE_EQUAL(script->commits.size(), 3u);
  end_commits(3, commit_result::committed);
  // In the order of their arrival.
  BOOST_TEST(cents_told(first.get()) == 90'00);
  BOOST_TEST(cents_told(second.get()) == 80'00);
  BOOST_TEST(cents_told(third.get()) == 70'00);
}

BOOST_AUTO_TEST_CASE(a_poisoned_posting_fails_alone) {
  auto bad = submit(debit(dollars(10)));
  auto neighbour = submit(debit(dollars(20)));
  end_commits(1, commit_result::poisoned);
  end_commits(1, commit_result::wallet_conflict);
  BOOST_TEST((bad.code() == ec::internal));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(neighbour.get()) == 80'00);
}

BOOST_AUTO_TEST_CASE(an_unavailable_database_is_told_and_the_next_posting_loads_anew) {
  auto answer = submit(debit(dollars(10)));
  script->is_down = true;
  end_commits(1, commit_result::unavailable);
  BOOST_TEST((answer.code() == ec::unavailable));
  BOOST_TEST((submit(debit(dollars(10))).code() == ec::unavailable));
  script->is_down = false;
  auto next = submit(debit(dollars(10)));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(next.get()) == 90'00);
}

BOOST_AUTO_TEST_CASE(nobody_waits_behind_a_commit_whose_fate_is_unknown) {
  auto lost = submit(debit(dollars(10)));
  auto behind = submit(debit(dollars(20)));
  end_commits(1, commit_result::unknown);
  end_commits(1, commit_result::unavailable);
  BOOST_TEST((behind.code() == ec::unavailable));
  BOOST_TEST((submit(debit(dollars(30))).code() == ec::unavailable));
  BOOST_TEST(!lost.has_ended());
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(lost.get()) == 90'00);
  auto next = submit(debit(dollars(40)));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(next.get()) == 50'00);
}

BOOST_AUTO_TEST_CASE(a_repeat_of_what_is_in_doubt_is_not_told_that_nothing_was_done) {
  auto what = debit(dollars(10));
  auto lost = submit(what);
  // One is decided before the wallet hears of the loss, and one comes after it.
  auto early = submit(what);
  end_commits(1, commit_result::unknown);
  auto late = submit(what);
  end_commits(1, commit_result::unavailable);
  for (auto* again : {&early, &late}) {
    BOOST_TEST((again->code() == ec::unavailable));
    BOOST_TEST(message_of(**again->failure).find("not known") != std::string::npos);
  }
  BOOST_TEST(!lost.has_ended());
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(lost.get()) == 90'00);
}

BOOST_AUTO_TEST_CASE(a_lost_commit_that_never_took_place_leaves_the_money) {
  auto lost = submit(debit(dollars(10)));
  end_commits(1, commit_result::unknown);
  end_commits(1, commit_result::unavailable);
  BOOST_TEST((lost.code() == ec::unavailable));
  auto next = submit(debit(dollars(40)));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(next.get()) == 60'00);
}

BOOST_AUTO_TEST_CASE(a_posting_that_is_already_there_is_a_success_with_the_first_answer) {
  auto answer = submit(debit(dollars(10)));
  stored_receipt known;
  known.what.told = balance_receipt{dollars(7)};
  end_commits(1, commit_result::already_there, known);
  BOOST_TEST(cents_told(answer.get()) == 7'00);
  // What was decided in memory did not happen again.
  auto next = submit(debit(dollars(100)));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(next.get()) == 0);
}

BOOST_AUTO_TEST_CASE(two_owners_cannot_overtake_each_other_for_ever) {
  auto answer = submit(debit(dollars(1)));
  for (int i = 0; i < 20 && !answer.has_ended(); ++i)
    end_commits(1, commit_result::wallet_conflict);
  BOOST_TEST((answer.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_repeated_key_waits_for_the_first_answer_and_moves_no_money) {
  auto first = submit(debit(dollars(10), "key", "hash"));
  auto repeat = submit(debit(dollars(10), "key", "hash"));
  BOOST_TEST(script->commits.size() == 1u);
  end_commits(1, commit_result::committed);
  BOOST_TEST(!first.get().replayed);
  BOOST_TEST(repeat.get().replayed);
  BOOST_TEST(cents_told(repeat.get()) == cents_told(first.get()));
}

BOOST_AUTO_TEST_CASE(a_key_with_another_body_is_a_conflict_while_under_way_and_afterwards) {
  auto first = submit(debit(dollars(10), "key", "hash"));
  BOOST_TEST((submit(debit(dollars(10), "key", "other")).code() == ec::conflict));
  end_commits(1, commit_result::committed);
  script->receipts["key"] = {first.get(), "hash"};
  BOOST_TEST((submit(debit(dollars(10), "key", "other")).code() == ec::conflict));
  BOOST_TEST(submit(debit(dollars(10), "key", "hash")).get().replayed);
  BOOST_TEST(script->commits.empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_that_has_waited_long_enough_is_told_so) {
  auto first = submit(debit(dollars(10), "key", "hash"));
  auto repeat = submit(debit(dollars(10), "key", "hash"));
  advance(4s);
  BOOST_TEST(!repeat.has_ended());
  advance(2s);
  BOOST_TEST((repeat.code() == ec::in_progress));
  end_commits(1, commit_result::committed);
  BOOST_TEST(cents_told(first.get()) == 90'00);
}

BOOST_AUTO_TEST_CASE(a_refused_request_leaves_its_key_free) {
  BOOST_TEST((submit(debit(dollars(500), "key", "hash")).code() == ec::insufficient_funds));
  auto again = submit(debit(dollars(10), "key", "hash"));
  end_commits(1, commit_result::committed);
  BOOST_TEST(!again.get().replayed);
}

BOOST_AUTO_TEST_CASE(a_key_that_another_owner_has_used_meanwhile_is_answered_from_the_ledger) {
  auto answer = submit(debit(dollars(10), "key", "hash"));
  script->receipts["key"].what.told = balance_receipt{dollars(7)};
  script->receipts["key"].request_hash = "hash";
  end_commits(1, commit_result::key_conflict);
  BOOST_TEST(cents_told(answer.get()) == 7'00);
  BOOST_TEST(answer.get().replayed);
}

BOOST_AUTO_TEST_CASE(each_transfer_chains_to_the_one_before) {
  submit(debit(dollars(10)));
  submit(debit(dollars(10)));
  BOOST_REQUIRE_EQUAL(script->commits.size(), 2u);
  const auto& first = *script->commits[0];
  const auto& second = *script->commits[1];
  BOOST_TEST((chain_transfer({}, first.what.id, dealer, first.transfers[0], first.decided_at)
              == first.transfers[0].chain));
  BOOST_TEST((chain_transfer(first.transfers[0].chain, second.what.id, dealer, second.transfers[0],
                             second.decided_at)
              == second.transfers[0].chain));
}

BOOST_AUTO_TEST_CASE(an_idle_wallet_leaves_and_a_busy_one_stays) {
  auto answer = submit(debit(dollars(10)));
  advance(61s);
  self->send(sut, retire_atom_v);
  settle();
  end_commits(1, commit_result::committed);
  BOOST_TEST(answer.has_ended());
  self->send(sut, retire_atom_v);
  settle();
  BOOST_TEST((submit(debit(dollars(10))).failure->value() == caf::sec::request_receiver_down));
}

BOOST_AUTO_TEST_SUITE_END()
