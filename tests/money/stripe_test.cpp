#include "protocols/base/crypto.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_reconciliation.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <tuple>

// The fees of card payments, the signatures of events, and what events ask for.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

constexpr auto cents(int64_t value) {
  return money::from_cents(value);
}

stripe_payment some_payment() {
  stripe_payment payment;
  payment.id = payment_id::make();
  payment.dealer = dealer_id::make();
  payment.net = cents(100'00);
  payment.gross = cents(103'30);
  payment.reference = "cs_test_1";
  payment.intent = "pi_1";
  return payment;
}

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

stripe_movement refund(std::string id, int64_t amount, bool is_undone = false) {
  return {std::move(id), movement_kind::refund, cents(amount), {}, is_undone};
}

/// What a charge says was refunded of it so far.
stripe_event refund_of(int64_t gross) {
  return moved({{"ch_1", movement_kind::refund_sum, cents(gross), {}, false}});
}

/// A transaction of a dispute: negative for what came again.
stripe_movement disputed(std::string id, int64_t amount, int64_t fee = 0) {
  return {std::move(id), movement_kind::dispute, cents(amount), cents(fee), false};
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

std::string event_json(std::string_view type, std::string_view object) {
  return R"({"id":"evt_1","object":"event","type":")" + std::string{type} + R"(","data":{"object":)"
         + std::string{object} + "}}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(fee_suite)

BOOST_AUTO_TEST_CASE(the_documented_fee) {
  stripe_fee fee;
  BOOST_TEST(fee.gross_for(cents(100'00)).cents() == 103'30);
  BOOST_TEST(fee.gross_for(cents(50'00)).cents() == 51'81);
  BOOST_TEST(fee.gross_for(cents(10'000'00)).cents() == 10'298'98);
}

BOOST_AUTO_TEST_CASE(the_gross_amount_is_the_least_that_leaves_the_net_amount) {
  stripe_fee fee;
  for (int64_t net = 50'00; net <= 10'000'00; net += net % 100 == 0 ? 37 : 63) {
    auto gross = fee.gross_for(cents(net)).cents();
    // In millionths of a cent: gross * (1 - 0.029) - 30 >= net, and one cent less is too little.
    auto left = [](int64_t amount) { return amount * 971'000 - 30'000'000; };
    BOOST_REQUIRE(left(gross) >= net * 1'000'000);
    BOOST_REQUIRE(left(gross - 1) < net * 1'000'000);
  }
}

BOOST_AUTO_TEST_CASE(without_a_fee_the_amounts_are_the_same) {
  BOOST_TEST((stripe_fee{0, cents(0)}.gross_for(cents(77'77)).cents()) == 77'77);
}

BOOST_AUTO_TEST_CASE(percentages_are_read_exactly) {
  BOOST_TEST(stripe_fee::parse_percent("2.9").value() == 29'000);
  BOOST_TEST(stripe_fee::parse_percent("0").value() == 0);
  BOOST_TEST(stripe_fee::parse_percent("1.2345").value() == 12'345);
  BOOST_TEST(stripe_fee::parse_percent("99.9999").value() == 999'999);
  for (auto text : {"", ".", "-1", "100", "1.23456", "2,9", "2.9%", "1e1", "1.2.3", "999999999999"})
    BOOST_TEST(!stripe_fee::parse_percent(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(signature_suite)

constexpr auto secret = "whsec_test";
constexpr auto payload = R"({"id":"evt_1"})";

BOOST_AUTO_TEST_CASE(hmac_as_in_rfc_4231) {
  BOOST_TEST(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?"))
             == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(to_hex(hmac_sha256(std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First"))
             == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

BOOST_AUTO_TEST_CASE(what_was_signed_is_accepted_within_five_minutes) {
  auto at = now();
  auto header = sign_payload(payload, secret, at);
  for (auto late : {0s, 299s, 300s, -300s})
    BOOST_TEST(signature_problem(header, payload, secret, at + late) == "");
  for (auto late : {302s, 3'600s, -302s})
    BOOST_TEST(signature_problem(header, payload, secret, at + late)
               == "Stripe-Signature is older than five minutes");
}

BOOST_AUTO_TEST_CASE(one_good_signature_of_several_is_enough) {
  auto at = now();
  auto good = sign_payload(payload, secret, at);
  auto old = sign_payload(payload, "whsec_old", at);
  auto comma = good.find(',');
  auto both = good.substr(0, comma) + old.substr(old.find(',')) + ",v0=ff" + good.substr(comma);
  BOOST_TEST(signature_problem(both, payload, secret, at) == "");
  BOOST_TEST(signature_problem(both, payload, "whsec_old", at) == "");
  BOOST_TEST(signature_problem(both, payload, "whsec_other", at) != "");
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
  auto at = now();
  auto header = sign_payload(payload, secret, at);
  auto comma = header.find(',');
  auto stamp = header.substr(0, comma);
  auto signature = header.substr(comma + 1);
  for (const auto& forged :
       {std::string{}, stamp, signature, stamp + ",v0=" + signature.substr(3),
        stamp + ",v1=", stamp + ",v1=" + std::string(64, '0'), "t=," + signature,
        "t=x," + signature, "t=-1," + signature, "t=1," + signature, stamp + "0," + signature,
        stamp + "," + signature.substr(0, signature.size() - 1),
        std::string{"t=99999999999999999999999999,"} + signature})
    BOOST_TEST(signature_problem(forged, payload, secret, at) != "", forged);
  BOOST_TEST(signature_problem(header, std::string{payload} + " ", secret, at) != "");
  BOOST_TEST(signature_problem(header, payload, "", at) != "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wire_suite)

BOOST_AUTO_TEST_CASE(forms_come_back_as_they_were) {
  form_fields fields{{"a[b][0]", "x y&z=1+2%"}, {"empty", ""}, {"é", "日本"}};
  auto text = encode_form(fields);
  BOOST_TEST(text == "a%5Bb%5D%5B0%5D=x%20y%26z%3D1%2B2%25&empty=&%C3%A9=%E6%97%A5%E6%9C%AC");
  BOOST_TEST((decode_form(text).value() == fields));
  BOOST_TEST((decode_form("a=b+c&&d").value() == form_fields{{"a", "b c"}, {"d", ""}}));
  BOOST_TEST((decode_form("a==b").value() == form_fields{{"a", "=b"}}));
  BOOST_TEST(decode_form("").value().empty());
  for (auto broken : {"a=%", "a=%4", "a=%zz"})
    BOOST_TEST(!decode_form(broken).has_value());
}

BOOST_AUTO_TEST_CASE(a_session_names_our_payment_everywhere) {
  payment_terms terms{payment_id::make(),
                      "a+b@example.com",
                      cents(100'00),
                      cents(103'30),
                      "https://x.test/ok?id={CHECKOUT_SESSION_ID}",
                      "https://x.test/no"};
  auto id = to_string(terms.payment);
  auto fields = decode_form(session_form(terms)).value();
  auto value_of = [&](std::string_view name) {
    for (const auto& [key, value] : fields)
      if (key == name)
        return value;
    return std::string{"missing"};
  };
  BOOST_TEST(value_of("mode") == "payment");
  BOOST_TEST(value_of("adaptive_pricing[enabled]") == "false");
  BOOST_TEST(value_of("line_items[0][price_data][unit_amount]") == "10330");
  BOOST_TEST(value_of("line_items[0][price_data][currency]") == "usd");
  BOOST_TEST(value_of("customer_email") == "a+b@example.com");
  BOOST_TEST(value_of("success_url") == terms.success_url);
  BOOST_TEST(value_of("metadata[meisim_payment]") == id);
  BOOST_TEST(value_of("payment_intent_data[metadata][meisim_payment]") == id);
  fields = decode_form(intent_form(terms)).value();
  BOOST_TEST(value_of("amount") == "10330");
  BOOST_TEST(value_of("metadata[meisim_payment]") == id);
}

BOOST_AUTO_TEST_CASE(events_are_read_by_their_type) {
  auto id = payment_id::make();
  auto metadata = R"("metadata":{"meisim_payment":")" + to_string(id) + R"("})";
  auto session = R"({"id":"cs_1","payment_intent":"pi_1","amount_total":10330,"currency":"usd",)"
                 + metadata + R"(,"payment_status":)";
  auto read = event_from_wire(event_json("checkout.session.completed", session + R"("paid"})"));
  BOOST_TEST((read->kind == stripe_event_kind::paid));
  BOOST_TEST((read->payment == id));
  BOOST_TEST(read->session == "cs_1");
  BOOST_TEST(read->intent == "pi_1");
  BOOST_TEST(read->amount->cents() == 10'330);
  auto unpaid = event_from_wire(event_json("checkout.session.completed", session + R"("unpaid"})"));
  BOOST_TEST((unpaid->kind == stripe_event_kind::other));
  auto later =
    event_from_wire(event_json("checkout.session.async_payment_succeeded", session + R"("paid"})"));
  BOOST_TEST((later->kind == stripe_event_kind::paid));
  auto intent = event_from_wire(
    event_json("payment_intent.succeeded", R"({"id":"pi_2","amount":9,"amount_received":10330})"));
  BOOST_TEST(intent->intent == "pi_2");
  BOOST_TEST(intent->amount->cents() == 10'330);
  BOOST_TEST(!intent->payment);
  auto charge = event_from_wire(
    event_json("charge.refunded",
               R"({"id":"ch_1","payment_intent":"pi_1","amount":10330,"amount_refunded":5})"));
  BOOST_TEST((charge->kind == stripe_event_kind::moved));
  BOOST_TEST(
    (charge->movements
     == std::vector<stripe_movement>{{"ch_1", movement_kind::refund_sum, cents(5), {}, false}}));
  BOOST_TEST(charge->asks_for_refunds);
  // A release of Stripe's API that lists them.
  auto listed = event_from_wire(event_json(
    "charge.refunded", R"({"id":"ch_1","payment_intent":"pi_1","amount":10330,"amount_refunded":5,)"
                       R"("refunds":{"data":[{"id":"re_1","amount":5,"status":"succeeded"}],)"
                       R"("has_more":false}})"));
  BOOST_TEST(!listed->asks_for_refunds);
  BOOST_TEST((listed->movements.back() == refund("re_1", 5)));
  for (auto [type, status, is_undone] : {std::tuple{"refund.created", "pending", false},
                                         {"refund.updated", "succeeded", false},
                                         {"refund.updated", "failed", true},
                                         {"charge.refund.updated", "canceled", true},
                                         {"refund.failed", "pending", true}}) {
    auto told = event_from_wire(
      event_json(type, R"({"id":"re_1","payment_intent":"pi_1","amount":5,"status":")"
                         + std::string{status} + R"("})"));
    BOOST_TEST(told->intent == "pi_1");
    BOOST_TEST((told->movements == std::vector{refund("re_1", 5, is_undone)}), type << status);
  }
  BOOST_TEST((event_from_wire(event_json("invoice.paid", "{}"))->kind == stripe_event_kind::other));
}

BOOST_AUTO_TEST_CASE(a_dispute_tells_its_transactions) {
  std::string dispute = R"({"id":"dp_1","payment_intent":"pi_1","amount":9500,"currency":"eur",)"
                        R"("status":"needs_response","balance_transactions":[)"
                        R"({"id":"txn_1","amount":-10330,"fee":1500,"currency":"usd"})";
  auto taken = event_from_wire(event_json("charge.dispute.created", dispute + "]}"));
  BOOST_TEST((taken->kind == stripe_event_kind::moved));
  BOOST_TEST(taken->currency == "usd");
  BOOST_TEST((taken->movements == std::vector{disputed("txn_1", 103'30, 15'00)}));
  auto given_back = event_from_wire(
    event_json("charge.dispute.funds_reinstated",
               dispute + R"(,{"id":"txn_2","amount":10330,"fee":0,"currency":"usd"}]})"));
  BOOST_TEST((given_back->movements
              == std::vector{disputed("txn_1", 103'30, 15'00), disputed("txn_2", -103'30)}));
  auto closed = event_from_wire(event_json("charge.dispute.closed", dispute + "]}"));
  BOOST_TEST((closed->movements == taken->movements));
  auto foreign = event_from_wire(event_json(
    "charge.dispute.created", R"({"id":"dp_1","payment_intent":"pi_1","balance_transactions":[)"
                              R"({"id":"txn_1","amount":-1,"fee":0,"currency":"eur"}]})"));
  BOOST_TEST(foreign->currency == "eur");
}

BOOST_AUTO_TEST_CASE(a_dispute_that_lists_no_transactions_is_one_movement) {
  auto dispute = R"({"id":"dp_1","payment_intent":"pi_1","amount":10330,"status":)";
  auto begun = event_from_wire(
    event_json("charge.dispute.created", dispute + std::string{R"("needs_response"})"}));
  BOOST_TEST((begun->movements == std::vector{disputed("dp_1", 103'30)}));
  auto inquiry = event_from_wire(
    event_json("charge.dispute.created", dispute + std::string{R"("warning_needs_response"})"}));
  BOOST_TEST((inquiry->kind == stripe_event_kind::other));
  auto won = event_from_wire(
    event_json("charge.dispute.funds_reinstated", dispute + std::string{R"("won"})"}));
  BOOST_TEST(won->movements.at(0).is_undone);
}

BOOST_AUTO_TEST_CASE(a_session_in_the_buyers_currency_says_what_it_is_in_ours) {
  auto read = event_from_wire(
    event_json("checkout.session.completed",
               R"({"id":"cs_1","payment_intent":"pi_1","amount_total":9500,"currency":"eur",)"
               R"("payment_status":"paid","currency_conversion":{"amount_subtotal":10330,)"
               R"("amount_total":10330,"fx_rate":"0.92","source_currency":"usd"}})"));
  BOOST_TEST(read->currency == "usd");
  BOOST_TEST(read->amount->cents() == 10'330);
  BOOST_TEST(payment_mismatch(*read,
                              [] {
                                auto payment = some_payment();
                                payment.reference = "cs_1";
                                return payment;
                              }())
             == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused) {
  for (auto text :
       {"", "[]", "{}", "null", R"({"type":"charge.refunded"})",
        R"({"type":"charge.refunded","data":{"object":[]}})", R"({"type":7,"data":{"object":{}}})"})
    BOOST_TEST(!event_from_wire(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

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

BOOST_AUTO_TEST_SUITE(reconciliation_suite)

BOOST_AUTO_TEST_CASE(a_page_of_balance_transactions_is_read_by_what_each_stems_from) {
  auto line = [](std::string type, std::string source) {
    return R"({"id":"txn_)" + type + R"(","type":")" + type + R"(","amount":100,"created":1000,)"
           + R"("source":)" + source + "}";
  };
  auto page = balance_page_from_wire(
    R"({"object":"list","has_more":true,"data":[)"
    + line("charge", R"({"id":"ch_1","object":"charge","payment_intent":"pi_1"})") + ","
    + line("refund", R"({"id":"re_1","object":"refund","charge":"ch_1"})") + ","
    + line("refund_failure", R"({"id":"re_1","object":"refund"})") + ","
    + line("adjustment", R"({"id":"dp_1","object":"dispute"})") + ","
    + line("payout", R"({"id":"po_1","object":"payout"})") + "]}");
  BOOST_REQUIRE(page);
  BOOST_TEST(page->has_more);
  BOOST_REQUIRE_EQUAL(page->entries.size(), 5u);
  BOOST_TEST(page->entries[0].key == "pi_1");
  BOOST_TEST(page->entries[1].key == "re_1");
  BOOST_TEST(page->entries[1].other_key == "ch_1");
  BOOST_TEST(page->entries[2].key == "re_1 failed");
  BOOST_TEST(page->entries[3].key == "txn_adjustment");
  BOOST_TEST(page->entries[3].other_key == "dp_1");
  BOOST_TEST(page->entries[4].key == "");
}

BOOST_AUTO_TEST_CASE(what_only_one_side_has_is_named) {
  auto at = now();
  auto entry = [&](std::string key, instant when) {
    return balance_entry{"txn_" + key, "charge", key, "", cents(1), when};
  };
  auto kept = [&](std::string key, instant when) {
    return kept_movement{std::move(key), "paid", cents(1), when};
  };
  reconcile_stripe question{at - 24h, at};
  auto held =
    compare_with_stripe(question,
                        {entry("pi_both", at - 1h), entry("pi_there", at - 2h),
                         entry("pi_before", at - 25h), entry("pi_late", at - 23h), entry("", at)},
                        {kept("pi_both", at - 1h), kept("pi_here", at - 3h),
                         kept("pi_after", at + 1h), kept("pi_late", at + 1h)});
  BOOST_TEST(held.at_stripe == 3);
  BOOST_TEST(held.here == 2);
  BOOST_REQUIRE_EQUAL(held.missing_here.size(), 1u);
  BOOST_TEST(held.missing_here[0].id == "pi_there");
  BOOST_REQUIRE_EQUAL(held.missing_at_stripe.size(), 1u);
  BOOST_TEST(held.missing_at_stripe[0].id == "pi_here");
}

BOOST_AUTO_TEST_SUITE_END()
