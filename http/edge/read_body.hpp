#pragma once

#include "http/edge/answering.hpp"
#include "http/edge/fields.hpp"
#include "http/edge/idempotency.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace meisim::http {

/// False if the body is not said to be JSON; then the request has been answered.
bool demands_json(const exchange_pointer& x);

/// The body as a JSON object. Nothing if it is none; then the request has been answered. With
/// `is_optional`, a missing body counts as an empty object.
std::optional<Json::Value> json_body(const exchange_pointer& x, bool is_optional = false);

/// The request's Idempotency-Key. Nothing if it is malformed; then the request has been answered.
std::optional<idempotency> idempotency_of(const exchange_pointer& x, const Json::Value& body);

/// The value that `read(in)` makes of the fields of the body. Nothing if a field is wrong or the
/// body is no JSON object; then the request has been answered. A `read(in, idempotency)` gets the
/// request's Idempotency-Key too. Endpoints without it ignore the key.
template <class Read>
auto read_fields(const exchange_pointer& x, const std::optional<Json::Value>& body, Read read) {
  auto read_with = [&](auto&&... key) {
    fields in{*body};
    std::optional wish{read(in, std::forward<decltype(key)>(key)...)};
    if (auto failure = in.failure()) {
      fail(x, failure);
      wish.reset();
    }
    return wish;
  };
  if constexpr (std::invocable<Read, fields&>) {
    using wish = std::invoke_result_t<Read, fields&>;
    return body ? read_with() : std::optional<wish>{};
  } else {
    using wish = std::invoke_result_t<Read, fields&, idempotency>;
    auto key = body ? idempotency_of(x, *body) : std::nullopt;
    return key ? read_with(std::move(*key)) : std::optional<wish>{};
  }
}

/// See read_fields, for a request that must have a body.
template <class Read>
auto read_body(const exchange_pointer& x, Read read) {
  return read_fields(x, json_body(x), std::move(read));
}

/// See read_fields, for a request that may come without a body.
template <class Read>
auto read_optional_body(const exchange_pointer& x, Read read) {
  return read_fields(x, json_body(x, true), std::move(read));
}

/// Which part of a list a caller wants.
struct page_range {
  int32_t limit = 0;
  int32_t offset = 0;
};

/// The page of a list that `limit` and `offset` of the query ask for. Nothing if they are wrong;
/// then the request has been answered.
std::optional<page_range> read_page(const exchange_pointer& x);

} // namespace meisim::http
