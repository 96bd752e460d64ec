#pragma once

#include <caf/meta/type_name.hpp>

#include <string>
#include <string_view>

namespace meisim {

/// The value of a header `traceparent` (W3C Trace Context) as it is passed on; empty if none can be
/// read. A later version is passed on as the first one.
std::string trace_parent_in(std::string_view header);

/// The trace that a `traceparent` belongs to; empty for none.
std::string_view trace_id_of(std::string_view trace_parent);

/// The request that caused something.
struct request_origin {
  /// Its `X-Request-Id`.
  std::string id;
  /// Its `traceparent`; empty if it bore none.
  std::string trace_parent;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, request_origin& x) {
  return f(caf::meta::type_name("request_origin"), x.id, x.trace_parent);
}

} // namespace meisim
