#include "protocols/money/stripe_wire.hpp"
#include "tests/money/some_payment.hpp"

#include <boost/test/unit_test.hpp>

// Stripe's forms and events as they are written and read.

using namespace meisim;
using namespace meisim::test;

namespace {

std::string event_json(std::string_view type, std::string_view object) {
  return R"({"id":"evt_1","object":"event","type":")" + std::string{type} + R"(","data":{"object":)"
         + std::string{object} + "}}";
}

} // namespace

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
  payment_terms terms{payment_id::make(),  dealer_id::make(),
                      "a+b@example.com",   cents(100'00),
                      cents(103'30),       "https://x.test/ok?id={CHECKOUT_SESSION_ID}",
                      "https://x.test/no", "this one"};
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
  BOOST_TEST(value_of("payment_intent_data[metadata][meisim_dealer]") == to_string(terms.dealer));
  BOOST_TEST(value_of("payment_intent_data[metadata][meisim_net_cents]") == "10000");
  BOOST_TEST(value_of("metadata[meisim_installation]") == "this one");
  BOOST_TEST(value_of("payment_intent_data[metadata][meisim_installation]") == "this one");
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

BOOST_AUTO_TEST_CASE(a_list_is_cut_only_if_it_says_so_itself) {
  auto list = [](const std::string& more) { return R"({"data":[],"has_more":)" + more + '}'; };
  for (const auto* no : {"false", "null", "{}", "[1]", R"("true")"}) {
    BOOST_TEST(refunds_from_wire(list(no))->missing.empty(), no);
    BOOST_TEST(disputes_from_wire(list(no))->missing.empty(), no);
  }
  BOOST_TEST(!refunds_from_wire(list("true"))->missing.empty());
}

BOOST_AUTO_TEST_SUITE_END()
