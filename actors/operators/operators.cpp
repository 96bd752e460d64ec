#include "actors/operators/operators.hpp"

#include "actors/access/totp.hpp"
#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/credit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/operators/desk.hpp"
#include "persistence/operators/operators.hpp"
#include "persistence/supply/quarantine.hpp"
#include "protocols/access/passwords.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/notify/mail_content.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace meisim {

namespace {

using operators_pointer = operators_actor::stateful_pointer<operators_state>;
using session_promise = caf::typed_response_promise<operator_session>;

constexpr std::chrono::hours session_lifetime{12};

/// This is fewer than dealers have: operators are few, and whoever guesses is slowed down.
constexpr int most_hashing = 8;

/// How long other actors may take to hear of a change before the caller is told that it may be
/// late.
constexpr std::chrono::seconds patience{5};

caf::error wrong_sign_in() {
  return make_error(ec::unauthorized, "email, password or code is wrong");
}

/// Asks the password hasher; `go_on` gets its answer and ends the promise.
template <class Answer, class Promise, class Question, class GoOn>
void ask_hasher(operators_pointer self, Promise promise, Question question, GoOn go_on) {
  if (self->state.hashing >= most_hashing) {
    promise.deliver(make_error(ec::unavailable, "too many sign-ins are under way, please repeat"));
    return;
  }
  ++self->state.hashing;
  self->request(self->state.passwords, caf::infinite, std::move(question))
    .then(
      [self, go_on](const Answer& answer) mutable {
        --self->state.hashing;
        go_on(answer);
      },
      [self, promise](caf::error& failure) mutable {
        --self->state.hashing;
        promise.deliver(std::move(failure));
      });
}

// -- signing in -----------------------------------------------------------------------------------

/// The time step of the code; zero if no code is asked for, nothing if the code is wrong.
std::optional<int64_t> step_of(const operator_account& account, const std::string& code) {
  if (account.totp_secret.empty())
    return 0;
  return totp_step(account.totp_secret, code, now());
}

bool lacks_second_factor(operators_pointer self, const operator_account& account) {
  return account.totp_secret.empty()
         && std::ranges::count(self->state.second_factor_roles, account.role) > 0;
}

void begin_session(operators_pointer self, const operator_login& wish,
                   const operator_account& account, int64_t step, session_promise answer) {
  auto& db = *self->state.db;
  operator_session session;
  session.token = make_operator_token();
  session.role = account.role;
  auto expires = guarded(db, "beginning an operator's session", [&] {
    transaction tx{db};
    auto ends = begin_operator_session(
      db, {wish.email, account.password_hash, step, to_hex(sha256(session.token))},
      session_lifetime);
    if (ends) {
      auto by = wish.by.as(audit_kind::signed_in);
      by.actor = wish.email;
      write_audit_event(db, {by, wish.email});
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
    return;
  }
  session.expires_at = **expires;
  answer.deliver(std::move(session));
}

caf::result<done> sign_out(operators_pointer self, const end_operator_session& wish) {
  auto& db = *self->state.db;
  return done_with(db, "ending an operator's sessions", [&] {
    transaction tx{db};
    if (delete_operator_sessions(db, wish))
      write_audit_event(db, {wish.by.as(audit_kind::signed_out), wish.email});
    tx.commit();
  });
}

void tell_of_failure(operators_pointer self, const operator_login& wish) {
  auto& db = *self->state.db;
  // The caller is refused even if this cannot be written down.
  std::ignore = done_with(db, "telling of a failed sign-in", [&] {
    transaction tx{db};
    write_audit_event(db, {wish.by.as(audit_kind::sign_in_failed), wish.email});
    tx.commit();
  });
}

caf::result<operator_session> sign_in(operators_pointer self, const operator_login& wish) {
  auto& db = *self->state.db;
  // The try is counted before it is known how it ends, so that many at once are slowed down too.
  auto pause = guarded(db, "counting a sign-in", [&] { return begin_sign_in(db, wish.email); });
  if (!pause)
    return std::move(pause.error());
  if (*pause > 0) {
    operator_session refused;
    refused.retry_after_seconds = *pause;
    return refused;
  }
  auto found =
    guarded(db, "finding an operator", [&] { return operator_account_of(db, wish.email); });
  if (!found)
    return std::move(found.error());
  auto account = found->value_or(operator_account{});
  auto promise = self->make_response_promise<operator_session>();
  ask_hasher<bool>(
    self, promise, password_check{wish.password, account.password_hash}, [=](bool fits) mutable {
      auto step = step_of(account, wish.code);
      bool is_short = lacks_second_factor(self, account);
      if (fits && step && !is_short)
        return begin_session(self, wish, account, *step, promise);
      tell_of_failure(self, wish);
      promise.deliver(fits && is_short ? second_factor_missing(account.role) : wrong_sign_in());
    });
  return promise;
}

// -- accounts -------------------------------------------------------------------------------------

caf::result<desk_answer> add(operators_pointer self, const add_operator& wish) {
  auto promise = self->make_response_promise<desk_answer>();
  ask_hasher<std::string>(
    self, promise, password_to_hash{wish.password}, [=](const std::string& hash) mutable {
      auto& db = *self->state.db;
      auto added = guarded(db, "adding an operator", [&] {
        transaction tx{db};
        auto account = insert_operator(db, wish.email, wish.role, hash);
        if (account)
          write_audit_event(db, {wish.by, wish.email, {}, {}, *account});
        tx.commit();
        return account;
      });
      if (!added) {
        promise.deliver(std::move(added.error()));
        return;
      }
      if (!*added) {
        promise.deliver(make_error(ec::conflict, "email has an account already"));
        return;
      }
      promise.deliver(desk_answer{std::move(**added)});
    });
  return promise;
}

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

/// Tells the owner of an account what has become of it, whoever has done that. Part of the caller's
/// transaction.
void mail_owner(database& db, const std::string& email, account_notice what) {
  pipeline steps{db};
  queue_mail(steps, {mail_id::make(),
                     email,
                     std::string{account_notice_mail::kind},
                     {},
                     to_json(account_notice_mail{what, {}, true})});
  steps.run();
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

caf::result<done> keep_password(operators_pointer self, const set_operator_password& wish) {
  auto promise = self->make_response_promise<done>();
  ask_hasher<std::string>(
    self, promise, password_to_hash{wish.password}, [=](const std::string& hash) mutable {
      auto& db = *self->state.db;
      auto kept = audited(db, wish, [&] { return put_password(db, wish.email, hash); });
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

// -- what operators change ------------------------------------------------------------------------

/// Answers once those who remember what was changed have been told. A failure to tell them undoes
/// nothing.
template <class Handle, class... Message>
caf::result<desk_answer> after_telling(operators_pointer self, desk_answer answer,
                                       const Handle& whom, Message... message) {
  auto promise = self->make_response_promise<desk_answer>();
  self->request(whom, patience, message...)
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

audit_event event_of(const desk_change& wish, const desk_outcome& outcome) {
  auto known = [](const std::string& json) { return json == "null" ? std::string{} : json; };
  return {wish.by_whom, outcome.subject, outcome.dealer, known(outcome.before),
          known(outcome.after)};
}

/// Whether the price cache remembers it.
bool is_of_prices(desk_action what) {
  return what == desk_action::add_sku || what == desk_action::add_route
         || what == desk_action::remove_route || what == desk_action::pin_route;
}

/// The error of an action that has found nothing to act on.
caf::error nothing_to(desk_action what) {
  switch (what) {
  case desk_action::add_token:
    return make_error(ec::conflict, "name is a token's that has not ended: disable that one first");
  case desk_action::change_dealer:
    return make_error(ec::not_found, no_such_dealer);
  case desk_action::disable_token:
    return make_error(ec::conflict, "there is no such token that is good; automation is not "
                                    "disabled before an operator has the role admin");
  case desk_action::enable_token:
    return make_error(ec::not_found, "there is no such token that is disabled");
  case desk_action::replay_webhook:
    return make_error(ec::not_found, "there is no such delivery, or its webhook is disabled");
  default:
    return make_error(ec::not_found, "there is nothing to do this to");
  }
}

/// The error of an action that is not possible now.
caf::error conflict_of(desk_action what) {
  bool is_way_in = what == desk_action::disable_operator || what == desk_action::set_operator_role;
  return make_error(ec::conflict, is_way_in
                                    ? "this is the last way in, as automation is disabled: enable "
                                      "that, or give somebody else the role admin before"
                                    : "another one has this name already");
}

caf::result<desk_answer> change(operators_pointer self, const desk_change& wish) {
  auto& db = *self->state.db;
  auto changed = guarded(db, "changing something for an operator", [&] {
    transaction tx{db};
    auto outcome = do_at_desk(db, wish);
    if (outcome)
      write_audit_event(db, event_of(wish, *outcome));
    if (outcome && wish.what == desk_action::release_all)
      serve_all_waiting(db);
    tx.commit();
    return outcome;
  });
  if (!changed && code_of(changed.error()) == ec::conflict)
    return conflict_of(wish.what);
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return nothing_to(wish.what);
  auto& outcome = **changed;
  desk_answer answer{std::move(outcome.after)};
  if (is_of_prices(wish.what))
    return after_telling(self, std::move(answer), self->state.prices, refresh_atom_v);
  if (wish.what == desk_action::change_dealer)
    return after_telling(self, std::move(answer), self->state.region, changed_atom_v,
                         outcome.dealer, lookup{});
  return answer;
}

/// The stock is counted again soon, so a failure loses nothing.
void look_at_stock(operators_pointer self, const note_stock& what) {
  auto& db = *self->state.db;
  std::ignore = done_with(db, "looking at the stock", [&] { note_pool_stock(db, what); });
}

caf::result<credit_settled> settle_account(operators_pointer self, const settle_credit& wish) {
  auto& db = *self->state.db;
  auto dealer = guarded(db, "finding a dealer", [&] { return dealer_with_email(db, wish.email); });
  if (!dealer)
    return std::move(dealer.error());
  if (!*dealer)
    return make_error(ec::not_found, no_such_dealer);
  auto settled = guarded(db, "booking a payment", [&] { return settle(db, **dealer, wish); });
  if (!settled)
    return std::move(settled.error());
  if (!*settled)
    return make_error(cause::idempotency_key_reused,
                      "this Idempotency-Key was used with another request before");
  return **settled;
}

} // namespace

operators_actor::behavior_type operators(operators_pointer self, std::string connection,
                                         region_actor region, password_hasher_actor passwords,
                                         price_cache_actor prices,
                                         std::vector<operator_role> second_factor_roles) {
  self->state.db = std::make_unique<database>(std::move(connection), "operators");
  self->state.region = std::move(region);
  self->state.passwords = std::move(passwords);
  self->state.prices = std::move(prices);
  self->state.second_factor_roles = std::move(second_factor_roles);
  return {
    [self](const operator_login& wish) { return sign_in(self, wish); },
    [self](const end_operator_session& wish) { return sign_out(self, wish); },
    [self](const add_operator& wish) { return add(self, wish); },
    [self](const set_operator_password& wish) { return keep_password(self, wish); },
    [self](const set_operator_totp& wish) { return set_totp(self, wish); },
    [self](const settle_credit& wish) { return settle_account(self, wish); },
    [self](const desk_change& wish) { return change(self, wish); },
    [self](const note_stock& what) { look_at_stock(self, what); },
  };
}

} // namespace meisim
