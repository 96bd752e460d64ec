#pragma once

#include "http/server/request.hpp"
#include "protocols/base/cause.hpp"
#include "protocols/base/date_time.hpp"

#include <caf/error.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meisim::http {

/// Reads the parameters of a query one by one, by the readers of bodies (fields.hpp), and remembers
/// the first that is wrong. A parameter that is absent, or empty as forms send it, is an empty
/// text.
class parameters {
public:
  /// The request must outlive it.
  explicit parameters(const request& of) : of_(of) {
    // nop
  }

  /// One line, without invisible characters at its ends.
  std::string text(const char* name);

  /// One of these words.
  std::string choice(const char* name, std::span<const std::string_view> words);

  /// An address as it is mailed (protocols/base/email.hpp).
  std::string email(const char* name);

  /// The digits of an ICCID (protocols/base/iccid.hpp).
  std::string iccid(const char* name);

  /// The start of a UTC day (for a time: of its day), or the time itself
  /// (protocols/base/date_time.hpp); nothing where absent.
  std::optional<instant> day(const char* name);
  std::optional<instant> time(const char* name);
  /// Either of them.
  std::optional<instant> moment(const char* name);

  /// Keeps an error that the calling code has found, unless one came before.
  void reject(std::string_view name, std::string_view rule, cause why = cause::invalid_field);

  /// The first error; nothing if all is well.
  const caf::error& failure() const {
    return first_failure_;
  }

private:
  std::optional<instant> instant_by(time_reading (*read)(std::string_view), const char* name);

  const request& of_;
  caf::error first_failure_;
};

} // namespace meisim::http
