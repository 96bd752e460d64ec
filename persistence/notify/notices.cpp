#include "persistence/notify/notices.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/notify/notices.sql.hpp"
#include "persistence/notify/webhooks.hpp"
#include "protocols/base/json_writer.hpp"

#include <string>

namespace meisim {

namespace {

std::string audited_choices(const notice_choices& what) {
  return json_object([&](json_writer& out) {
    out.member("language", what.language)
      .member("lowBalanceUsd", what.low_balance)
      .member("failedOrders", what.failed_orders)
      .member("disabledWebhooks", what.disabled_webhooks);
  });
}

} // namespace

notice_choices notice_choices_of(database& db, dealer_id dealer) {
  std::string id = to_string(dealer);
  std::string language;
  long long low = -1;
  int orders = 0;
  int webhooks = 0;
  auto& session = db.session();
  session << sql::find_notice_choices, soci::use(id, "dealer"), soci::into(language),
    soci::into(low), soci::into(orders), soci::into(webhooks);
  notice_choices result;
  if (!session.got_data())
    return result;
  result.language = language;
  if (low >= 0)
    result.low_balance = money::from_cents(low);
  result.failed_orders = orders != 0;
  result.disabled_webhooks = webhooks != 0;
  return result;
}

void put_notice_choices(database& db, const set_notice_choices& wish) {
  transaction tx{db};
  std::string id = to_string(wish.dealer);
  db.session() << sql::lock_notice_choices, soci::use(id, "dealer");
  lock_listeners(db, id);
  auto before = notice_choices_of(db, wish.dealer);
  long long low = wish.what.low_balance ? wish.what.low_balance->cents() : -1;
  int orders = wish.what.failed_orders ? 1 : 0;
  int webhooks = wish.what.disabled_webhooks ? 1 : 0;
  db.session() << sql::put_notice_choices, soci::use(id, "dealer"),
    soci::use(wish.what.language, "language"), soci::use(low, "low"), soci::use(orders, "orders"),
    soci::use(webhooks, "webhooks");
  note_listeners(db, id);
  write_audit_event(
    db, {wish.by, id, wish.dealer, audited_choices(before), audited_choices(wish.what)});
  tx.commit();
}

} // namespace meisim
