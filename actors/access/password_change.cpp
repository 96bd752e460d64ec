#include "actors/access/account_work.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/sign_in_guards.hpp"

namespace meisim {

namespace {

using done_promise = caf::typed_response_promise<done>;

/// A password that is to be set, and what the audit event and the mail tell of it.
struct password_change {
  dealer_id dealer;
  std::string email;
  std::string password;
  audit_stamp by;
};

void keep_password(database& db, const password_change& what, const std::string& hash) {
  transaction tx{db};
  update_password(db, what.dealer, hash);
  write_audit_event(db, {what.by, what.email, what.dealer});
  mail_dealer(db, what.email, account_notice_mail{account_notice::password_set, {}});
  tx.commit();
}

/// Hashes the password, keeps it, and ends the tokens that were issued before.
void hash_and_keep(accounts_pointer self, const password_change& what, done_promise answer) {
  hash_and<std::string>(
    self, self->state.changes, answer, password_to_hash{what.password},
    [=](const std::string& hash) mutable {
      auto& db = *self->state.db;
      auto kept = guarded(db, "keeping a password", [&] {
        keep_password(db, what, hash);
        return true;
      });
      if (!kept) {
        answer.deliver(std::move(kept.error()));
        return;
      }
      self->request(self->state.region, region_patience, changed_atom_v, what.dealer, lookup{})
        .then([answer](done) mutable { answer.deliver(done{}); },
              [answer](caf::error& failure) mutable { answer.deliver(std::move(failure)); });
    });
}

/// Changes the password if the one that was shown is the account's.
void check_current(accounts_pointer self, const set_password& wish, const password_change& what,
                   const std::string& hash, done_promise answer) {
  hash_and<bool>(self, self->state.changes, answer, password_check{wish.current_password, hash},
                 [=](bool fits) mutable {
                   if (fits)
                     return hash_and_keep(self, what, answer);
                   answer.deliver(make_error(ec::unauthorized, "currentPassword is wrong"));
                   auto& db = *self->state.db;
                   std::ignore = done_with(db, "counting a wrong password", [&] {
                     transaction tx{db};
                     note_wrong_password(db, what.dealer, what.email, what.by);
                     tx.commit();
                   });
                 });
}

/// What a change has to know of the account.
struct password_owner {
  std::optional<password_record> account;
  /// Whether a first password can be set with the key that was shown.
  bool may_begin = false;
};

password_owner find_owner(database& db, const set_password& wish) {
  auto origin = origin_of_key(db, wish.key_hash);
  return {password_of(db, wish.email, wish.by.address), origin && *origin != key_origin::by_key};
}

/// Why the code opens nothing; nothing if it is right.
caf::error refusal_of_code(database& db, const set_password& wish) {
  auto is_right = guarded(db, "trying a code", [&] {
    transaction tx{db};
    bool taken = take_code(db, wish.dealer, wish.email, wish.code, wish.by);
    tx.commit();
    return taken;
  });
  if (!is_right)
    return std::move(is_right.error());
  return *is_right ? caf::error{} : make_error(ec::unauthorized, "code is wrong or has expired");
}

} // namespace

caf::result<done> set_own_password(accounts_pointer self, const set_password& wish) {
  auto& db = *self->state.db;
  auto found = guarded(db, "finding a dealer", [&] { return find_owner(db, wish); });
  if (!found)
    return std::move(found.error());
  if (!found->account || found->account->account.dealer.id != wish.dealer)
    return make_error(cause::invalid_field, "email must be the account's own", "email");
  const auto& hash = found->account->hash;
  password_change what{wish.dealer, wish.email, wish.password,
                       wish.by.as(audit_kind::password_set)};
  if (hash.empty() && !found->may_begin)
    return make_error(ec::forbidden, "the first password is set with a key from a one-time code");
  if (!hash.empty() && wish.code.empty() && wish.current_password.empty())
    return make_error(cause::missing_field,
                      "currentPassword or code is required, as the account has a password",
                      "currentPassword");
  bool is_by_code = !hash.empty() && !wish.code.empty();
  if (is_by_code)
    if (auto refusal = refusal_of_code(db, wish))
      return refusal;
  auto answer = self->make_response_promise<done>();
  if (hash.empty() || is_by_code)
    hash_and_keep(self, what, answer);
  else
    check_current(self, wish, what, found->account->is_paused ? std::string{} : hash, answer);
  return answer;
}

caf::result<done> set_password_of(accounts_pointer self, dealer_id dealer,
                                  const reset_password& wish) {
  auto answer = self->make_response_promise<done>();
  hash_and_keep(self, {dealer, wish.email, wish.password, wish.by}, answer);
  return answer;
}

} // namespace meisim
