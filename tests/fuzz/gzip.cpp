#include "http/edge/gunzip.hpp"
#include "tests/fuzz/target.hpp"

#include <memory>
#include <string>
#include <utility>

// Bodies that come packed.

using namespace meisim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t most = 4'096;
  constexpr size_t piece = 65'536;
  auto budget = std::make_shared<http::body_budget>(size_t{1} << 20);
  {
    http::body_share memory{budget};
    std::string packed{fuzz::text_of(data, size)};
    std::string text;
    auto how = http::gunzip(packed, most, memory, text);
    fuzz::require(text.size() <= most + piece, "little more than may be is unpacked");
    bool is_within = how != http::unpacking::whole || text.size() <= most;
    fuzz::require(is_within, "no more than may be is taken");
  }
  fuzz::require(budget->used() == 0, "the memory is given back");
  return 0;
}
