#include "http/edge/parse_body.hpp"

#include "http/server/request.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>
#include <json/reader.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace meisim::http {

namespace {

/// The UTF-16 unit of the escape `\\uXXXX` at the start of `text`; -1 if there is none.
int escaped_unit(std::string_view text) {
  int unit = 0;
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  auto [end, failure] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  return failure == std::errc{} && end == text.data() + 6 ? unit : -1;
}

/// What is wrong with the escape at the start of `text`, and how many characters it has.
std::pair<std::string_view, size_t> read_escape(std::string_view text) {
  int unit = escaped_unit(text);
  if (unit == 0)
    return {"a text must not hold NUL", 6};
  if (unit < 0xd800 || unit > 0xdfff)
    return {{}, 2};
  // Half a surrogate pair is no character: written out, it would be no UTF-8 either.
  int low = escaped_unit(text.substr(6));
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff)
    return {"a text must not hold half a surrogate pair", 6};
  return {{}, 12};
}

/// What is wrong with the number at the start of `text`, although jsoncpp accepts it, and how many
/// characters the number has.
std::pair<std::string_view, size_t> read_number(std::string_view text) {
  auto size = std::min(text.find_first_not_of("+-.0123456789eE"), text.size());
  auto digits = text.substr(0, size);
  if (digits.front() == '+')
    return {"a number must not begin with +", size};
  if (digits.front() == '-')
    digits.remove_prefix(1);
  if (digits.empty() || !is_digit(digits.front()))
    return {"a number must begin with a digit", size};
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]))
    return {"a number must not begin with 0", size};
  auto point = digits.find('.');
  if (point != std::string_view::npos
      && (point + 1 == digits.size() || !is_digit(digits[point + 1])))
    return {"a number must have a digit after its point", size};
  return {{}, size};
}

/// Refuses what jsoncpp accepts and RFC 8259 does not: control characters, NUL and half characters
/// in texts, `01`, `+1`.
std::string_view lax_spot(std::string_view text) {
  bool in_text = false;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    std::pair<std::string_view, size_t> step{{}, 1};
    if (c == '"')
      in_text = !in_text;
    else if (in_text && static_cast<unsigned char>(c) < 0x20)
      step.first = "a text must not hold a raw control character";
    else if (in_text && c == '\\')
      step = read_escape(text.substr(i));
    else if (!in_text
             && (c == '/'
                 || (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')))
      step.first = "there is something between its parts";
    else if (!in_text && (is_digit(c) || c == '+' || c == '-'))
      step = read_number(text.substr(i));
    if (!step.first.empty())
      return step.first;
    i += step.second;
  }
  return {};
}

caf::error malformed(std::string_view why) {
  return make_error(cause::malformed_body, fmt::format("the body must be a JSON object: {}", why));
}

const Json::CharReaderBuilder& strict_builder() {
  static const auto builder = [] {
    Json::CharReaderBuilder b;
    Json::CharReaderBuilder::strictMode(&b.settings_);
    b["stackLimit"] = static_cast<Json::UInt>(deepest_nesting);
    b["collectComments"] = false;
    b["skipBom"] = false;
    // The lines below say what else it may be.
    b["strictRoot"] = false;
    return b;
  }();
  return builder;
}

} // namespace

std::string_view without_bom(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  return body.substr(body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
}

caf::expected<Json::Value> parse_body(std::string_view body) {
  body = without_bom(body);
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return malformed("it is empty");
  if (!is_utf8(body))
    return malformed("it is not valid UTF-8");
  auto lax = lax_spot(body);
  if (!lax.empty())
    return malformed(lax);
  // Making a reader takes as long as reading a small body.
  thread_local const std::unique_ptr<Json::CharReader> reader{strict_builder().newCharReader()};
  Json::Value root;
  std::string flaws;
  try {
    if (!reader->parse(body.data(), body.data() + body.size(), &root, &flaws))
      return malformed(flaws.find("Duplicate key") == std::string::npos ? "it is not well-formed"
                                                                        : "a name stands twice");
  } catch (const Json::Exception&) {
    return malformed("it is nested too deeply");
  }
  if (!root.isObject())
    return malformed("it is something else");
  return root;
}

} // namespace meisim::http
