#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// A fuzz target is a file that defines this function. libFuzzer calls it; where there is no
// libFuzzer, `mutate.cpp` does. Both begin with the files of `corpus/`: inputs that get deep into
// the target, and those that broke it once.

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace meisim::fuzz {

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process when `holds` is false; a fuzzer takes that for a finding.
inline void require(bool holds, const char* promise) {
  if (holds)
    return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

} // namespace meisim::fuzz
