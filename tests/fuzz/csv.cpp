#include "http/edge/batch_csv.hpp"
#include "http/edge/inventory_csv.hpp"
#include "protocols/verification/activation_code.hpp"
#include "tests/fuzz/target.hpp"

// The CSV that stock comes in.

using namespace meisim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto file = http::read_inventory(fuzz::text_of(data, size), 1);
  if (!file)
    return 0;
  for (const auto& line : file->lines) {
    fuzz::require(line.iccid.size() >= 18 && line.iccid.size() <= 22, "an ICCID's length");
    fuzz::require(read_activation_code(line.lpa).code.has_value(), "an activation code");
    fuzz::require(line.lpa.find_first_of("\n\r\",") == std::string::npos, "one cell");
  }
  for (const auto& line : file->rejected)
    fuzz::require(line.number >= 1 && !line.reason.empty(), "a number and a reason");
  (void)http::read_batch_csv(fuzz::text_of(data, size));
  return 0;
}
