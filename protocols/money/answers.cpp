#include "protocols/money/answers.hpp"

#include "protocols/base/json_writer.hpp"

namespace meisim {

std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : json_quoted(text);
}

std::string time_or_null(instant at) {
  return at == instant{} ? "null" : '"' + rfc3339(at) + '"';
}

} // namespace meisim
