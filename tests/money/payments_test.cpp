#include "tests/money/some_payment.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <tuple>

// What an event of Stripe asks of the wallet.

using namespace meisim;
using namespace meisim::test;

namespace {

stripe_event event_of(stripe_event_kind kind, std::vector<stripe_movement> movements = {}) {
  stripe_event event;
  event.kind = kind;
  event.id = "evt_1";
  event.intent = "pi_1";
  event.movements = std::move(movements);
  return event;
}

const auto paid = event_of(stripe_event_kind::paid);

stripe_event moved(std::vector<stripe_movement> movements) {
  return event_of(stripe_event_kind::moved, std::move(movements));
}

/// What a charge says was refunded of it so far.
stripe_event refund_of(int64_t gross) {
  return moved({{"ch_1", movement_kind::refund_sum, cents(gross), {}, false}});
}

/// Takes what the step says into the payment, as its commit does.
void apply(stripe_payment& payment, const stripe_movement& movement, int64_t version) {
  BOOST_TEST(version == payment.version);
  std::erase_if(payment.movements, [&](const auto& known) { return known.id == movement.id; });
  payment.movements.push_back(movement);
  ++payment.version;
}

/// Does all that an event asks for; what the wallet is moved by.
int64_t take(stripe_payment& payment, const stripe_event& event) {
  int64_t moved_by = 0;
  while (true) {
    auto next = next_payment_step(payment, event);
    if (auto* note = std::get_if<note_movement>(&next)) {
      apply(payment, note->movement, note->payment_version);
      continue;
    }
    auto* what = std::get_if<posting>(&next);
    if (!what)
      return moved_by;
    moved_by += sum(what->lines).cents();
    if (auto* reversed = std::get_if<stripe_reversed>(&what->what))
      apply(payment, reversed->movement, reversed->payment_version);
    else
      payment.version = 1;
  }
}

/// What the wallet is left with after these events, in this order.
int64_t left_after(const std::vector<stripe_event>& events) {
  auto payment = some_payment();
  int64_t balance = 0;
  for (const auto& event : events)
    balance += take(payment, event);
  return balance;
}

/// What happened at Stripe, told by these events, and what the wallet has to be left with.
struct history {
  const char* name;
  std::vector<stripe_event> events;
  int64_t left;
};

const std::vector<history> histories{
  {"a refund that failed",
   {paid, moved({refund("re_1", 50'00)}), refund_of(50'00), moved({refund("re_1", 50'00, true)})},
   100'00},
  {"a refund that failed, and a second one",
   {paid, moved({refund("re_1", 50'00)}), refund_of(50'00), moved({refund("re_1", 50'00, true)}),
    moved({refund("re_2", 50'00)}), refund_of(50'00)},
   50'00},
  {"refunds beyond the net amount, of which the first failed",
   {paid, moved({refund("re_1", 60'00)}), moved({refund("re_2", 43'30)}),
    moved({refund("re_1", 60'00, true)}), refund_of(103'30)},
   56'70},
  {"two refunds that only the charge tells of", {paid, refund_of(20'00), refund_of(50'00)}, 50'00},
  {"refunds that both tell of",
   {paid, refund_of(20'00), moved({refund("re_1", 20'00)}), refund_of(50'00),
    moved({refund("re_2", 30'00)})},
   50'00},
  {"a dispute that was lost, with its fee",
   {paid, moved({disputed("txn_1", 103'30, 15'00)}), moved({disputed("txn_1", 103'30, 15'00)})},
   -15'00},
  {"a dispute that was won, and its fee given back",
   {paid, moved({disputed("txn_1", 103'30, 15'00)}),
    moved({disputed("txn_1", 103'30, 15'00), disputed("txn_2", -103'30, -15'00)})},
   100'00},
  {"money that is withdrawn again after it was reinstated",
   {paid, moved({disputed("txn_1", 103'30)}),
    moved({disputed("txn_1", 103'30), disputed("txn_2", -103'30)}),
    moved({disputed("txn_1", 103'30), disputed("txn_2", -103'30), disputed("txn_3", 103'30)})},
   0},
  {"a dispute after a part was refunded",
   {paid, moved({refund("re_1", 60'00)}), moved({disputed("txn_1", 43'30)}),
    moved({disputed("txn_1", 43'30), disputed("txn_2", -43'30)})},
   40'00},
  {"a refund of all, and then of the fees",
   {paid, moved({refund("re_1", 100'00)}), moved({refund("re_2", 3'30)}),
    moved({refund("re_1", 100'00, true)})},
   96'70},
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_suite)

BOOST_AUTO_TEST_CASE(a_payment_is_credited_once_whatever_comes) {
  BOOST_TEST(left_after({paid}) == 100'00);
  BOOST_TEST(left_after({paid, paid, paid}) == 100'00);
  BOOST_TEST(left_after({event_of(stripe_event_kind::other)}) == 0);
}

BOOST_AUTO_TEST_CASE(refunds_take_what_they_gave_back_until_the_net_amount_is_gone) {
  BOOST_TEST(left_after({paid, refund_of(30'00)}) == 70'00);
  BOOST_TEST(left_after({paid, refund_of(30'00), refund_of(50'00)}) == 50'00);
  BOOST_TEST(left_after({paid, refund_of(50'00), refund_of(30'00), refund_of(50'00)}) == 50'00);
  BOOST_TEST(left_after({paid, refund_of(103'30), refund_of(103'30)}) == 0);
  BOOST_TEST(left_after({paid, refund_of(100'00), refund_of(103'30)}) == 0);
}

BOOST_AUTO_TEST_CASE(a_refund_before_the_payment_ends_the_same) {
  BOOST_TEST(left_after({refund_of(30'00), paid}) == 70'00);
  BOOST_TEST(left_after({refund_of(103'30), paid, paid}) == 0);
}

BOOST_AUTO_TEST_CASE(a_dispute_takes_and_gives_back_once) {
  auto lost = moved({disputed("dp_1", 103'30)});
  auto won = lost;
  won.movements.front().is_undone = true;
  BOOST_TEST(left_after({paid, lost, lost}) == 0);
  BOOST_TEST(left_after({paid, lost, won, won, lost}) == 100'00);
  BOOST_TEST(left_after({won, lost, paid}) == 100'00);
  BOOST_TEST(left_after({paid, refund_of(60'00), lost}) == 0);
  BOOST_TEST(left_after({paid, refund_of(60'00), lost, won}) == 40'00);
}

BOOST_AUTO_TEST_CASE(whatever_the_order_and_however_often_the_wallet_ends_the_same) {
  std::mt19937 random{20261129};
  for (const auto& [name, events, left] : histories)
    for (int round = 0; round < 500; ++round) {
      auto told = events;
      for (size_t extra = random() % 5; extra > 0; --extra)
        told.push_back(events[random() % events.size()]);
      std::ranges::shuffle(told, random);
      BOOST_REQUIRE_MESSAGE(left_after(told) == left, name << ", round " << round);
      // All of it once more changes nothing.
      told.insert(told.end(), events.begin(), events.end());
      BOOST_REQUIRE_MESSAGE(left_after(told) == left, name << " told again, round " << round);
    }
}

BOOST_AUTO_TEST_CASE(the_same_cause_makes_the_same_posting) {
  auto payment = some_payment();
  auto step = [&](const stripe_event& event) {
    return std::get<posting>(next_payment_step(payment, event)).id;
  };
  auto first = step(paid);
  BOOST_TEST((step(refund_of(5)) == first));
  payment.version = 1;
  BOOST_TEST((step(refund_of(5)) != first));
  BOOST_TEST((step(refund_of(5)) == step(refund_of(5))));
  BOOST_TEST((step(refund_of(5)) != step(refund_of(6))));
  BOOST_TEST((step(moved({refund("re_1", 5)})) != step(moved({refund("re_2", 5)}))));
}

BOOST_AUTO_TEST_CASE(a_movement_that_takes_nothing_is_kept_all_the_same) {
  auto payment = some_payment();
  take(payment, paid);
  BOOST_TEST(take(payment, moved({refund("re_1", 100'00)})) == -100'00);
  auto next = next_payment_step(payment, moved({refund("re_2", 3'30)}));
  BOOST_TEST(std::holds_alternative<note_movement>(next));
}

BOOST_AUTO_TEST_CASE(the_fee_of_a_dispute_is_a_line_of_its_own) {
  auto payment = some_payment();
  take(payment, paid);
  auto next = next_payment_step(payment, moved({disputed("txn_1", 103'30, 15'00)}));
  const auto& lines = std::get<posting>(next).lines;
  BOOST_REQUIRE_EQUAL(lines.size(), 2u);
  BOOST_TEST(lines[0].amount.cents() == -100'00);
  BOOST_TEST(lines[1].amount.cents() == -15'00);
  BOOST_TEST(lines[1].description == "Fee of a card dispute");
}

BOOST_AUTO_TEST_CASE(an_event_must_fit_the_payment_that_it_names) {
  auto payment = some_payment();
  auto event = paid;
  event.session = "cs_test_1";
  event.amount = payment.gross;
  event.currency = "usd";
  BOOST_TEST(payment_mismatch(event, payment) == "");
  auto wrong = event;
  wrong.session = "cs_test_2";
  BOOST_TEST(payment_mismatch(wrong, payment) != "");
  wrong = event;
  wrong.intent = "pi_2";
  BOOST_TEST(payment_mismatch(wrong, payment) != "");
  wrong = event;
  wrong.amount = payment.gross - cents(1);
  BOOST_TEST(payment_mismatch(wrong, payment) != "");
  wrong = event;
  wrong.currency = "jpy";
  BOOST_TEST(payment_mismatch(wrong, payment) != "");
  payment.kind = payment_kind::intent;
  BOOST_TEST(payment_mismatch(event, payment) != "");
}

BOOST_AUTO_TEST_SUITE_END()
