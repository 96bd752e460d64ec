#pragma once

#include <caf/meta/type_name.hpp>

namespace meisim {

/// The answer to a request that returns nothing: it has been done.
struct done {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, done&) {
  return f(caf::meta::type_name("done"));
}

} // namespace meisim
