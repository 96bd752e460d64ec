#pragma once

#include "protocols/base/web.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meisim {

// An exchange with a provider as it is written down, so that somebody else can see what really
// comes: without what is worth money or belongs to a customer.

/// Replaces secrets by stand-ins. The same secret always has the same stand-in, so that one can
/// still see what belongs together.
class secret_mask {
public:
  /// Hides a text everywhere. Texts of fewer than four characters are left.
  void hide(std::string secret);

  /// The text without what was hidden, without numbers and activation codes of eSIMs, and without
  /// the values of JSON members and form fields that hold tokens, codes or personal data.
  std::string mask(std::string_view text);

private:
  std::string stand_in(std::string_view secret);
  std::string masked_iccid(std::string_view digits);
  size_t take_iccid(std::string_view from, size_t at, std::string& to);
  size_t take_code(std::string_view from, size_t at, std::string& to);
  size_t take_member(std::string_view from, size_t at, std::string& to);
  size_t take_field(std::string_view from, size_t at, std::string& to);

  std::vector<std::string> hidden_;
  std::unordered_map<std::string, size_t> known_;
};

struct exchange_record {
  std::string provider;
  std::string format;
  std::string method;
  /// The path behind the provider's address.
  std::string path;
  std::string request_body;
  web_failure failure = web_failure::none;
  int32_t status = 0;
  int32_t retry_after_seconds = 0;
  std::string answer_body;
};

/// As JSON.
std::string to_json(const exchange_record& record);

/// `internal` with a sentence if the text is none.
caf::expected<exchange_record> exchange_from_json(std::string_view json);

} // namespace meisim
