#include "actors/access/totp.hpp"
#include "actors/base/answer_with.hpp"
#include "actors/operators/operator_work.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/operators/operators.hpp"

namespace meisim {

namespace {

/// Changes an operator's account, with its audit event; false if there is none.
template <class Wish, class Change>
caf::expected<bool> audited(database& db, const Wish& wish, Change change_account) {
  return guarded(db, "changing an operator's account", [&] {
    transaction tx{db};
    bool is_there = change_account();
    if (is_there)
      write_audit_event(db, {wish.by, wish.email});
    tx.commit();
    return is_there;
  });
}

caf::error no_operator() {
  return make_error(ec::not_found, "there is no such operator");
}

/// True if there is such an account.
bool put_password(database& db, const std::string& email, const std::string& hash) {
  bool is_there = update_operator_password(db, email, hash);
  if (is_there)
    mail_owner(db, email, account_notice::password_set);
  return is_there;
}

/// The same for the secret of its codes, which is empty where none are asked for.
bool put_totp(database& db, const std::string& email, const std::string& secret) {
  bool is_there = update_operator_totp(db, email, secret);
  if (is_there)
    mail_owner(db, email,
               secret.empty() ? account_notice::second_factor_ended
                              : account_notice::second_factor_set);
  return is_there;
}

} // namespace

void mail_owner(database& db, const std::string& email, account_notice what) {
  pipeline steps{db};
  queue_mail(steps, {mail_id::make(),
                     email,
                     std::string{account_notice_mail::kind},
                     {},
                     to_json(account_notice_mail{what, {}, true})});
  steps.run();
}

caf::result<desk_answer> add(operators_pointer self, const add_operator& wish) {
  auto promise = self->make_response_promise<desk_answer>();
  hash_and<std::string>(self, self->state.passwords, promise, password_to_hash{wish.password},
                        [=](const std::string& hash) mutable {
                          auto& db = *self->state.db;
                          auto added = guarded(db, "adding an operator", [&] {
                            transaction tx{db};
                            auto account = insert_operator(db, wish.email, wish.role, hash);
                            if (account) {
                              write_audit_event(db, {wish.by, wish.email, {}, {}, *account});
                              mail_owner(db, wish.email, account_notice::password_set);
                            }
                            tx.commit();
                            return account;
                          });
                          if (!added) {
                            promise.deliver(std::move(added.error()));
                            return;
                          }
                          if (!*added) {
                            promise.deliver(
                              make_error(ec::conflict, "email has an account already"));
                            return;
                          }
                          promise.deliver(desk_answer{std::move(**added)});
                        });
  return promise;
}

caf::result<done> set_password_of(operators_pointer self, const set_operator_password& wish) {
  auto promise = self->make_response_promise<done>();
  hash_and<std::string>(self, self->state.passwords, promise, password_to_hash{wish.password},
                        [=](const std::string& hash) mutable {
                          auto& db = *self->state.db;
                          auto kept =
                            audited(db, wish, [&] { return put_password(db, wish.email, hash); });
                          if (!kept) {
                            promise.deliver(std::move(kept.error()));
                            return;
                          }
                          if (!*kept) {
                            promise.deliver(no_operator());
                            return;
                          }
                          promise.deliver(done{});
                        });
  return promise;
}

caf::result<operator_totp> set_totp(operators_pointer self, const set_operator_totp& wish) {
  auto& db = *self->state.db;
  auto secret = wish.is_on ? make_totp_secret() : std::string{};
  auto kept = audited(db, wish, [&] { return put_totp(db, wish.email, secret); });
  if (!kept)
    return std::move(kept.error());
  if (!*kept)
    return no_operator();
  return operator_totp{secret};
}

} // namespace meisim
