#pragma once

#include <caf/expected.hpp>
#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

// Reads JSON that others wrote. Nothing throws: the error is `internal` and says what is wrong.

/// Reads an object or array of at most 32 levels, without duplicate keys and with nothing behind
/// it.
caf::expected<Json::Value> parse_json(std::string_view text);

/// Reads an object of at most 32 levels, without duplicate keys and with nothing behind it.
caf::expected<Json::Value> parse_json_object(std::string_view text);

/// Compact text in UTF-8.
std::string write_json(const Json::Value& value);

/// A text that is the same for all documents of the same meaning: members in order, no white space,
/// and `100` for `100.0` and `1e2`.
std::string canonical_json(const Json::Value& value);

/// A member of an object; null if there is none, or if `object` is none.
const Json::Value& member(const Json::Value& object, const char* name);

/// The elements of an array that `read` understands. It leaves the others out: one bad line is no
/// reason to refuse the rest.
template <class T>
std::vector<T> read_all(const Json::Value& array, bool (*read)(const Json::Value&, T&)) {
  std::vector<T> result;
  if (!array.isArray())
    return result;
  for (const auto& item : array) {
    T value;
    if (read(item, value))
      result.push_back(std::move(value));
  }
  return result;
}

/// An array of what `write` makes of each.
template <class T>
Json::Value write_all(const std::vector<T>& items, Json::Value (*write)(const T&)) {
  Json::Value array{Json::arrayValue};
  for (const auto& item : items)
    array.append(write(item));
  return array;
}

/// The text of a member; empty if it is missing or no text.
std::string text_of(const Json::Value& object, const char* name);

/// The whole number of a member; `fallback` if it is missing or no whole number.
int64_t number_of(const Json::Value& object, const char* name, int64_t fallback = 0);

/// Whether a member is `true`, and nothing like it.
bool is_true(const Json::Value& object, const char* name);

} // namespace meisim
