#include "protocols/access/dealer.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 3> status_names{"pending", "approved", "suspended"};

} // namespace

std::string_view to_string(dealer_status status) {
  return status_names.at(static_cast<size_t>(status));
}

std::optional<dealer_status> parse_dealer_status(std::string_view text) {
  for (size_t i = 0; i < status_names.size(); ++i)
    if (status_names[i] == text)
      return static_cast<dealer_status>(i);
  return std::nullopt;
}

} // namespace meisim
