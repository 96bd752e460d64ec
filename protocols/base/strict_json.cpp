#include "protocols/base/strict_json.hpp"

#include "protocols/base/error.hpp"

#include <json/reader.h>
#include <json/writer.h>

#include <cmath>
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

/// The library keeps members in order.
Json::Value canonical(const Json::Value& value) {
  constexpr double exact = 9'007'199'254'740'992.0;
  if (value.type() == Json::realValue && value.asDouble() == std::trunc(value.asDouble())
      && std::abs(value.asDouble()) < exact)
    return Json::Int64{static_cast<int64_t>(value.asDouble())};
  if (!value.isObject() && !value.isArray())
    return value;
  Json::Value result{value.type()};
  if (value.isArray())
    for (const auto& element : value)
      result.append(canonical(element));
  else
    for (const auto& name : value.getMemberNames())
      result[name] = canonical(value[name]);
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
    // The library reports too deep a nesting only by this exception.
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

std::string canonical_json(const Json::Value& value) {
  return write_json(canonical(value));
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

bool is_true(const Json::Value& object, const char* name) {
  const auto& value = member(object, name);
  return value.isBool() && value.asBool();
}

} // namespace meisim
