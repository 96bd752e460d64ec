#include "protocols/notify/brand.hpp"
#include "tests/fuzz/target.hpp"

// The picture of a dealer's brand.

using namespace meisim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (auto logo = read_logo(fuzz::text_of(data, size)))
    fuzz::require(read_logo(*logo).engaged(), "what was written can be read");
  return 0;
}
