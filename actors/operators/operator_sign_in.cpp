#include "actors/access/totp.hpp"
#include "actors/base/answer_with.hpp"
#include "actors/operators/operator_work.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/sign_in_guards.hpp"
#include "persistence/operators/operators.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/base/crypto.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace meisim {

namespace {

caf::error wrong_sign_in() {
  return make_error(ec::unauthorized, "email, password or code is wrong");
}

/// What somebody shows to be an operator, and the request in which they do.
struct operator_proof {
  std::string email;
  std::string password;
  std::string code;
  audit_stamp by;
};

/// What became of a proof.
struct tried_proof {
  operator_proof shown;
  operator_account account;
  /// How many tries there were since the last right one, with this one.
  int32_t tries = 0;
  bool fits = false;
  /// The time step of the code; zero if no code is asked for, nothing if the code is wrong.
  std::optional<int64_t> step = {};
};

std::optional<int64_t> step_of(const operator_account& account, const std::string& code) {
  if (account.totp_secret.empty())
    return 0;
  return totp_step(account.totp_secret, code, now());
}

/// Compares a password and a code with an account's, or answers how long to wait before that. It is
/// counted before it is known how it ends, so that many tries at once are slowed down too.
template <class Answer, class GoOn>
caf::result<Answer> try_proof(operators_pointer self, const operator_proof& shown, GoOn go_on) {
  auto& db = *self->state.db;
  auto counted = guarded(db, "counting a try", [&] { return begin_sign_in(db, shown.email); });
  if (!counted)
    return std::move(counted.error());
  if (counted->seconds_to_wait > 0) {
    Answer refused;
    refused.retry_after_seconds = counted->seconds_to_wait;
    return refused;
  }
  auto found =
    guarded(db, "finding an operator", [&] { return operator_account_of(db, shown.email); });
  if (!found)
    return std::move(found.error());
  tried_proof tried{shown, found->value_or(operator_account{}), counted->tries};
  password_check check{shown.password, tried.account.password_hash};
  auto promise = self->make_response_promise<Answer>();
  hash_and<bool>(self, self->state.passwords, promise, std::move(check), [=](bool fits) mutable {
    tried.fits = fits;
    tried.step = step_of(tried.account, tried.shown.code);
    go_on(tried, promise);
  });
  return promise;
}

/// Writes a wrong try down, and mails the owner when the pauses begin to grow. The caller has its
/// answer by now, so the time of the answer does not tell whether there is such an account.
void tell_of_failure(operators_pointer self, const tried_proof& tried) {
  auto& db = *self->state.db;
  const auto& email = tried.shown.email;
  const auto& by = tried.shown.by;
  std::ignore = done_with(db, "telling of a failed sign-in", [&] {
    transaction tx{db};
    write_audit_event(db, {by.as(audit_kind::sign_in_failed), email});
    if (tried.tries == most_wrong_passwords && !tried.account.password_hash.empty()) {
      write_audit_event(db, {by.as(audit_kind::sign_in_locked), email});
      mail_owner(db, email, account_notice::passwords_paused);
    }
    tx.commit();
  });
}

// -- signing in -----------------------------------------------------------------------------------

using session_promise = caf::typed_response_promise<operator_session>;

bool lacks_second_factor(operators_pointer self, const operator_account& account) {
  return account.totp_secret.empty()
         && std::ranges::count(self->state.second_factor_roles, account.role) > 0;
}

void begin_session(operators_pointer self, const tried_proof& tried, session_promise answer) {
  auto& db = *self->state.db;
  const auto& email = tried.shown.email;
  operator_session session;
  session.token = make_operator_token();
  session.role = tried.account.role;
  auto expires = guarded(db, "beginning an operator's session", [&] {
    transaction tx{db};
    auto ends = begin_operator_session(
      db, {email, tried.account.password_hash, *tried.step, to_hex(sha256(session.token))},
      session_lifetime);
    if (ends) {
      auto by = tried.shown.by.as(audit_kind::signed_in);
      by.actor = email;
      write_audit_event(db, {by, email});
    }
    tx.commit();
    return ends;
  });
  if (!expires) {
    answer.deliver(std::move(expires.error()));
    return;
  }
  if (!*expires) {
    answer.deliver(wrong_sign_in());
    return tell_of_failure(self, tried);
  }
  session.expires_at = **expires;
  answer.deliver(std::move(session));
}

// -- an operator's own password -------------------------------------------------------------------

using change_promise = caf::typed_response_promise<own_password_changed>;

caf::error wrong_proof() {
  return make_error(ec::forbidden,
                    "the current password or the code is wrong; a code is good once");
}

/// False if the password was changed, or the code was used, since they were compared.
bool put_own_password(database& db, const tried_proof& tried, const new_operator_password& what) {
  transaction tx{db};
  bool is_changed = change_operator_password(db, what);
  if (is_changed) {
    write_audit_event(db, {tried.shown.by, what.email});
    mail_owner(db, what.email, account_notice::password_set);
  }
  tx.commit();
  return is_changed;
}

/// The proof is right.
void keep_own_password(operators_pointer self, const tried_proof& tried,
                       const change_own_password& wish, change_promise answer) {
  hash_and<std::string>(self, self->state.passwords, answer, password_to_hash{wish.password},
                        [=](const std::string& hash) mutable {
                          auto& db = *self->state.db;
                          new_operator_password what{wish.email, hash, tried.account.password_hash,
                                                     *tried.step, wish.session};
                          auto kept = guarded(db, "changing a password",
                                              [&] { return put_own_password(db, tried, what); });
                          if (!kept) {
                            answer.deliver(std::move(kept.error()));
                            return;
                          }
                          if (!*kept) {
                            answer.deliver(wrong_proof());
                            return tell_of_failure(self, tried);
                          }
                          answer.deliver(own_password_changed{});
                        });
}

} // namespace

caf::result<operator_session> sign_operator_in(operators_pointer self, const operator_login& wish) {
  operator_proof shown{wish.email, wish.password, wish.code, wish.by};
  return try_proof<operator_session>(
    self, shown, [=](const tried_proof& tried, session_promise answer) {
      bool is_short = lacks_second_factor(self, tried.account);
      if (tried.fits && tried.step && !is_short)
        return begin_session(self, tried, answer);
      answer.deliver(tried.fits && is_short ? second_factor_missing(tried.account.role)
                                            : wrong_sign_in());
      tell_of_failure(self, tried);
    });
}

caf::result<done> sign_operator_out(operators_pointer self, const end_operator_session& wish) {
  auto& db = *self->state.db;
  return done_with(db, "ending an operator's sessions", [&] {
    transaction tx{db};
    if (delete_operator_sessions(db, wish))
      write_audit_event(db, {wish.by.as(audit_kind::signed_out), wish.email});
    tx.commit();
  });
}

caf::result<own_password_changed> change_password(operators_pointer self,
                                                  const change_own_password& wish) {
  operator_proof shown{wish.email, wish.current_password, wish.code, wish.by};
  return try_proof<own_password_changed>(self, shown,
                                         [=](const tried_proof& tried, change_promise answer) {
                                           if (tried.fits && tried.step)
                                             return keep_own_password(self, tried, wish, answer);
                                           answer.deliver(wrong_proof());
                                           tell_of_failure(self, tried);
                                         });
}

} // namespace meisim
