#include "protocols/base/iccid.hpp"
#include "protocols/verification/activation_code.hpp"
#include "tests/fuzz/target.hpp"

// Activation codes and ICCIDs.

using namespace meisim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  auto reading = read_activation_code(text);
  fuzz::require(reading.code.has_value() == reading.flaw.empty(), "a code or a flaw");
  if (reading.code) {
    auto again = read_activation_code(to_string(*reading.code));
    fuzz::require(again.code && to_string(*again.code) == to_string(*reading.code), "round trip");
  }
  auto iccid = read_iccid(text);
  fuzz::require(iccid.number.has_value() == iccid.flaw.empty(), "a number or a flaw");
  if (iccid.number)
    fuzz::require(read_iccid(iccid.number->digits).number->digits == iccid.number->digits,
                  "a number is its own reading");
  return 0;
}
