#pragma once

#include "http/edge/answering.hpp"
#include "protocols/base/id_reading.hpp"

#include <optional>

namespace meisim::http {

/// The order that the path names first. Nothing if that is neither an id nor a short id; then the
/// request has been answered.
inline std::optional<order_name> order_in_path(const exchange_pointer& x) {
  auto name = read_order_name(x->captures.front());
  if (!name)
    fail(x, make_error(cause::not_found,
                       "there is no such order of yours: an order is named by its id, a UUID, or "
                       "its short id, such as MM-AB12CD"));
  return name;
}

} // namespace meisim::http
