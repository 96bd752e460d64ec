#include "http/edge/idempotency.hpp"

#include "protocols/money/commit.hpp"

namespace meisim::http {

void refuse(const exchange_pointer& x, const idempotency& known_as, const caf::error& why) {
  if (known_as.key.empty())
    return fail(x, why);
  ask<stored_receipt>(
    x, x->node->records.next(),
    [x, hash = known_as.request_hash, why](const stored_receipt& known) {
      if (!known.what.id)
        return fail(x, why);
      if (known.request_hash != hash)
        return fail(
          x, make_error(ec::conflict, "this Idempotency-Key was used with another request before"));
      auto again = known.what;
      again.replayed = true;
      succeed(x, again);
    },
    find_receipt{x->dealer().id, known_as.key});
}

} // namespace meisim::http
