#include "persistence/base/json_pages.hpp"

namespace meisim {

json_page page_reader::read(soci::statement& query) {
  json_page page;
  page_cursor last;
  query.execute();
  while (query.fetch()) {
    if (std::ssize(page.items) + 1 == most) {
      page.next_cursor = to_string(last);
      break;
    }
    last = {item_at, parse_uuid(item_id).value_or(uuid{})};
    page.items.push_back(item);
  }
  return page;
}

} // namespace meisim
