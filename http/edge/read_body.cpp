#include "http/edge/read_body.hpp"

#include "http/edge/parse_body.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <limits>

namespace meisim::http {

namespace {

bool is_json(std::string_view content_type) {
  constexpr std::string_view wanted = "application/json";
  return same_but_for_case(content_type.substr(0, wanted.size()), wanted)
         && (content_type.size() == wanted.size() || content_type[wanted.size()] == ';'
             || content_type[wanted.size()] == ' ');
}

bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}

/// By what the body means, not by how it is written.
std::string hash_of(const request& what, const Json::Value& body) {
  return to_hex(
    sha256(std::string{to_string(what.verb)} + ' ' + what.path + '\n' + canonical_json(body)));
}

} // namespace

std::optional<Json::Value> json_body(const exchange_pointer& x, bool is_optional) {
  if (is_optional && x->incoming.body.empty())
    return Json::Value{Json::objectValue};
  if (!is_json(x->incoming.header("content-type"))) {
    answer(x, error_response(415, "Content-Type must be application/json"));
    return std::nullopt;
  }
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
    fail(x, make_error(ec::invalid, "Idempotency-Key must be 1 to 255 visible characters"));
    return std::nullopt;
  }
  if (key.empty())
    return idempotency{};
  return idempotency{std::string{key}, hash_of(x->incoming, body)};
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
