#include "persistence/notify/brands.hpp"

#include "persistence/notify/brands.sql.hpp"
#include "protocols/base/base64.hpp"

#include <algorithm>

namespace meisim {

std::optional<brand> brand_of(database& db, dealer_id dealer) {
  std::string id = to_string(dealer);
  std::string logo;
  brand result;
  auto& session = db.session();
  session << sql::find_brand, soci::use(id, "dealer"), soci::into(result.name),
    soci::into(result.colour), soci::into(result.reply_to), soci::into(logo);
  if (!session.got_data())
    return std::nullopt;
  // PostgreSQL breaks the text into lines.
  std::erase(logo, '\n');
  result.logo = from_base64(logo).value_or("");
  return result;
}

void put_brand(database& db, const set_brand& wish) {
  std::string id = to_string(wish.dealer);
  if (!wish.what) {
    db.session() << sql::drop_brand, soci::use(id, "dealer");
    return;
  }
  const auto& what = *wish.what;
  std::string logo = to_base64(what.logo);
  db.session() << sql::put_brand, soci::use(id, "dealer"), soci::use(what.name, "name"),
    soci::use(what.colour, "colour"), soci::use(what.reply_to, "reply"), soci::use(logo, "logo");
}

} // namespace meisim
