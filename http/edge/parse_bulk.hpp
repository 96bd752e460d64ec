#pragma once

#include <caf/expected.hpp>
#include <json/value.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

/// The one great member of a large body: an array of texts, or a text.
struct bulk_rules {
  const char* name;
  /// The most texts of an array, and the sentence for more. 0 if the member is a text.
  size_t most_texts = 0;
  const char* count_rule = "";
  /// The longest text in the array, in bytes, and the sentence for a longer one.
  size_t longest_text = 0;
  const char* length_rule = "";
};

struct bulk_body {
  /// All members. An empty array, or a text of one character, stands in place of the great one.
  Json::Value members{Json::objectValue};
  std::vector<std::string> texts;
  std::string text;
};

/// Reads a body as parse_body does, but piece by piece, so that it takes little more memory than
/// its bytes. Beside the great member there may be at most 1,000 values. `invalid` tells what is
/// wrong.
caf::expected<bulk_body> parse_bulk_body(std::string_view body, const bulk_rules& rules);

} // namespace meisim::http
