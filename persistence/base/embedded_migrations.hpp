#pragma once

#include <span>
#include <string_view>

namespace meisim {

/// One file of `persistence/migrations`, compiled into the program.
struct embedded_migration {
  std::string_view name; ///< the file's name without its ending, e.g. `0001_dealers`
  std::string_view text; ///< its SQL
};

/// All migrations in the order in which they are to be applied.
std::span<const embedded_migration> embedded_migrations();

} // namespace meisim
