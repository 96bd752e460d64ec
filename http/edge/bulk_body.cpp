#include "http/edge/bulk_body.hpp"

#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

namespace meisim::http {

std::optional<bulk_body> bulk_body_of(const exchange_pointer& x, const bulk_rules& rules) {
  if (!demands_json(x))
    return std::nullopt;
  // Its bytes are not needed once they are read.
  auto bytes = std::exchange(x->incoming.body, {});
  auto body = parse_bulk_body(bytes, rules);
  if (body)
    return std::move(*body);
  fail(x, body.error());
  return std::nullopt;
}

std::optional<idempotency> idempotency_of(const exchange_pointer& x, const bulk_body& body,
                                          const bulk_rules& rules) {
  auto meaning = body.members;
  if (!x->incoming.header("idempotency-key").empty() && meaning.isMember(rules.name)) {
    auto told = fmt::format("{}:{}", body.text.size(), body.text);
    for (const auto& text : body.texts)
      told.append(std::to_string(text.size())).append(1, ':').append(text);
    meaning[rules.name] = to_hex(sha256(told));
  }
  return idempotency_of(x, meaning);
}

} // namespace meisim::http
