#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"

#include <caf/all.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace meisim {

/// Runs database work and makes its value, or the error that it ended in, the answer of a message
/// handler.
template <class Work>
auto answer_with(database& db, std::string_view subject, Work work)
  -> caf::result<std::decay_t<decltype(work())>> {
  auto value = guarded(db, subject, work);
  if (!value)
    return std::move(value.error());
  return std::move(*value);
}

/// Like answer_with for work that changes something and has no value.
template <class Work>
caf::result<done> done_with(database& db, std::string_view subject, Work work) {
  auto ended = guarded(db, subject, [&] {
    work();
    return true;
  });
  if (!ended)
    return std::move(ended.error());
  return done{};
}

/// Like answer_with for work that may find nothing, which is the error `not_found`.
template <class Work>
auto found_with(database& db, std::string_view subject, std::string missing, Work work)
  -> caf::result<std::decay_t<decltype(*work())>> {
  auto value = guarded(db, subject, work);
  if (!value)
    return std::move(value.error());
  if (!*value)
    return make_error(ec::not_found, std::move(missing));
  return std::move(**value);
}

} // namespace meisim
