#pragma once

#include "actors/operators/operators.hpp"
#include "protocols/notify/mail_content.hpp"

#include <string>

// The work of OPERATORS that is about their own accounts.

namespace meisim {

using operators_pointer = operators_actor::stateful_pointer<operators_state>;

// -- operator_sign_in.cpp -------------------------------------------------------------------------

caf::result<operator_session> sign_operator_in(operators_pointer self, const operator_login& wish);
caf::result<done> sign_operator_out(operators_pointer self, const end_operator_session& wish);
caf::result<own_password_changed> change_password(operators_pointer self,
                                                  const change_own_password& wish);

// -- operator_accounts.cpp ------------------------------------------------------------------------

caf::result<desk_answer> add(operators_pointer self, const add_operator& wish);
caf::result<done> set_password_of(operators_pointer self, const set_operator_password& wish);
caf::result<operator_totp> set_totp(operators_pointer self, const set_operator_totp& wish);

/// Tells the owner of an account what has become of it, whoever has done that. Part of the caller's
/// transaction.
void mail_owner(database& db, const std::string& email, account_notice what);

} // namespace meisim
