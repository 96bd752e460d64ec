#pragma once

#include "protocols/base/money.hpp"

#include <caf/expected.hpp>
#include <json/value.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

constexpr size_t longest_password = 128;

/// Reads the fields of an object one by one, checks each, and remembers the first that is wrong.
/// Their names must outlive it, as literals do.
class fields {
public:
  explicit fields(const Json::Value& object, std::string prefix = {})
    : object_(object), prefix_(std::move(prefix)) {
    // nop
  }

  /// A text of `least` to `most` characters. The first thing that is wrong is kept for `failure`.
  std::string required_text(const char* name, size_t least = 1, size_t most = 255);

  /// Like required_text; empty where the field is absent or null.
  std::string optional_text(const char* name, size_t least = 1, size_t most = 255);

  /// An address in lower case, at most 254 characters (RFC 5321 §4.5.3.1.3).
  std::string required_email(const char* name);
  std::string optional_email(const char* name);

  /// A password that is to be set, of 8 to `longest_password` characters.
  std::string required_new_password(const char* name);

  /// A whole number in bounds; `fallback` where absent, which must be given for an optional one.
  int64_t whole_number(const char* name, int64_t least, int64_t most,
                       std::optional<int64_t> fallback = std::nullopt);

  /// An amount above zero with at most two decimals; nothing where absent.
  std::optional<money> optional_amount(const char* name);

  /// An amount from `least` to `most` with at most two decimals.
  money required_amount(const char* name, money least, money most);

  bool flag(const char* name, bool fallback);

  /// An object; null where absent.
  const Json::Value& optional_object(const char* name);

  /// An array; null where absent, or where it is none.
  const Json::Value& optional_array(const char* name);

  /// An array that must be there; null where it is none.
  const Json::Value& required_array(const char* name);

  /// Whether the field is there and not null.
  bool has(const char* name) const;

  /// Keeps an error of the caller's own, unless one came before.
  void reject(const char* name, std::string_view rule);

  /// Keeps what was wrong in an object within this one, unless an error came before.
  void adopt(const caf::error& inner);

  /// The first error, or else an unknown field; nothing if all is well. It is to be asked last.
  caf::error failure();

private:
  const Json::Value& take(const char* name);
  const Json::Value& look_up(std::string_view name) const;

  const Json::Value& object_;
  std::string prefix_;
  std::vector<std::string_view> known_;
  std::string first_failure_;
};

} // namespace meisim::http
