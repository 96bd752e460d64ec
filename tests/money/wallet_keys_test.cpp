#include "tests/money/wallet_fixture.hpp"

// What a wallet does with a request that comes again under its idempotency key.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(wallet_keys_suite, wallet_fixture)

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

BOOST_AUTO_TEST_CASE(who_asks_what_became_of_a_key_waits_for_the_request_that_is_under_way) {
  auto asked = [this](const std::string& key, const std::string& hash) {
    auto answer = ask<receipt>(system, sut, find_answer{dealer, key, hash});
    settle();
    return answer;
  };
  BOOST_TEST((asked("key", "hash").code() == ec::not_found));
  auto first = submit(debit(dollars(10), "key", "hash"));
  auto waiting = asked("key", "hash");
  BOOST_TEST(!waiting.has_ended());
  BOOST_TEST((asked("key", "other").code() == ec::conflict));
  end_commits(1, commit_result::committed);
  BOOST_TEST(waiting.get().replayed);
  BOOST_TEST(cents_told(waiting.get()) == cents_told(first.get()));
  script->receipts["key"] = {first.get(), "hash"};
  BOOST_TEST(asked("key", "hash").get().replayed);
  BOOST_TEST((asked("key", "other").code() == ec::conflict));
  script->is_forgetful = true;
  BOOST_TEST((asked("another", "hash").code() != ec::not_found));
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

BOOST_AUTO_TEST_CASE(a_key_whose_order_took_the_money_elsewhere_is_not_told_that_it_is_missing) {
  auto what = debit(dollars(100), "key-1", "hash");
  // The key is not known yet when it is asked for; then another owner commits under it.
  script->before_load = [this] {
    script->position = {dollars(0), 1, {}};
    script->receipts["key-1"] = {{posting_id::make(), ec::none, balance_receipt{dollars(7)}, false},
                                 "hash"};
  };
  auto answer = submit(what);
  BOOST_TEST(cents_told(answer.get()) == 7'00);
  BOOST_TEST(answer.get().replayed);
}

BOOST_AUTO_TEST_CASE(who_cannot_be_looked_up_is_not_told_that_nothing_was_done) {
  script->position = {dollars(0), 1, {}};
  auto what = debit(dollars(100));
  script->before_load = [this] { script->is_forgetful = true; };
  BOOST_TEST((submit(what).code() == ec::outcome_unknown));
}

BOOST_AUTO_TEST_SUITE_END()
