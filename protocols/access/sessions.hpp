#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <string>
#include <vector>

namespace meisim {

/// Which sessions of a dealer have tokens that are still good?
struct list_sessions {
  dealer_id dealer;
};

/// A session: what a sign-in by password has opened.
struct session_view {
  session_id id;
  /// `dealer` or `portal`.
  std::string audience;
  /// The IP address that it was opened from.
  std::string address;
  instant created_at;
  instant expires_at;
};

/// Newest first.
struct session_list {
  /// Whether a sign-in needs one.
  bool has_second_factor = false;
  std::vector<session_view> sessions;
};

/// Sign one session out. `not_found` if the dealer has no open session of this id.
struct end_session {
  dealer_id dealer;
  session_id id;
  audit_stamp by = {};
};

} // namespace meisim
