#include "http/edge/auditing.hpp"

namespace meisim::http {

namespace {

std::string actor_of(const exchange& x) {
  if (role_needed(x.where.who))
    return x.caller.name;
  return x.dealer().id ? dealer_actor_name(x.dealer().email) : "anybody";
}

} // namespace

audit_stamp stamp_of(const exchange_pointer& x) {
  return {x->where.extras.audit, actor_of(*x), x->incoming.ip, x->incoming.id};
}

} // namespace meisim::http
