#include "protocols/money/stripe_reconciliation.hpp"
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
  (void)balance_page_from_wire(text);
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
