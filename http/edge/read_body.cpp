#include "http/edge/read_body.hpp"

#include "http/edge/parse_body.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <limits>

namespace meisim::http {

namespace {

/// Proxies join two headers of one name to a list. All items of the list must say the same.
bool is_json(std::string_view content_type) {
  while (true) {
    auto end = std::min(content_type.find(','), content_type.size());
    auto one = content_type.substr(0, end);
    if (!same_but_for_case(trimmed(one.substr(0, one.find(';'))), "application/json"))
      return false;
    if (end == content_type.size())
      return true;
    content_type.remove_prefix(end + 1);
  }
}

/// PHP writes an empty object as an empty array.
bool is_nothing(std::string_view body) {
  auto text = trimmed_text(body);
  return text.empty() || text == "[]";
}

bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}

/// The hash is of what the body means, not of how it is written.
std::string hash_of(const request& what, const Json::Value& body) {
  return to_hex(
    sha256(std::string{to_string(what.verb)} + ' ' + what.path + '\n' + canonical_json(body)));
}

} // namespace

bool demands_json(const exchange_pointer& x) {
  if (is_json(x->incoming.header("content-type")))
    return true;
  answer(x, error_response(415, "Content-Type must be application/json"));
  return false;
}

std::optional<Json::Value> json_body(const exchange_pointer& x, bool is_optional) {
  if (is_optional && is_nothing(x->incoming.body))
    return Json::Value{Json::objectValue};
  if (!demands_json(x))
    return std::nullopt;
  auto body = parse_body(x->incoming.body);
  if (body)
    return std::move(*body);
  fail(x, body.error());
  return std::nullopt;
}

std::optional<idempotency> idempotency_of(const exchange_pointer& x, const Json::Value& body) {
  constexpr size_t longest = 255;
  auto key = x->incoming.header("idempotency-key");
  if (key.size() > longest || !std::ranges::all_of(key, is_visible)) {
    fail(x, make_error(cause::invalid_field, "Idempotency-Key must be 1 to 255 visible characters",
                       "Idempotency-Key"));
    return std::nullopt;
  }
  if (key.empty())
    return idempotency{};
  // A dealer's own key has no blank in it, so it never equals an operator's.
  auto space = role_needed(x->where.who) ? "operator " : "";
  return idempotency{space + std::string{key}, hash_of(x->incoming, body)};
}

std::optional<page_range> read_page(const exchange_pointer& x) {
  auto limit = x->incoming.whole_parameter("limit", 1, 1'000, 100);
  auto offset = x->incoming.whole_parameter("offset", 0, std::numeric_limits<int32_t>::max(), 0);
  if (limit && offset)
    return page_range{*limit, *offset};
  fail(x, limit ? offset.error() : limit.error());
  return std::nullopt;
}

} // namespace meisim::http
