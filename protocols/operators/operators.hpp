#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/instant.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// The people who run the service, and how they sign in.

/// What an operator may do: look, help dealers, look after money, or everything.
enum class operator_role : uint8_t { viewer, support, finance, admin };

constexpr size_t operator_role_count = static_cast<size_t>(operator_role::admin) + 1;

std::string_view to_string(operator_role role);

std::optional<operator_role> parse_operator_role(std::string_view text);

/// Whether an operator with the role `has` may do what needs the other role. Everybody may look.
constexpr bool suffices(operator_role has, operator_role needed) {
  return has == needed || has == operator_role::admin || needed == operator_role::viewer;
}

/// The refusal of an operator who has signed in with only a password, although the role needs a
/// one-time code as well.
caf::error second_factor_missing(operator_role role);

/// The name of whoever has the admin token.
constexpr std::string_view automation_name = "automation";

/// A new token for a session or a script, which nobody can guess.
std::string make_operator_token();

/// Whether a text has the form of one.
bool is_operator_token(std::string_view text);

/// Who is signed in.
struct operator_identity {
  /// The mail address, `token:` and a name for a script, or `automation`.
  std::string name;
  operator_role role = operator_role::viewer;
  /// SHA-256 of the session's token in hexadecimal; empty for scripts and the admin token.
  std::string session = {};
  /// Whether the session was begun with a one-time code beside the password.
  bool has_second_factor = false;
};

/// Whose session or token is this? `not_found` if it has ended, or was never there.
struct find_operator {
  /// SHA-256 of the token in hexadecimal.
  std::string token_hash;
};

/// Email, password and, where it is set up, a one-time code for a session. `unauthorized` does not
/// tell which of them was wrong.
struct operator_login {
  std::string email;
  std::string password;
  std::string code;
  audit_stamp by = {};
};

struct operator_session {
  /// Empty if there were too many wrong tries.
  std::string token;
  instant expires_at;
  operator_role role = operator_role::viewer;
  /// After how long the next try is looked at; only without a token.
  int32_t retry_after_seconds = 0;
};

/// Which sessions of an operator end: the one that asks, all but that one, or all.
enum class ended_sessions : uint8_t { own, others, all };

/// Sign out.
struct end_operator_session {
  std::string email;
  /// SHA-256 of the token in hexadecimal.
  std::string token_hash;
  ended_sessions which = ended_sessions::own;
  audit_stamp by;
};

/// Change the password of the operator who is signed in. `forbidden` if what was shown is wrong.
struct change_own_password {
  std::string email;
  /// SHA-256 of the session's token in hexadecimal. This session stays, all others end.
  std::string session;
  std::string password;
  std::string current_password;
  /// Of the authenticator; empty where the account has none.
  std::string code = {};
  audit_stamp by = {};
};

struct own_password_changed {
  /// After how long the next try is looked at, if there were too many wrong ones. Zero if it was
  /// done.
  int32_t retry_after_seconds = 0;
};

/// Give a person an account; `conflict` if the address has one.
struct add_operator {
  std::string email;
  operator_role role = operator_role::viewer;
  std::string password;
  audit_stamp by;
};

/// Sessions that were begun before end.
struct set_operator_password {
  std::string email;
  std::string password;
  audit_stamp by;
};

/// Ask for one-time codes at this operator's next sign-in, or not any more.
struct set_operator_totp {
  std::string email;
  bool is_on = true;
  audit_stamp by;
};

/// What goes into an authenticator, shown once; empty if codes were switched off.
struct operator_totp {
  /// In base 32.
  std::string secret;
};

} // namespace meisim
