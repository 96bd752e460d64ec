#pragma once

#include "http/edge/asking.hpp"
#include "protocols/access/audit.hpp"

#include <string>

namespace meisim::http {

/// Who asks, from where, and for which kind of change, if the route names one. A caller who has not
/// signed in is called `anybody`.
audit_stamp stamp_of(const exchange_pointer& x);

/// Writes down an event of the route's kind, and then calls `go_on()`. It is for changes outside
/// the database.
template <class GoOn>
void write_down(const exchange_pointer& x, std::string subject, GoOn go_on) {
  ask<done>(
    x, x->node->accounts, [go_on](done) { go_on(); }, audit_event{stamp_of(x), std::move(subject)});
}

} // namespace meisim::http
