#include "persistence/base/array.hpp"

namespace meisim {

void array_text::add(std::string_view value) {
  auto& text = next();
  text += '"';
  for (char c : value) {
    if (c == '"' || c == '\\')
      text += '\\';
    text += c;
  }
  text += '"';
}

} // namespace meisim
