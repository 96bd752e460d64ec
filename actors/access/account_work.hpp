#pragma once

#include "actors/access/accounts.hpp"
#include "persistence/access/api_keys.hpp"
#include "persistence/base/pipeline.hpp"
#include "persistence/notify/mails.hpp"
#include "protocols/access/audit.hpp"
#include "protocols/access/passwords.hpp"
#include "protocols/access/second_factor.hpp"
#include "protocols/access/sessions.hpp"
#include "protocols/base/error.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/notify/mail_content.hpp"

#include <chrono>
#include <string>
#include <utility>

// The work of ACCOUNTS, by what it is about, and what its parts have in common.

namespace meisim {

using accounts_pointer = accounts_actor::stateful_pointer<accounts_state>;

/// How long the region may take to answer before the caller is refused.
constexpr std::chrono::seconds region_patience{5};

// -- one_time_codes.cpp ---------------------------------------------------------------------------

caf::result<done> send(accounts_pointer self, const send_code& wish);
caf::result<issued_key> try_one(accounts_pointer self, const try_code& wish);
caf::result<session> log_in_by_code(accounts_pointer self, const login& wish);

/// The refusal that has waited longest is due.
void refuse_next(accounts_pointer self);

/// Spends a code of the account, or counts a wrong one. Part of the caller's transaction.
bool take_code(database& db, dealer_id dealer, const std::string& email, const std::string& code,
               const audit_stamp& by);

// -- password_sign_in.cpp -------------------------------------------------------------------------

caf::result<session> log_in(accounts_pointer self, const login& wish);
caf::result<done> sign_out(accounts_pointer self, const end_session& wish);

/// Counts a wrong password, and mails the owner when sign-ins pause. Part of the caller's
/// transaction.
void note_wrong_password(database& db, dealer_id dealer, const std::string& email,
                         const audit_stamp& by);

// -- password_change.cpp --------------------------------------------------------------------------

caf::result<done> set_own_password(accounts_pointer self, const set_password& wish);
caf::result<done> set_password_of(accounts_pointer self, dealer_id dealer,
                                  const reset_password& wish);

// -- second_factors.cpp ---------------------------------------------------------------------------

caf::result<second_factor_secret> begin_factor(accounts_pointer self,
                                               const begin_second_factor& wish);
caf::result<recovery_codes> confirm_factor(accounts_pointer self,
                                           const confirm_second_factor& wish);
caf::result<done> end_factor(accounts_pointer self, const end_second_factor& wish);

/// Takes a code of the authenticator, or a recovery code, once. True where the account has no
/// second factor. Part of the caller's transaction.
bool take_second_factor(database& db, dealer_id dealer, const std::string& code);

// -- dealer_keys.cpp ------------------------------------------------------------------------------

caf::result<issued_key> make_one(accounts_pointer self, const make_key& wish);
caf::result<done> revoke(accounts_pointer self, const revoke_key& wish);

/// Makes a key and mails the dealer, who is also told which keys it displaced. `by` has the event's
/// kind.
issued_key add_key(database& db, dealer_id dealer, const std::string& email, new_key what,
                   const audit_stamp& by);

// -- price_changes.cpp ----------------------------------------------------------------------------

caf::result<sku> change_price(accounts_pointer self, const set_price& wish);
caf::result<json_document> change_rule(accounts_pointer self, const set_price_rule& wish);
caf::result<json_document> end_one_rule(accounts_pointer self, const end_price_rule& wish);

// -- in common ------------------------------------------------------------------------------------

/// The stamp of somebody who has shown to be this dealer.
audit_stamp as_dealer(const audit_stamp& by, audit_kind kind, const std::string& email);

/// Queues a mail of one of our kinds to a dealer; part of the caller's transaction.
template <class Mail>
void mail_dealer(database& db, const std::string& email, const Mail& mail) {
  pipeline steps{db};
  queue_mail(steps, {mail_id::make(), email, std::string{Mail::kind}, {}, to_json(mail)});
  steps.run();
}

/// Answers once no request is judged by the old state of the account any more.
template <class Answer>
caf::result<Answer> after_change(accounts_pointer self, dealer_id dealer, Answer answer) {
  auto promise = self->make_response_promise<Answer>();
  self->request(self->state.region, region_patience, changed_atom_v, dealer, lookup{})
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

} // namespace meisim
