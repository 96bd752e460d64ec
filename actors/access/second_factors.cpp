#include "persistence/access/second_factors.hpp"

#include "actors/access/account_work.hpp"
#include "actors/access/totp.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/access/sign_in_guards.hpp"
#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim {

namespace {

constexpr int recovery_code_count = 10;

/// Eighty random bits as people can copy them.
std::string make_recovery_code() {
  std::array<uint8_t, 10> bytes;
  random_bytes(bytes.data(), bytes.size());
  auto text = to_hex(bytes.data(), bytes.size());
  return fmt::format("{}-{}", text.substr(0, 10), text.substr(10));
}

std::string recovery_hash(dealer_id dealer, const std::string& code) {
  return to_hex(sha256(to_string(dealer) + code));
}

std::string email_of(database& db, dealer_id dealer) {
  auto record = load_dealer_record(db, dealer);
  return record ? record->snapshot.email : std::string{};
}

/// Whether a code of the authenticator is right and was not used before. It counts as used from now
/// on.
bool take_authenticator_step(database& db, dealer_id dealer, const second_factor& factor,
                             const std::string& code) {
  auto step = totp_step(factor.secret, code, now());
  if (!step || *step <= factor.step)
    return false;
  note_step(db, dealer, *step);
  return true;
}

/// Keeps a new secret; nothing where a second factor is confirmed already.
std::optional<second_factor_secret> keep_new_secret(database& db, dealer_id dealer) {
  transaction tx{db};
  if (lock_second_factor(db, dealer).is_confirmed)
    return std::nullopt;
  auto secret = make_totp_secret();
  keep_second_factor(db, dealer, secret);
  auto url = totp_url(secret, email_of(db, dealer));
  tx.commit();
  return second_factor_secret{std::move(secret), std::move(url)};
}

void tell_of_change(database& db, dealer_id dealer, account_notice what, audit_stamp by) {
  auto email = email_of(db, dealer);
  write_audit_event(db, {std::move(by), email, dealer});
  mail_dealer(db, email, account_notice_mail{what, {}});
}

/// A wrong password or code counts as it would at a sign-in. Part of the caller's transaction.
void note_wrong_guess(database& db, dealer_id dealer, const audit_stamp& by) {
  note_wrong_password(db, dealer, email_of(db, dealer), by);
}

/// Ends the second factor, or says why not. A wrong code is counted in the same commit.
caf::expected<done> drop_by_code(database& db, const end_second_factor& wish) {
  transaction tx{db};
  if (!lock_second_factor(db, wish.dealer).is_confirmed)
    return make_error(ec::conflict, "the account has no second factor");
  bool is_paused = lock_guard(db, wish.dealer, wish.by.address).are_passwords_paused;
  bool is_right = !is_paused && take_second_factor(db, wish.dealer, wish.code);
  if (is_right) {
    drop_second_factor(db, wish.dealer);
    tell_of_change(db, wish.dealer, account_notice::second_factor_ended,
                   wish.by.as(audit_kind::second_factor_ended));
  } else {
    note_wrong_guess(db, wish.dealer, wish.by);
  }
  tx.commit();
  if (!is_right)
    return make_error(cause::invalid_field, "code is wrong, or was used before", "code");
  return done{};
}

} // namespace

bool take_second_factor(database& db, dealer_id dealer, const std::string& code) {
  auto factor = lock_second_factor(db, dealer);
  if (!factor.is_confirmed)
    return true;
  return take_authenticator_step(db, dealer, factor, code)
         || spend_recovery_code(db, dealer, recovery_hash(dealer, code));
}

caf::result<second_factor_secret> begin_factor(accounts_pointer self,
                                               const begin_second_factor& wish) {
  auto& db = *self->state.db;
  auto known = guarded(db, "finding a password",
                       [&] { return password_of(db, email_of(db, wish.dealer), wish.by.address); });
  if (!known)
    return std::move(known.error());
  auto answer = self->make_response_promise<second_factor_secret>();
  password_check check{wish.current_password,
                       *known && !(*known)->is_paused ? (*known)->hash : std::string{}};
  hash_and<bool>(self, self->state.changes, answer, std::move(check), [=](bool fits) mutable {
    auto& store = *self->state.db;
    if (!fits) {
      answer.deliver(make_error(ec::unauthorized, "currentPassword is wrong"));
      std::ignore = done_with(store, "counting a wrong password", [&] {
        transaction tx{store};
        note_wrong_guess(store, wish.dealer, wish.by);
        tx.commit();
      });
      return;
    }
    auto kept = guarded(store, "preparing a second factor",
                        [&] { return keep_new_secret(store, wish.dealer); });
    if (!kept)
      answer.deliver(std::move(kept.error()));
    else if (*kept)
      answer.deliver(std::move(**kept));
    else
      answer.deliver(make_error(ec::conflict, "the account has a second factor already"));
  });
  return answer;
}

caf::result<recovery_codes> confirm_factor(accounts_pointer self,
                                           const confirm_second_factor& wish) {
  auto& db = *self->state.db;
  auto confirmed =
    guarded(db, "confirming a second factor", [&]() -> caf::expected<recovery_codes> {
      transaction tx{db};
      auto factor = lock_second_factor(db, wish.dealer);
      if (factor.secret.empty() || factor.is_confirmed)
        return make_error(ec::conflict, "no second factor waits to be confirmed");
      if (!take_authenticator_step(db, wish.dealer, factor, wish.code))
        return make_error(cause::invalid_field, "code is not the authenticator's of this moment",
                          "code");
      recovery_codes result;
      std::vector<std::string> hashes;
      for (int i = 0; i < recovery_code_count; ++i)
        hashes.push_back(
          recovery_hash(wish.dealer, result.codes.emplace_back(make_recovery_code())));
      mark_second_factor_confirmed(db, wish.dealer, hashes);
      tell_of_change(db, wish.dealer, account_notice::second_factor_set,
                     wish.by.as(audit_kind::second_factor_set));
      tx.commit();
      return result;
    });
  if (!confirmed)
    return std::move(confirmed.error());
  if (!*confirmed)
    return std::move(confirmed->error());
  return std::move(**confirmed);
}

caf::result<done> end_factor(accounts_pointer self, const end_second_factor& wish) {
  auto& db = *self->state.db;
  auto ended = guarded(db, "ending a second factor", [&] { return drop_by_code(db, wish); });
  if (!ended)
    return std::move(ended.error());
  if (!*ended)
    return std::move(ended->error());
  return done{};
}

} // namespace meisim
