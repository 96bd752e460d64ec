#include "protocols/supply/replacement.hpp"

#include "protocols/base/names.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 6> names{"pending",          "install_again", "replaced",
                                                "awaiting_restock", "admin_review",  "rejected"};

} // namespace

std::string_view to_string(decision what) {
  return names.at(static_cast<size_t>(what));
}

std::optional<decision> parse_decision(std::string_view text) {
  return value_named<decision>(text, names);
}

std::string_view message_of(decision what) {
  switch (what) {
  case decision::pending:
    return "The eSIM is being checked.";
  case decision::install_again:
    return "The eSIM is still available: please try to install it again.";
  case decision::replaced:
    return "The eSIM was used up, and another one takes its place.";
  case decision::awaiting_restock:
    return "The eSIM was used up; another one takes its place as soon as there is new stock.";
  case decision::admin_review:
    return "The check was not conclusive: our support decides within 24 hours.";
  case decision::rejected:
    return "Our support found no reason to replace the eSIM.";
  }
  return "";
}

next_step step_after(const replacement_verdicts& found) {
  if (found.first == verdict::available)
    return next_step::install_again;
  if (found.first != verdict::used)
    return next_step::review;
  if (found.second) {
    bool is_confirmed = *found.second == verdict::used && found.second_device != found.first_device;
    return is_confirmed ? next_step::replace : next_step::review;
  }
  if (found.is_overdue)
    return next_step::review;
  return found.has_other_device ? next_step::ask_another_device : next_step::replace;
}

} // namespace meisim
