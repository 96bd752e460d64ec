#include "persistence/notify/brands.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/notify/brands.sql.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/json_writer.hpp"

#include <algorithm>

namespace meisim {

namespace {

/// Asked for each mail of an order, so it is prepared.
struct select_brand {
  explicit select_brand(soci::session& session)
    : statement((session.prepare << sql::find_brand, soci::use(dealer, "dealer"),
                 soci::into(found.name), soci::into(found.colour), soci::into(found.reply_to),
                 soci::into(logo))) {
    // nop
  }

  std::string dealer, logo;
  brand found;
  soci::statement statement;
};

} // namespace

std::optional<brand> brand_of(database& db, dealer_id dealer) {
  auto& query = db.prepared<select_brand>();
  query.dealer = to_string(dealer);
  if (!query.statement.execute(true))
    return std::nullopt;
  auto result = query.found;
  // PostgreSQL breaks the text into lines.
  auto logo = query.logo;
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
