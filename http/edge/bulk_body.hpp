#pragma once

#include "http/edge/parse_bulk.hpp"
#include "http/edge/read_body.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace meisim::http {

/// The body of the request. Nothing if it is wrong; then the request has been answered.
std::optional<bulk_body> bulk_body_of(const exchange_pointer& x, const bulk_rules& rules);

/// The request's Idempotency-Key. Nothing if it is malformed; then the request has been answered.
std::optional<idempotency> idempotency_of(const exchange_pointer& x, const bulk_body& body,
                                          const bulk_rules& rules);

/// What `read(in, body, idempotency)` makes of the members. Nothing if one is wrong; then the
/// request has been answered.
template <class Read>
auto read_bulk_body(const exchange_pointer& x, const bulk_rules& rules, Read read) {
  using wish = std::invoke_result_t<Read, fields&, bulk_body&, idempotency>;
  auto body = bulk_body_of(x, rules);
  auto key = body ? idempotency_of(x, *body, rules) : std::nullopt;
  if (!key)
    return std::optional<wish>{};
  fields in{body->members};
  std::optional<wish> result{read(in, *body, std::move(*key))};
  if (auto failure = in.failure()) {
    fail(x, failure);
    result.reset();
  }
  return result;
}

} // namespace meisim::http
