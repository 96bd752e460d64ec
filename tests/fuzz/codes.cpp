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

std::vector<std::string> fuzz::seeds() {
  return {"LPA:1$T-MOBILE.IDEMIA.IO$AYU36-O48VE-8PWDE-ZRXGS",
          "LPA:1$smdp.example.com$04386-AGYFT$1.3.6.1.4.1.31746$1",
          "lpa:1$a.b$$$1",
          "8944110068256270054F",
          "8901410321111851072",
          ""};
}
