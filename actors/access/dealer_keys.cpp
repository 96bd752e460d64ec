#include "actors/access/account_work.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

/// What auditors are shown of a key.
std::string audited(const new_key& what) {
  return json_object([&](json_writer& out) {
    out.member("prefix", key_prefix(what.key))
      .member("label", or_null(what.label))
      .member("scopes", to_string(what.scopes))
      .member("expires_at", what.expires_at)
      .array("networks", what.networks);
  });
}

std::string audited(const std::string& prefix) {
  return json_object([&](json_writer& out) { out.member("prefix", prefix); });
}

} // namespace

issued_key add_key(database& db, dealer_id dealer, const std::string& email, new_key what,
                   const audit_stamp& by) {
  transaction tx{db};
  for (const auto& prefix : insert_key(db, dealer, what)) {
    mail_dealer(db, email, key_displaced_mail{prefix});
    write_audit_event(db, {by.as(audit_kind::key_displaced), email, dealer, audited(prefix), {}});
  }
  write_audit_event(db, {by, email, dealer, {}, audited(what)});
  mail_dealer(db, email, account_notice_mail{account_notice::key_made, key_prefix(what.key)});
  tx.commit();
  return {dealer, std::move(what.key)};
}

caf::result<issued_key> make_one(accounts_pointer self, const make_key& wish) {
  auto& db = *self->state.db;
  auto made = guarded(db, "making a key", [&] {
    auto email = load_dealer_record(db, wish.dealer).value().snapshot.email;
    return add_key(
      db, wish.dealer, email,
      {make_api_key(), key_origin::by_key, wish.label, wish.scopes, wish.expires_at, wish.networks},
      wish.by.as(audit_kind::key_made));
  });
  if (!made)
    return std::move(made.error());
  return after_change(self, wish.dealer, std::move(*made));
}

caf::result<done> revoke(accounts_pointer self, const revoke_key& wish) {
  auto& db = *self->state.db;
  auto gone = guarded(db, "revoking a key", [&] {
    transaction tx{db};
    if (!delete_key(db, wish.dealer, wish.prefix))
      return false;
    write_audit_event(db, {wish.by.as(audit_kind::key_revoked), wish.prefix, wish.dealer});
    tx.commit();
    return true;
  });
  if (!gone)
    return std::move(gone.error());
  if (!*gone)
    return make_error(ec::not_found, "no key has this prefix");
  return after_change(self, wish.dealer, done{});
}

} // namespace meisim
