#pragma once

#include "protocols/base/page.hpp"

#include <soci/soci.h>

#include <string>

namespace meisim {

/// Reads a page of a list. Each statement selects for each item the number and the id of its place,
/// and its JSON. It is asked for one item more than the page holds, which tells whether another
/// page follows.
class page_reader {
public:
  explicit page_reader(const page_wish& wish)
    : at(wish.behind.at), id(to_string(wish.behind.id)), most(wish.limit + 1) {
    // nop
  }

  /// Runs the statement, whose rows are read into the three below.
  json_page read(soci::statement& query);

  // The variables that a statement is bound to: parameters first, then a row.

  long long at;
  std::string id;
  int most;
  long long item_at = 0;
  std::string item_id;
  std::string item;
};

} // namespace meisim
