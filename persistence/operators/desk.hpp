#pragma once

#include "persistence/base/session.hpp"
#include "protocols/operators/desk.hpp"

#include <optional>
#include <string>

namespace meisim {

/// The JSON of a list; nothing if it is about one thing that does not exist.
std::optional<std::string> desk_list_of(database& db, const desk_question& question);

/// What an action changed.
struct desk_outcome {
  /// The name of what was changed: an id, an address.
  std::string subject;
  /// The dealer that it concerns; none if zero.
  dealer_id dealer;
  /// As JSON, like `after`.
  std::string before;
  std::string after;
};

/// Carries out the action; nothing if there is nothing to act on. Part of the caller's transaction.
std::optional<desk_outcome> do_at_desk(database& db, const desk_change& wish);

} // namespace meisim
