#pragma once

#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "protocols/operators/desk.hpp"

#include <optional>
#include <utility>

namespace meisim::http {

// How endpoints ask questions that the database itself answers in JSON, and make changes in an
// operator's name.

/// The values of the names in the path and of the route's query parameters, each checked by its
/// name. Nothing if one is wrong; then the request has been answered.
std::optional<named_values> read_values(const exchange_pointer& x);

inline auto show_answer(const exchange_pointer& x) {
  return [x](const desk_answer& found) { succeed_as_written(x, found.json); };
}

/// Answers with a list by the values of the path and the query.
template <desk_list What>
void list_at_desk(const exchange_pointer& x) {
  if (auto values = read_values(x))
    ask<desk_answer>(x, x->node->slow_records, show_answer(x),
                     desk_question{What, std::move(*values)});
}

/// Makes the change, and answers with what it has changed.
inline void change_at_desk(const exchange_pointer& x, desk_action what, named_values by) {
  ask<desk_answer>(x, x->node->operators, show_answer(x),
                   desk_change{what, std::move(by), stamp_of(x)});
}

} // namespace meisim::http
