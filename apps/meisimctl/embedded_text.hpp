#pragma once

#include <span>
#include <string_view>

namespace meisim {

/// A file that is compiled in.
struct embedded_text {
  std::string_view name;
  std::string_view text;
};

/// create_database.sql alone.
std::span<const embedded_text> database_scripts();

} // namespace meisim
