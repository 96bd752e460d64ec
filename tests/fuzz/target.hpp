#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// A fuzz target is a file that defines both of these. libFuzzer calls the first; where there is no
// libFuzzer, `mutate.cpp` does, with what it makes of the seeds.

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace meisim::fuzz {

/// Inputs that get deep into the target.
std::vector<std::string> seeds();

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
