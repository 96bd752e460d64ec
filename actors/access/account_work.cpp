#include "actors/access/account_work.hpp"

namespace meisim {

audit_stamp as_dealer(const audit_stamp& by, audit_kind kind, const std::string& email) {
  auto result = by.as(kind);
  result.actor = dealer_actor_name(email);
  return result;
}

} // namespace meisim
