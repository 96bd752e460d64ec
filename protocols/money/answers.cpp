#include "protocols/money/answers.hpp"

#include <json/value.h>
#include <json/writer.h>

namespace meisim {

namespace {

std::string with_escapes(std::string_view text) {
  static const auto builder = [] {
    Json::StreamWriterBuilder b;
    b["indentation"] = "";
    b["emitUTF8"] = true;
    return b;
  }();
  return Json::writeString(builder, Json::Value{std::string{text}});
}

} // namespace

void append_json_quoted(std::string& target, std::string_view text) {
  // Most text needs no escape at all, and the library's way to it is long.
  bool plain = true;
  for (char c : text)
    plain = plain && static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f
            && c != '"' && c != '\\';
  if (!plain) {
    target += with_escapes(text);
    return;
  }
  target += '"';
  target += text;
  target += '"';
}

std::string json_quoted(std::string_view text) {
  std::string result;
  append_json_quoted(result, text);
  return result;
}

std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : json_quoted(text);
}

std::string time_or_null(instant at) {
  return at == instant{} ? "null" : '"' + rfc3339(at) + '"';
}

} // namespace meisim
