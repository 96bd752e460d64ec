#pragma once

#include "protocols/base/id.hpp"

#include <cstddef>
#include <cstdint>
#include <random>

namespace meisim::simulation {

/// What a seed decides.
class chance {
public:
  explicit chance(uint64_t seed) : random_(seed) {
    // nop
  }

  size_t below(size_t limit) {
    return random_() % limit;
  }

  bool one_in(size_t count) {
    return below(count) == 0;
  }

  uuid id() {
    return {random_(), random_()};
  }

private:
  std::mt19937_64 random_;
};

} // namespace meisim::simulation
