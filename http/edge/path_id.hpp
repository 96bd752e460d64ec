#pragma once

#include "http/edge/answering.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/id_reading.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace meisim::http {

/// The id that the path names, at `place` of its names. Nothing if it is no UUID; then the request
/// has been answered. `thing` is what the error says does not exist: `webhook of yours`.
template <class Id>
std::optional<Id> id_in_path(const exchange_pointer& x, std::string_view thing, size_t place = 0) {
  auto id = read_id<Id>(x->captures.at(place));
  if (!id)
    fail(x, make_error(cause::not_found,
                       fmt::format("there is no such {}: it is named by its id, a UUID", thing)));
  return id;
}

} // namespace meisim::http
