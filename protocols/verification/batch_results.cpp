#include "protocols/verification/batch_results.hpp"

#include <algorithm>
#include <numeric>

namespace meisim {

int32_t batch_view::checked() const {
  return std::accumulate(verdicts.begin(), verdicts.end(), 0);
}

std::optional<int64_t> batch_view::eta_seconds(instant at) const {
  auto done = checked();
  if (done == total)
    return 0;
  if (done == 0)
    return std::nullopt;
  auto elapsed = std::max<int64_t>(micros(at) - micros(started_at), 0);
  auto remaining = static_cast<double>(elapsed) / done * (total - done);
  return static_cast<int64_t>(remaining / 1'000'000) + 1;
}

} // namespace meisim
