#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace meisim {

/// Text that is JSON already and is copied as it stands.
struct json_text {
  std::string_view text;
};

/// A type that holds items of an array. A text does not, because it is one value.
template <class T>
concept json_items =
  std::ranges::input_range<const T> && !std::convertible_to<const T&, std::string_view>;

/// Appends JSON to a text: members and items in the order of the calls, without blanks. It sets
/// braces, brackets and commas itself. Texts must be valid UTF-8.
class json_writer {
public:
  explicit json_writer(std::string& target) : target_(target) {
    // nop
  }

  // An array's item, or the whole of what is written.

  json_writer& value(std::string_view text);
  json_writer& value(json_text written);

  /// A number with exactly two decimals.
  json_writer& value(money amount);

  /// The time as RFC 3339 in whole seconds; null for the epoch, which stands for no time.
  json_writer& value(instant time);

  json_writer& value(uuid id);
  json_writer& value(std::nullptr_t);

  json_writer& value(const char* text) {
    return value(std::string_view{text});
  }

  template <class Tag>
  json_writer& value(const id<Tag>& of) {
    return value(of.value);
  }

  template <std::same_as<bool> Flag>
  json_writer& value(Flag flag) {
    return value(json_text{flag ? "true" : "false"});
  }

  template <std::signed_integral Number>
  json_writer& value(Number number) {
    return whole(static_cast<int64_t>(number));
  }

  template <std::unsigned_integral Number>
  requires(!std::same_as<Number, bool>) json_writer& value(Number number) {
    return natural(static_cast<uint64_t>(number));
  }

  /// The fewest digits that are read as this number again.
  template <std::floating_point Number>
  json_writer& value(Number number) {
    return real(static_cast<double>(number));
  }

  /// Null if there is no value.
  template <class T>
  json_writer& value(const std::optional<T>& perhaps) {
    return perhaps ? value(*perhaps) : value(nullptr);
  }

  /// An object: `members()` writes what is in it.
  template <std::invocable Members>
  json_writer& object(Members members) {
    open('{');
    members();
    return close('}');
  }

  /// An object: `write(*this, what)` writes its members.
  template <class What, std::invocable<json_writer&, const What&> Write>
  json_writer& object(Write write, const What& what) {
    return object([&] { write(*this, what); });
  }

  /// An array: `write(*this, item)` writes each item.
  template <json_items Items, class Write>
  json_writer& array(const Items& items, Write write) {
    open('[');
    for (const auto& item : items)
      write(*this, item);
    return close(']');
  }

  /// An array of plain values.
  template <json_items Items>
  json_writer& array(const Items& items) {
    return array(items, [](json_writer& out, const auto& item) { out.value(item); });
  }

  /// An array of objects: `write(*this, item)` writes the members of each.
  template <json_items Items, class Write>
  json_writer& objects(const Items& items, Write write) {
    return array(items, [&](json_writer& out, const auto& item) { out.object(write, item); });
  }

  // A member of an object.

  template <class T>
  json_writer& member(std::string_view name, const T& what) {
    write_name(name);
    return value(what);
  }

  /// Members that are written already, without the braces.
  json_writer& members(json_text written) {
    return value(written);
  }

  /// No member at all if there is no value.
  template <class T>
  json_writer& optional_member(std::string_view name, const std::optional<T>& perhaps) {
    return perhaps ? member(name, *perhaps) : *this;
  }

  template <std::invocable Members>
  json_writer& object(std::string_view name, Members members) {
    write_name(name);
    return object(std::move(members));
  }

  template <class What, class Write>
  json_writer& object(std::string_view name, Write write, const What& what) {
    write_name(name);
    return object(std::move(write), what);
  }

  template <json_items Items>
  json_writer& array(std::string_view name, const Items& items) {
    write_name(name);
    return array(items);
  }

  template <json_items Items, class Write>
  json_writer& array(std::string_view name, const Items& items, Write write) {
    write_name(name);
    return array(items, std::move(write));
  }

  template <json_items Items, class Write>
  json_writer& objects(std::string_view name, const Items& items, Write write) {
    write_name(name);
    return objects(items, std::move(write));
  }

private:
  json_writer& whole(int64_t number);
  json_writer& natural(uint64_t number);
  json_writer& real(double number);

  void write_name(std::string_view name);
  void separate();
  void open(char bracket);
  json_writer& close(char bracket);

  std::string& target_;
  bool follows_another_ = false;
};

/// One object as a text: `write(json_writer&, what...)` writes its members.
template <class Write, class... What>
std::string json_object(Write write, const What&... what) {
  std::string result;
  json_writer out{result};
  out.object([&] { write(out, what...); });
  return result;
}

/// An array of objects as a text: `write(json_writer&, item)` writes the members of each.
template <json_items Items, class Write>
std::string json_objects(const Items& items, Write write) {
  std::string result;
  json_writer{result}.objects(items, std::move(write));
  return result;
}

/// Nothing for an empty text, which is then written as null.
inline std::optional<std::string_view> or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

/// The same JSON without the blanks that PostgreSQL writes between its parts.
std::string without_blanks(std::string_view json);

/// `text` as a JSON string with its quotes; expects valid UTF-8.
std::string json_quoted(std::string_view text);

} // namespace meisim
