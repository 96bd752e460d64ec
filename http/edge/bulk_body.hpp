#pragma once

#include "http/edge/read_body.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace meisim::http {

/// The one great member of a large body: an array of texts, or a text.
struct bulk_rules {
  const char* name;
  /// The most texts of an array, and the sentence for more. 0 if the member is a text.
  size_t most_texts = 0;
  const char* count_rule = "";
  /// The longest text in the array, in bytes, and the sentence for a longer one.
  size_t longest_text = 0;
  const char* length_rule = "";
};

struct bulk_body {
  /// All members. An empty array, or a text of one character, stands in place of the great one.
  Json::Value members{Json::objectValue};
  std::vector<std::string> texts;
  std::string text;
};

/// Reads a body as parse_body does, but piece by piece, so that it takes little more memory than
/// its bytes. Beside the great member there may be at most 1,000 values. `invalid` tells what is
/// wrong.
caf::expected<bulk_body> parse_bulk_body(std::string_view body, const bulk_rules& rules);

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
