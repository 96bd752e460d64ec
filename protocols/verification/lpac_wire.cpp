#include "protocols/verification/lpac_wire.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace meisim {

namespace {

constexpr size_t longest_word = 64;

bool is_word_char(char c) {
  return is_alphanumeric(c) || c == '_' || c == ':' || c == '-';
}

/// A name of lpac's own, which may be shown and logged; empty if it is none.
std::string word_of(const Json::Value& object, const char* name) {
  auto text = text_of(object, name);
  bool plain = text.size() <= longest_word && std::all_of(text.begin(), text.end(), is_word_char);
  return plain ? text : std::string{};
}

lpac_line read_progress(const Json::Value& payload) {
  lpac_progress result;
  result.step = word_of(payload, "message");
  if (is_metadata_step(result.step)) {
    auto number = read_iccid(text_of(member(payload, "data"), "iccid")).number;
    if (number)
      result.iccid = number->digits;
  }
  return result;
}

/// Whether a text may stand in the head of an HTTP request.
bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

lpac_line read_request(const Json::Value& payload) {
  lpac_http_request result;
  result.url = text_of(payload, "url");
  auto body = from_hex(text_of(payload, "tx"));
  const auto& headers = member(payload, "headers");
  if (result.url.empty() || !is_clean(result.url) || !member(payload, "tx").isString() || !body
      || !headers.isArray())
    return lpac_bad_request{};
  result.body = std::move(*body);
  for (const auto& header : headers) {
    if (!header.isString() || !is_clean(header.asString()))
      return lpac_bad_request{};
    result.headers.push_back(header.asString());
  }
  return result;
}

/// The data of the program's last word, if that says that all went well.
std::optional<Json::Value> success_in(std::string_view line) {
  auto object = parse_json_object(line);
  if (!object || text_of(*object, "type") != "lpa")
    return std::nullopt;
  const auto& payload = member(*object, "payload");
  if (number_of(payload, "code", -1) != 0)
    return std::nullopt;
  return payload;
}

using release = std::pair<int, int>;

/// The first two numbers of a version.
release numbers_in(std::string_view text) {
  text.remove_prefix(text.starts_with('v') ? 1 : 0);
  const auto* end = text.data() + text.size();
  release result{0, 0};
  auto [dot, failure] = std::from_chars(text.data(), end, result.first);
  if (failure == std::errc{} && dot != end && *dot == '.')
    std::from_chars(dot + 1, end, result.second);
  return result;
}

} // namespace

lpac_line read_lpac_line(std::string_view line) {
  if (line.empty() || line.front() != '{')
    return lpac_noise{false};
  auto object = parse_json_object(line);
  if (!object)
    return lpac_noise{false};
  auto type = text_of(*object, "type");
  const auto& payload = member(*object, "payload");
  if (type == "http")
    return read_request(payload);
  if (type == "progress")
    return read_progress(payload);
  if (type == "lpa")
    return lpac_result{number_of(payload, "code", -1), word_of(payload, "message")};
  return lpac_noise{true};
}

std::optional<std::string> read_lpac_version(std::string_view line) {
  auto payload = success_in(line);
  auto text = payload ? text_of(*payload, "data") : "";
  if (text.empty() || text.size() > longest_word || !is_clean(text))
    return std::nullopt;
  return text;
}

bool is_lpac_before(std::string_view version, std::string_view first) {
  auto known = numbers_in(version);
  return known > release{0, 0} && known < numbers_in(first);
}

std::optional<std::string> read_lpac_eid(std::string_view line) {
  constexpr size_t digits = 32;
  auto payload = success_in(line);
  auto text = payload ? text_of(member(*payload, "data"), "eidValue") : "";
  if (text.size() != digits || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  return text;
}

std::optional<std::vector<std::string>> read_lpac_readers(std::string_view line) {
  auto object = parse_json_object(line);
  if (!object || text_of(*object, "type") != "driver")
    return std::nullopt;
  std::vector<std::string> names;
  const auto& list = member(member(*object, "payload"), "data");
  if (!list.isArray())
    return std::nullopt;
  for (const auto& reader : list)
    if (auto name = text_of(reader, "name"); !name.empty() && is_clean(name))
      names.push_back(std::move(name));
  return names;
}

std::string lpac_http_answer(int32_t status, std::string_view body) {
  Json::Value answer{Json::objectValue};
  answer["type"] = "http";
  answer["payload"]["rcode"] = status;
  answer["payload"]["rx"] = to_hex(reinterpret_cast<const uint8_t*>(body.data()), body.size());
  return write_json(answer) + '\n';
}

bool is_metadata_step(std::string_view step) {
  return step == "es8p_metadata_parse" || step == "es8p_meatadata_parse";
}

bool is_cancel_step(std::string_view step) {
  return step == "es10b_cancel_session" || step == "es9p_cancel_session";
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return std::nullopt;
  std::string result;
  result.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    auto high = hex_value(text[i]);
    auto low = hex_value(text[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result += static_cast<char>(high * 16 + low);
  }
  return result;
}

void line_cutter::feed(std::string_view bytes) {
  if (is_overlong_)
    return;
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  buffer_.append(bytes);
}

std::optional<std::string> line_cutter::next() {
  if (is_overlong_)
    return std::nullopt;
  auto end = buffer_.find('\n', searched_);
  if (std::min(end, buffer_.size()) - begin_ > longest_) {
    is_overlong_ = true;
    buffer_ = {};
    return std::nullopt;
  }
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  auto line = buffer_.substr(begin_, end - begin_);
  begin_ = searched_ = end + 1;
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  return line;
}

} // namespace meisim
