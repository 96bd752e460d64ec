#include "protocols/verification/batch.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 3> source_names{"dealer", "portal", "replacement"};

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

} // namespace meisim
