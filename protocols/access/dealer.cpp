#include "protocols/access/dealer.hpp"

#include "protocols/base/names.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 3> status_names{"pending", "approved", "suspended"};

} // namespace

std::string_view to_string(dealer_status status) {
  return status_names.at(static_cast<size_t>(status));
}

std::optional<dealer_status> parse_dealer_status(std::string_view text) {
  return value_named<dealer_status>(text, status_names);
}

} // namespace meisim
