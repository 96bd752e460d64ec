#include "protocols/verification/verification.hpp"

#include <numeric>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 3> source_names{"dealer", "portal", "replacement"};
constexpr std::array<std::string_view, 5> state_names{"idle", "checking", "resting", "probing",
                                                      "drained"};

} // namespace

std::string_view to_string(batch_source source) {
  return source_names.at(static_cast<size_t>(source));
}

std::optional<batch_source> parse_batch_source(std::string_view text) {
  for (size_t i = 0; i < source_names.size(); ++i)
    if (source_names[i] == text)
      return static_cast<batch_source>(i);
  return std::nullopt;
}

std::string_view to_string(device_state state) {
  return state_names.at(static_cast<size_t>(state));
}

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
