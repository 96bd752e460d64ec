#include "protocols/money/stripe_signature.hpp"
#include "protocols/money/stripe_wire.hpp"
#include "tests/fuzz/target.hpp"

// What Stripe sends, or somebody in its name.

using namespace meisim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  (void)event_from_wire(text);
  (void)payment_from_wire(payment_kind::session, text);
  (void)listed_session_from_wire(text);
  (void)refunds_from_wire(text);
  (void)disputes_from_wire(text);
  (void)object_from_wire(text);
  (void)error_from_wire(text);
  if (auto form = decode_form(text)) {
    auto again = decode_form(encode_form(*form));
    fuzz::require(again && *again == *form, "a form that was read can be written and read");
  }
  // Nobody has signed this.
  fuzz::require(!signature_problem(text, "payload", "secret", instant{}).empty(), "a forgery");
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {
    R"({"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1",)"
    R"("payment_intent":"pi_1","amount_total":10330,"currency":"usd","payment_status":"paid",)"
    R"("metadata":{"meisim_payment":"01890a5d-ac96-774b-bcce-b302099a8057"}}}})",
    R"({"id":"evt_2","type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":"pi_1",)"
    R"("amount_refunded":500,"currency":"usd","refunds":{"data":[{"id":"re_1","amount":500,)"
    R"("currency":"usd","status":"succeeded"}]}}}})",
    R"({"id":"evt_3","type":"charge.dispute.created","data":{"object":{"id":"dp_1",)"
    R"("payment_intent":"pi_1","amount":100,"currency":"usd","status":"needs_response",)"
    R"("balance_transactions":[{"id":"txn_1","amount":-100,"fee":1500,"currency":"usd"}]}}})",
    R"({"object":"list","data":[{"id":"re_1","amount":1,"currency":"usd","status":"succeeded"}],)"
    R"("has_more":false})",
    R"({"error":{"type":"card_error","code":"card_declined","message":"no"}})",
    "a=1&b%5Bc%5D=2&d=%c3%a4+e",
    "t=0,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd,v0=x"};
}
