#pragma once

#include "protocols/base/cause.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <caf/error.hpp>
#include <json/value.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

constexpr size_t longest_password = 128;

/// An amount above zero with at most two decimals; nothing for any other value.
std::optional<money> amount_of(const Json::Value& value);

/// Reads the fields of an object one by one, checks each, and remembers the first that is wrong.
/// Their names must outlive it, as literals do.
class fields {
public:
  explicit fields(const Json::Value& object, std::string prefix = {})
    : object_(object), prefix_(std::move(prefix)) {
    // nop
  }

  /// One line of `least` to `most` characters, without invisible characters at its ends. The first
  /// error is kept for `failure`.
  std::string required_text(const char* name, size_t least = 1, size_t most = 255);

  /// Like required_text; empty if the field is absent, null or empty.
  std::string optional_text(const char* name, size_t least = 1, size_t most = 255);

  /// A text of `least` to `most` characters, exactly as it is. An optional one is empty if it is
  /// absent.
  std::string required_raw_text(const char* name, size_t least, size_t most);
  std::string optional_raw_text(const char* name, size_t least, size_t most);

  /// An address as it is mailed (protocols/base/email.hpp).
  std::string required_email(const char* name);
  std::string optional_email(const char* name);

  /// A one-time code: six digits, with blanks or hyphens between them as people copy it.
  std::string required_one_time_code(const char* name);
  std::string optional_one_time_code(const char* name);

  /// The code of the second factor: a one-time code, or a recovery code.
  std::string required_factor_code(const char* name);
  std::string optional_factor_code(const char* name);

  /// The address of an account: in lower case.
  std::string required_account(const char* name);
  std::string optional_account(const char* name);

  /// The digits of an ICCID (protocols/base/iccid.hpp).
  std::string required_iccid(const char* name);
  std::string optional_iccid(const char* name);

  /// An id of the kind that `Id` is; `kind` names it, with its article: `a SKU's id`.
  template <class Id>
  Id required_id(const char* name, std::string_view kind) {
    auto text = required_text(name, 1, most_of_id);
    auto id = read_id<Id>(text);
    if (!id && !text.empty())
      reject(name, std::string{"must be "}.append(kind).append(", a UUID"));
    return id.value_or(Id{});
  }

  /// A password that is to be set, of 8 to `longest_password` characters.
  std::string required_new_password(const char* name);

  /// A whole number in bounds, which may be written with a point: `1.0`. An optional one has a
  /// `fallback` for when it is absent.
  int64_t whole_number(const char* name, int64_t least, int64_t most,
                       std::optional<int64_t> fallback = std::nullopt);

  /// An amount above zero with at most two decimals; nothing if it is absent.
  std::optional<money> optional_amount(const char* name);

  /// An amount from `least` to `most` with at most two decimals.
  money required_amount(const char* name, money least, money most);

  /// A percentage from 0 to `most` with at most two decimals. `most` and the result are hundredths
  /// of a percent. Nothing if it is absent.
  std::optional<int32_t> optional_percentage(const char* name, int32_t most);

  bool flag(const char* name, bool fallback);

  /// A time (protocols/base/date_time.hpp); nothing if it is absent.
  std::optional<instant> optional_time(const char* name);

  /// An object; null if it is absent. An empty array, which PHP writes for an empty object, counts
  /// as absent.
  const Json::Value& optional_object(const char* name);

  /// An array; null if it is absent or no array.
  const Json::Value& optional_array(const char* name);

  /// An array that must be there; null if it is no array.
  const Json::Value& required_array(const char* name);

  /// Whether the field is there and not null.
  bool has(const char* name) const;

  /// Keeps an error that the calling code has found, unless one came before.
  void reject(const char* name, std::string_view rule, cause why = cause::invalid_field);

  /// Keeps that a field is missing, unless an error came before; `when` says for which requests it
  /// is required.
  void miss(const char* name, std::string_view when = {});

  /// Keeps the error of an object within this one, unless an error came before.
  void adopt(const caf::error& inner);

  /// The first error, or else an unknown field; nothing if all is well. An unknown field comes
  /// before a missing one, because it may be the missing one misspelt. Ask this last.
  caf::error failure();

private:
  static constexpr size_t most_of_id = 64;

  const Json::Value& take(const char* name);
  const Json::Value& look_up(std::string_view name) const;
  std::string bounded(const char* name, std::string text, size_t least, size_t most);
  void reject_unknown();

  const Json::Value& object_;
  std::string prefix_;
  std::vector<std::string_view> known_;
  caf::error first_failure_;
  /// Whether the first failure is that a field is missing.
  bool is_missing_ = false;
};

} // namespace meisim::http
