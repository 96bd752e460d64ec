#include "protocols/base/crypto.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <boost/test/unit_test.hpp>

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

stripe_event event_of(stripe_event_kind kind) {
  stripe_event event;
  event.kind = kind;
  event.id = "evt_1";
  event.intent = "pi_1";
  event.dispute = "dp_1";
  return event;
}

/// Takes what the posting says into the payment, as its commit does.
void apply(stripe_payment& payment, const posting& what) {
  if (auto* reversed = std::get_if<stripe_reversed>(&what.what)) {
    BOOST_TEST(reversed->reversed_before.cents() == payment.reversed.cents());
    payment.reversed += reversed->taken;
    payment.refunded = reversed->refunded_after;
    if (reversed->cause == "dispute dp_1")
      payment.taken_by_dispute = reversed->taken;
    if (reversed->cause == "reinstated dp_1")
      payment.is_dispute_undone = true;
  } else {
    payment.credited = true;
  }
}

/// What the wallet is left with after these events, in this order.
int64_t left_after(const std::vector<stripe_event>& events) {
  auto payment = some_payment();
  int64_t balance = 0;
  for (const auto& event : events)
    while (auto next = next_posting(payment, event)) {
      balance += sum(next->lines).cents();
      apply(payment, *next);
    }
  return balance;
}

stripe_event refund_of(int64_t gross) {
  auto event = event_of(stripe_event_kind::refunded);
  event.amount = cents(103'30);
  event.refunded = cents(gross);
  return event;
}

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
  auto paid = event_from_wire(event_json("checkout.session.completed", session + R"("paid"})"));
  BOOST_TEST((paid->kind == stripe_event_kind::paid));
  BOOST_TEST((paid->payment == id));
  BOOST_TEST(paid->session == "cs_1");
  BOOST_TEST(paid->intent == "pi_1");
  BOOST_TEST(paid->amount->cents() == 10'330);
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
  auto refund = event_from_wire(
    event_json("charge.refunded",
               R"({"id":"ch_1","payment_intent":"pi_1","amount":10330,"amount_refunded":5})"));
  BOOST_TEST((refund->kind == stripe_event_kind::refunded));
  BOOST_TEST(refund->refunded.cents() == 5);
  auto dispute = R"({"id":"dp_1","payment_intent":"pi_1","amount":10330,"status":)";
  auto disputed = event_from_wire(
    event_json("charge.dispute.created", dispute + std::string{R"("needs_response"})"}));
  BOOST_TEST((disputed->kind == stripe_event_kind::disputed));
  auto inquiry = event_from_wire(
    event_json("charge.dispute.created", dispute + std::string{R"("warning_needs_response"})"}));
  BOOST_TEST((inquiry->kind == stripe_event_kind::other));
  auto won = event_from_wire(
    event_json("charge.dispute.funds_reinstated", dispute + std::string{R"("won"})"}));
  BOOST_TEST((won->kind == stripe_event_kind::reinstated));
  BOOST_TEST((event_from_wire(event_json("invoice.paid", "{}"))->kind == stripe_event_kind::other));
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
  auto paid = event_of(stripe_event_kind::paid);
  BOOST_TEST(left_after({paid}) == 100'00);
  BOOST_TEST(left_after({paid, paid, paid}) == 100'00);
  BOOST_TEST(left_after({event_of(stripe_event_kind::other)}) == 0);
}

BOOST_AUTO_TEST_CASE(refunds_take_what_they_gave_back_until_the_net_amount_is_gone) {
  auto paid = event_of(stripe_event_kind::paid);
  BOOST_TEST(left_after({paid, refund_of(30'00)}) == 70'00);
  BOOST_TEST(left_after({paid, refund_of(30'00), refund_of(50'00)}) == 50'00);
  BOOST_TEST(left_after({paid, refund_of(50'00), refund_of(30'00), refund_of(50'00)}) == 50'00);
  BOOST_TEST(left_after({paid, refund_of(103'30), refund_of(103'30)}) == 0);
  BOOST_TEST(left_after({paid, refund_of(100'00), refund_of(103'30)}) == 0);
}

BOOST_AUTO_TEST_CASE(a_refund_before_the_payment_ends_the_same) {
  auto paid = event_of(stripe_event_kind::paid);
  BOOST_TEST(left_after({refund_of(30'00), paid}) == 70'00);
  BOOST_TEST(left_after({refund_of(103'30), paid, paid}) == 0);
}

BOOST_AUTO_TEST_CASE(a_dispute_takes_and_gives_back_once) {
  auto paid = event_of(stripe_event_kind::paid);
  auto disputed = event_of(stripe_event_kind::disputed);
  disputed.amount = cents(103'30);
  auto reinstated = disputed;
  reinstated.kind = stripe_event_kind::reinstated;
  BOOST_TEST(left_after({paid, disputed, disputed}) == 0);
  BOOST_TEST(left_after({paid, disputed, reinstated, reinstated, disputed}) == 100'00);
  BOOST_TEST(left_after({reinstated, disputed, paid}) == 100'00);
  BOOST_TEST(left_after({paid, refund_of(60'00), disputed}) == 0);
  BOOST_TEST(left_after({paid, refund_of(60'00), disputed, reinstated}) == 40'00);
}

BOOST_AUTO_TEST_CASE(the_same_cause_makes_the_same_posting) {
  auto payment = some_payment();
  auto first = next_posting(payment, event_of(stripe_event_kind::paid));
  auto again = next_posting(payment, refund_of(5));
  BOOST_TEST((first->id == again->id));
  payment.credited = true;
  BOOST_TEST((next_posting(payment, refund_of(5))->id != first->id));
  BOOST_TEST((next_posting(payment, refund_of(5))->id != next_posting(payment, refund_of(6))->id));
}

BOOST_AUTO_TEST_CASE(an_event_must_fit_the_payment_that_it_names) {
  auto payment = some_payment();
  auto event = event_of(stripe_event_kind::paid);
  event.session = "cs_test_1";
  event.amount = payment.gross;
  event.currency = "usd";
  BOOST_TEST(is_about(event, payment));
  auto wrong = event;
  wrong.session = "cs_test_2";
  BOOST_TEST(!is_about(wrong, payment));
  wrong = event;
  wrong.intent = "pi_2";
  BOOST_TEST(!is_about(wrong, payment));
  wrong = event;
  wrong.amount = payment.gross - cents(1);
  BOOST_TEST(!is_about(wrong, payment));
  wrong = event;
  wrong.currency = "jpy";
  BOOST_TEST(!is_about(wrong, payment));
  payment.kind = payment_kind::intent;
  BOOST_TEST(!is_about(event, payment));
}

BOOST_AUTO_TEST_SUITE_END()
