#pragma once

#include "protocols/base/crypto.hpp"
#include "protocols/base/id.hpp"

#include <fmt/core.h>

#include <iterator>
#include <string>
#include <string_view>
#include <unordered_set>

namespace meisim {

/// Builds the text of a PostgreSQL array, element by element. A statement over many rows takes it
/// as `unnest(:x::type[])`.
class array_text {
public:
  array_text() : text_("{") {
    // nop
  }

  void add(int64_t value) {
    fmt::format_to(std::back_inserter(next()), "{}", value);
  }

  template <class Tag>
  void add(id<Tag> value) {
    if (value)
      next() += to_string(value);
    else
      add_null();
  }

  /// A bytea element.
  void add(const sha256_digest& digest) {
    next() += "\"\\\\x" + to_hex(digest) + '"';
  }

  void add(std::string_view value);

  /// An empty text becomes NULL.
  void add_optional(std::string_view value) {
    if (value.empty())
      add_null();
    else
      add(value);
  }

  void add_null() {
    next() += "NULL";
  }

  /// The whole literal; the builder is spent.
  std::string take() {
    text_ += '}';
    return std::move(text_);
  }

private:
  std::string& next() {
    if (text_.size() > 1)
      text_ += ',';
    return text_;
  }

  std::string text_;
};

/// Reads ids that were joined by commas.
template <class Id>
std::unordered_set<Id> split_ids(std::string_view joined) {
  constexpr size_t id_size = 36;
  std::unordered_set<Id> result;
  for (size_t begin = 0; begin + id_size <= joined.size(); begin += id_size + 1)
    if (auto parsed = Id::parse(joined.substr(begin, id_size)))
      result.insert(*parsed);
  return result;
}

} // namespace meisim
