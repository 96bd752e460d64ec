#include "protocols/base/strict_json.hpp"

#include "protocols/base/error.hpp"

#include <json/reader.h>
#include <json/writer.h>

#include <memory>

namespace meisim {

namespace {

Json::CharReaderBuilder make_reader() {
  Json::CharReaderBuilder result;
  Json::CharReaderBuilder::strictMode(&result.settings_);
  result["stackLimit"] = 32;
  result["collectComments"] = false;
  return result;
}

} // namespace

caf::expected<Json::Value> parse_json(std::string_view text) {
  static const auto builder = make_reader();
  Json::Value result;
  try {
    std::unique_ptr<Json::CharReader> reader{builder.newCharReader()};
    if (!reader->parse(text.data(), text.data() + text.size(), &result, nullptr))
      return make_error(ec::internal, "no valid JSON");
  } catch (const std::exception&) {
    // The one way in which the library reports too deep a nesting.
    return make_error(ec::internal, "no valid JSON: nested too deeply");
  }
  return result;
}

caf::expected<Json::Value> parse_json_object(std::string_view text) {
  auto result = parse_json(text);
  if (result && !result->isObject())
    return make_error(ec::internal, "no JSON object");
  return result;
}

std::string write_json(const Json::Value& value) {
  static const auto builder = [] {
    Json::StreamWriterBuilder result;
    result["indentation"] = "";
    result["emitUTF8"] = true;
    return result;
  }();
  return Json::writeString(builder, value);
}

const Json::Value& member(const Json::Value& object, const char* name) {
  return object.isObject() ? object[name] : Json::Value::nullSingleton();
}

std::string text_of(const Json::Value& object, const char* name) {
  const auto& value = member(object, name);
  return value.isString() ? value.asString() : std::string{};
}

int64_t number_of(const Json::Value& object, const char* name, int64_t fallback) {
  const auto& value = member(object, name);
  bool whole = value.type() == Json::intValue || value.type() == Json::uintValue;
  return whole && value.isInt64() ? value.asInt64() : fallback;
}

} // namespace meisim
