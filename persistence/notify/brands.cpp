#include "persistence/notify/brands.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/notify/brands.sql.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/json_writer.hpp"

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

namespace {

/// The logo itself is left out, because it may be 100 KB.
std::string audited_brand(const std::optional<brand>& what) {
  if (!what)
    return {};
  return json_object([&](json_writer& out) {
    out.member("name", what->name)
      .member("colour", what->colour)
      .member("replyTo", or_null(what->reply_to))
      .member("hasLogo", !what->logo.empty());
  });
}

void upsert_brand(database& db, dealer_id dealer, const brand& what) {
  std::string id = to_string(dealer);
  std::string logo = to_base64(what.logo);
  db.session() << sql::put_brand, soci::use(id, "dealer"), soci::use(what.name, "name"),
    soci::use(what.colour, "colour"), soci::use(what.reply_to, "reply"), soci::use(logo, "logo");
}

void delete_brand(database& db, dealer_id dealer) {
  std::string id = to_string(dealer);
  db.session() << sql::drop_brand, soci::use(id, "dealer");
}

} // namespace

void put_brand(database& db, const set_brand& wish) {
  transaction tx{db};
  auto before = brand_of(db, wish.dealer);
  if (wish.what)
    upsert_brand(db, wish.dealer, *wish.what);
  else
    delete_brand(db, wish.dealer);
  if (wish.what || before)
    write_audit_event(db, {wish.by, to_string(wish.dealer), wish.dealer, audited_brand(before),
                           audited_brand(wish.what)});
  tx.commit();
}

} // namespace meisim
