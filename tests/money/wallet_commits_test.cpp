#include "tests/money/wallet_fixture.hpp"

// What a wallet does after each way in which a commit can end.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(wallet_commits_suite, wallet_fixture)

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
  for (auto* again : {&early, &late})
    BOOST_TEST((again->code() == ec::outcome_unknown));
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
  // What was decided in memory was not done a second time.
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

BOOST_AUTO_TEST_SUITE_END()
