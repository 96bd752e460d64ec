#include "protocols/verification/batch.hpp"

#include "protocols/base/names.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 3> source_names{"dealer", "portal", "replacement"};

} // namespace

std::string_view to_string(batch_source source) {
  return source_names.at(static_cast<size_t>(source));
}

std::optional<batch_source> parse_batch_source(std::string_view text) {
  return value_named<batch_source>(text, source_names);
}

} // namespace meisim
