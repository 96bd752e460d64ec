#include "actors/access/account_work.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/otps.hpp"
#include "persistence/access/sessions.hpp"
#include "persistence/access/sign_in_guards.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/json_writer.hpp"

#include <optional>

namespace meisim {

namespace {

/// A refusal comes no sooner than this after its request, so that its time does not tell whether
/// the address is a dealer's.
constexpr std::chrono::milliseconds refusal_delay{100};

std::string code_hash(dealer_id dealer, const std::string& code) {
  return to_hex(sha256(to_string(dealer) + code));
}

/// Mails a new code to whoever may sign in, unless the account has had its mails for now.
void mail_code(database& db, const std::string& email, int most_mails) {
  auto dealer = dealer_with_email(db, email);
  auto record = dealer ? load_dealer_record(db, *dealer) : std::nullopt;
  if (!record || record->snapshot.status == dealer_status::suspended)
    return;
  transaction tx{db};
  if (!take_code_mail(db, *dealer, most_mails))
    return;
  one_time_code_mail mail{make_one_time_code()};
  replace_code(db, *dealer, code_hash(*dealer, mail.code));
  mail_dealer(db, email, mail);
  tx.commit();
}

/// Refuses what was asked at `since`.
template <class Answer>
caf::result<Answer> refuse_late(accounts_pointer self,
                                std::chrono::steady_clock::time_point since) {
  auto answer = self->make_response_promise<Answer>();
  self->state.refusals.emplace_back(
    [answer](caf::error refusal) mutable { answer.deliver(std::move(refusal)); });
  // The delay counts from the request, because the work so far takes longer for a dealer's address.
  self->scheduled_send(self, since + refusal_delay, wake_atom_v);
  return answer;
}

/// Opens a session of our pages. Part of the caller's transaction.
session open_page_session(database& db, const dealer_record& account, const login& wish) {
  session opened{account.snapshot, account.token_epoch, session_id::make()};
  insert_session(db, opened, false, wish.by.address);
  write_audit_event(db, {as_dealer(wish.by, audit_kind::signed_in, wish.email),
                         wish.email,
                         opened.dealer.id,
                         {},
                         json_object([&](json_writer& out) { out.member("session", opened.id); })});
  return opened;
}

} // namespace

void refuse_next(accounts_pointer self) {
  auto refuse = std::move(self->state.refusals.front());
  self->state.refusals.pop_front();
  refuse(make_error(ec::unauthorized, "the code is wrong or has expired"));
}

bool take_code(database& db, dealer_id dealer, const std::string& email, const std::string& code,
               const audit_stamp& by) {
  auto guard = lock_guard(db, dealer, by.address);
  if (guard.are_codes_locked)
    return false;
  if (spend_code(db, dealer, code_hash(dealer, code))) {
    clear_wrong_codes(db, dealer, by.address);
    return true;
  }
  write_audit_event(db, {by.as(audit_kind::sign_in_failed), email, dealer});
  if (count_wrong_code(db, dealer)) {
    write_audit_event(db, {by.as(audit_kind::sign_in_locked), email, dealer});
    mail_dealer(db, email, account_notice_mail{account_notice::codes_locked, {}});
  }
  return false;
}

/// The work comes after the answer. So the answer tells nothing about the address, not even by its
/// time.
caf::result<done> send(accounts_pointer self, const send_code& wish) {
  auto answer = self->make_response_promise<done>();
  answer.deliver(done{});
  auto& db = *self->state.db;
  std::ignore = done_with(db, "mailing a code",
                          [&] { mail_code(db, wish.email, self->state.most_code_mails); });
  return answer;
}

caf::result<issued_key> try_one(accounts_pointer self, const try_code& wish) {
  auto since = self->clock().now();
  auto& db = *self->state.db;
  auto issued = guarded(db, "trying a code", [&]() -> std::optional<issued_key> {
    // A code is spent only with the key that it is good for; a wrong one counts all the same.
    transaction tx{db};
    std::optional<issued_key> result;
    auto dealer = dealer_with_email(db, wish.email);
    if (dealer && take_code(db, *dealer, wish.email, wish.code, wish.by))
      result = add_key(db, *dealer, wish.email, {make_api_key()},
                       as_dealer(wish.by, audit_kind::signed_in, wish.email));
    tx.commit();
    return result;
  });
  if (!issued)
    return std::move(issued.error());
  if (*issued)
    return after_change(self, (*issued)->dealer, **issued);
  return refuse_late<issued_key>(self, since);
}

caf::result<session> log_in_by_code(accounts_pointer self, const login& wish) {
  auto since = self->clock().now();
  auto& db = *self->state.db;
  auto opened = guarded(db, "signing in by a code", [&]() -> std::optional<session> {
    // As with a key: a wrong code counts all the same.
    transaction tx{db};
    std::optional<session> result;
    auto dealer = dealer_with_email(db, wish.email);
    if (dealer && take_code(db, *dealer, wish.email, wish.one_time_code, wish.by))
      if (auto account = load_dealer_record(db, *dealer))
        result = open_page_session(db, *account, wish);
    tx.commit();
    return result;
  });
  if (!opened)
    return std::move(opened.error());
  if (*opened)
    return std::move(**opened);
  return refuse_late<session>(self, since);
}

} // namespace meisim
