#pragma once

#include <span>
#include <string_view>

namespace meisim {

/// A statement of one of persistence's .sql files. The sources take it from the header that the
/// build makes from the file: `key.sql` becomes `key.sql.hpp`, with a string for each statement.
struct named_statement {
  std::string_view name;
  const char* text; ///< with parameters as SOCI (`:id`) or a pipeline (`$1`) takes them
};

/// All of them, for the test that holds them against the schema.
std::span<const named_statement> all_statements();

} // namespace meisim
