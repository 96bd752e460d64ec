#include "protocols/base/id_reading.hpp"

#include "protocols/base/text.hpp"

namespace meisim {

std::string bare_id(std::string_view text) {
  auto bare = compact_text(text);
  return bare.starts_with('{') && bare.ends_with('}') ? bare.substr(1, bare.size() - 2) : bare;
}

} // namespace meisim
