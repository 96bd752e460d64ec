#include "tests/money/wallet_fixture.hpp"

#include <algorithm>

// What a wallet decides, from the balance in its memory.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(wallet_suite, wallet_fixture)

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

BOOST_AUTO_TEST_CASE(each_transfer_chains_to_the_one_before) {
  submit(debit(dollars(10)));
  submit(debit(dollars(10)));
  BOOST_REQUIRE_EQUAL(script->commits.size(), 2u);
  const auto& first = *script->commits[0];
  const auto& second = *script->commits[1];
  transfer_sides sides{"adjustments", ""};
  BOOST_TEST((chain_transfer({}, first.what.id, dealer, first.transfers[0], sides, first.decided_at)
              == first.transfers[0].chain));
  auto chain_with = [&](const transfer_sides& other) {
    return chain_transfer(first.transfers[0].chain, second.what.id, dealer, second.transfers[0],
                          other, second.decided_at);
  };
  BOOST_TEST((chain_with(sides) == second.transfers[0].chain));
  BOOST_TEST((chain_with({"cash", ""}) != second.transfers[0].chain));
  BOOST_TEST((chain_with({"adjustments", "cs_1"}) != second.transfers[0].chain));
}

// Chains that were written before have to be proved for ever.
BOOST_AUTO_TEST_CASE(a_link_of_the_chain_is_the_hash_of_a_text_that_never_changes) {
  transfer row;
  row.seq = 3;
  row.line = {entry_type::debit, money::from_cents(-650), "Order MM-1: 1 x b|c",
              order_id{uuid{0, 10}}};
  row.balance_after = money::from_cents(-50);
  posting_id posting{uuid{0x0198'f3a4'5b6c'7d8e, 0x9f01'2345'6789'abcd}};
  dealer_id owner{uuid{1, 0x8000'0000'0000'0002}};
  // Of 32 zero bytes, and
  // 0198f3a45b6c7d8e9f0123456789abcd|00000000000000018000000000000002|3|debit|
  // -650|-50|0000000000000000000000000000000a|-7|sales.orders|cs_1|Order MM-1: 1 x b|c
  BOOST_TEST(
    to_hex(chain_transfer({}, posting, owner, row, {"sales.orders", "cs_1"}, from_micros(-7)))
    == "66c426206052f71e92af4ad6d6826314ca68a0ea6fecd2a3d3637f14cd509d24");
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
