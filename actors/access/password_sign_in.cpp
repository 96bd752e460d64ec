#include "actors/access/account_work.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/sessions.hpp"
#include "persistence/access/sign_in_guards.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

using session_promise = caf::typed_response_promise<session>;

caf::error wrong_login() {
  return make_error(ec::unauthorized, "email or password is wrong");
}

/// What a sign-in is about, once the account is known. For an unknown address the id is zero.
struct sign_in {
  login wish;
  password_record known;

  dealer_id dealer() const {
    return known.account.dealer.id;
  }
};

/// The caller has its answer by now, so the time of the answer does not tell whether there is such
/// an account.
void count_failure(database& db, const sign_in& tried) {
  if (!tried.dealer())
    return;
  std::ignore = done_with(db, "counting a wrong password", [&] {
    transaction tx{db};
    note_wrong_password(db, tried.dealer(), tried.wish.email, tried.wish.by);
    tx.commit();
  });
}

session open_session(database& db, const sign_in& tried) {
  auto opened = tried.known.account;
  opened.id = session_id::make();
  insert_session(db, opened, tried.wish.portal, tried.wish.by.address);
  clear_wrong_passwords(db, tried.dealer(), tried.wish.by.address);
  write_audit_event(db, {as_dealer(tried.wish.by, audit_kind::signed_in, tried.wish.email),
                         tried.wish.email,
                         tried.dealer(),
                         {},
                         json_object([&](json_writer& out) { out.member("session", opened.id); })});
  return opened;
}

/// The password is right.
void finish_sign_in(database& db, const sign_in& tried, session_promise answer) {
  if (tried.known.has_second_factor && tried.wish.code.empty()) {
    answer.deliver(
      make_error(ec::unauthorized, "code is required: the account has a second factor"));
    return;
  }
  auto opened = guarded(db, "opening a session", [&]() -> std::optional<session> {
    transaction tx{db};
    std::optional<session> result;
    if (take_second_factor(db, tried.dealer(), tried.wish.code))
      result = open_session(db, tried);
    else
      note_wrong_password(db, tried.dealer(), tried.wish.email, tried.wish.by);
    tx.commit();
    return result;
  });
  if (!opened)
    answer.deliver(std::move(opened.error()));
  else if (*opened)
    answer.deliver(std::move(**opened));
  else
    answer.deliver(make_error(ec::unauthorized, "code is wrong, or was used before"));
}

} // namespace

void note_wrong_password(database& db, dealer_id dealer, const std::string& email,
                         const audit_stamp& by) {
  auto guard = lock_guard(db, dealer, by.address);
  write_audit_event(db, {by.as(audit_kind::sign_in_failed), email, dealer});
  // A sign-in during the pause is not looked at, so it does not make the pause longer.
  if (guard.are_passwords_paused || !count_wrong_password(db, dealer))
    return;
  write_audit_event(db, {by.as(audit_kind::sign_in_locked), email, dealer});
  mail_dealer(db, email, account_notice_mail{account_notice::passwords_paused, {}});
}

caf::result<session> log_in(accounts_pointer self, const login& wish) {
  auto& db = *self->state.db;
  auto tried = guarded(db, "finding a password", [&] {
    auto known = password_of(db, wish.email, wish.by.address);
    return sign_in{wish, known.value_or(password_record{})};
  });
  if (!tried)
    return std::move(tried.error());
  auto answer = self->make_response_promise<session>();
  bool may = !wish.portal || tried->known.account.dealer.portal;
  // Without a hash the answer is no, after the same time.
  password_check check{wish.password, tried->known.is_paused ? std::string{} : tried->known.hash};
  hash_and<bool>(self, self->state.checks, answer, std::move(check),
                 [=, tried = *tried](bool fits) mutable {
                   if (fits && may)
                     return finish_sign_in(*self->state.db, tried, answer);
                   answer.deliver(wrong_login());
                   count_failure(*self->state.db, tried);
                 });
  return answer;
}

caf::result<done> sign_out(accounts_pointer self, const end_session& wish) {
  auto& db = *self->state.db;
  auto ended = guarded(db, "ending a session", [&] {
    transaction tx{db};
    if (!end_open_session(db, wish.dealer, wish.id))
      return false;
    write_audit_event(db, {wish.by.as(audit_kind::signed_out), to_string(wish.id), wish.dealer});
    tx.commit();
    return true;
  });
  if (!ended)
    return std::move(ended.error());
  if (!*ended)
    return make_error(ec::not_found, "there is no such session that is open");
  return after_change(self, wish.dealer, done{});
}

} // namespace meisim
