#include "actors/access/accounts.hpp"

#include "actors/access/account_work.hpp"
#include "actors/access/long_changes.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/api_keys.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/sessions.hpp"
#include "persistence/notify/brands.hpp"
#include "persistence/notify/notices.hpp"
#include "persistence/supply/stock.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/json_writer.hpp"

#include <chrono>
#include <iterator>

namespace meisim {

namespace {

constexpr std::chrono::seconds key_use_interval{10};

/// How many passwords are checked at once for sign-ins, and how many for changes.
constexpr int most_checks = 32;
constexpr int most_changes = 8;

// -- the operator's part --------------------------------------------------------------------------

caf::result<dealer_overviews> list(accounts_pointer self, const std::string& email) {
  auto& db = *self->state.db;
  auto found = guarded(db, "listing dealers", [&] { return dealer_overviews_of(db, email); });
  if (!found)
    return std::move(found.error());
  if (found->empty() && !email.empty())
    return make_error(ec::not_found, no_such_dealer);
  return dealer_overviews{std::move(*found)};
}

std::string audited_dealer(const add_dealer& wish) {
  return json_object([&](json_writer& out) {
    out.member("company", wish.company)
      .member("status", to_string(wish.status))
      .member("markup_pct", wish.markup_basis_points / 100.0)
      .member("resend_fee", wish.resend_fee)
      .member("portal", wish.portal)
      .member("credit_limit", wish.credit_limit);
  });
}

std::string audited_status(dealer_status status, const std::string& reason) {
  return json_object([&](json_writer& out) {
    out.member("status", to_string(status));
    if (!reason.empty())
      out.member("reason", reason);
  });
}

caf::result<dealer_overviews> add(accounts_pointer self, add_dealer wish) {
  auto& db = *self->state.db;
  wish.credit_limit = self->state.default_credit_limit;
  auto added = guarded(db, "adding a dealer", [&] {
    if (dealer_with_email(db, wish.email))
      return false;
    transaction tx{db};
    auto id = dealer_id::make();
    insert_dealer(db, id, wish);
    write_audit_event(db, {wish.by, wish.email, id, {}, audited_dealer(wish)});
    tx.commit();
    return true;
  });
  if (!added)
    return std::move(added.error());
  if (!*added)
    return make_error(ec::conflict, "email is in use");
  return list(self, wish.email);
}

/// Finds a dealer by address and goes on with its id.
template <class Answer, class GoOn>
caf::result<Answer> with_dealer(accounts_pointer self, const std::string& email, GoOn go_on) {
  auto& db = *self->state.db;
  auto found = guarded(db, "finding a dealer", [&] { return dealer_with_email(db, email); });
  if (!found)
    return std::move(found.error());
  if (!*found)
    return make_error(ec::not_found, no_such_dealer);
  return go_on(**found);
}

caf::result<dealer_overviews> change_status(accounts_pointer self, const set_status& wish) {
  return with_dealer<dealer_overviews>(
    self, wish.email, [&](dealer_id dealer) -> caf::result<dealer_overviews> {
      auto& db = *self->state.db;
      auto changed = guarded(db, "setting a status", [&] {
        transaction tx{db};
        auto before = dealer_overviews_of(db, wish.email).at(0);
        update_status(db, dealer, wish.status, wish.reason);
        write_audit_event(db, {wish.by, wish.email, dealer,
                               audited_status(before.dealer.status, before.suspended_because),
                               audited_status(wish.status, wish.reason)});
        auto shown = dealer_overviews{dealer_overviews_of(db, wish.email)};
        tx.commit();
        return shown;
      });
      if (!changed)
        return std::move(changed.error());
      return after_change(self, dealer, std::move(*changed));
    });
}

caf::result<issued_key> issue(accounts_pointer self, const issue_key& wish) {
  return with_dealer<issued_key>(
    self, wish.email, [&](dealer_id dealer) -> caf::result<issued_key> {
      auto& db = *self->state.db;
      auto issued = guarded(db, "issuing a key", [&] {
        return add_key(db, dealer, wish.email, {make_api_key(), key_origin::by_operator}, wish.by);
      });
      if (!issued)
        return std::move(issued.error());
      return after_change(self, dealer, std::move(*issued));
    });
}

void note_used_keys(accounts_pointer self) {
  auto& db = *self->state.db;
  std::vector<std::string> hashes{self->state.used_keys.begin(), self->state.used_keys.end()};
  self->state.used_keys.clear();
  // If this fails, the key only looks as if it had been unused for longer.
  std::ignore = done_with(db, "noting the use of keys", [&] { note_key_use(db, hashes); });
}

} // namespace

accounts_actor::behavior_type accounts(accounts_pointer self, std::string connection,
                                       accounts_config config) {
  auto others = self->spawn<caf::detached + caf::linked>(long_changes, connection, config.region);
  self->state.db = std::make_unique<database>(std::move(connection), "accounts");
  self->state.region = std::move(config.region);
  self->state.checks = {std::move(config.checks), most_checks};
  self->state.changes = {std::move(config.changes), most_changes};
  self->state.prices = std::move(config.prices);
  self->state.most_code_mails = config.most_code_mails;
  self->state.default_credit_limit = config.default_credit_limit;
  auto& db = *self->state.db;
  return {
    [self](const send_code& wish) { return send(self, wish); },
    [self](const try_code& wish) { return try_one(self, wish); },
    [self](const set_password& wish) { return set_own_password(self, wish); },
    [self](const login& wish) {
      return wish.one_time_code.empty() ? log_in(self, wish) : log_in_by_code(self, wish);
    },
    [&db](const list_sessions& question) -> caf::result<session_list> {
      return answer_with(db, "listing sessions",
                         [&] { return open_sessions_of(db, question.dealer); });
    },
    [self](const end_session& wish) { return sign_out(self, wish); },
    [self](const begin_second_factor& wish) { return begin_factor(self, wish); },
    [self](const confirm_second_factor& wish) { return confirm_factor(self, wish); },
    [self](const end_second_factor& wish) { return end_factor(self, wish); },
    [&db](const list_keys& question) -> caf::result<key_list> {
      return answer_with(db, "listing keys",
                         [&] { return key_list{keys_of(db, question.dealer)}; });
    },
    [self](const make_key& wish) { return make_one(self, wish); },
    [self](const revoke_key& wish) { return revoke(self, wish); },
    [&db](const set_brand& wish) {
      return done_with(db, "setting a brand", [&] { put_brand(db, wish); });
    },
    [&db](const set_notice_choices& wish) {
      return done_with(db, "setting what a dealer is mailed",
                       [&] { put_notice_choices(db, wish); });
    },
    [self](const key_used& note) {
      if (self->state.used_keys.empty())
        self->delayed_send(self, key_use_interval, flush_atom_v);
      self->state.used_keys.insert(note.key_hash);
    },
    [self](flush_atom) { note_used_keys(self); },
    [self](wake_atom) { refuse_next(self); },
    [&db](const audit_event& event) {
      return done_with(db, "noting an event", [&] { write_audit_event(db, event); });
    },
    [self](const add_dealer& wish) { return add(self, wish); },
    [self](const list_dealers& question) { return list(self, question.email); },
    [self](const set_status& wish) { return change_status(self, wish); },
    [self](const issue_key& wish) { return issue(self, wish); },
    [self](const reset_password& wish) {
      return with_dealer<done>(
        self, wish.email, [&](dealer_id dealer) { return set_password_of(self, dealer, wish); });
    },
    [=](erase_customer& wish) { return self->delegate(others, std::move(wish)); },
    [self](const set_price& wish) { return change_price(self, wish); },
    [self](const set_price_rule& wish) { return change_rule(self, wish); },
    [self](const end_price_rule& wish) { return end_one_rule(self, wish); },
    [=](import_stock& rows) { return self->delegate(others, std::move(rows)); },
    [=](withdraw_stock& wish) { return self->delegate(others, std::move(wish)); },
    [=](quarantine_stock& wish) { return self->delegate(others, std::move(wish)); },
    [=](release_stock& wish) { return self->delegate(others, std::move(wish)); },
  };
}

} // namespace meisim
