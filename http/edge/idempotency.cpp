#include "http/edge/idempotency.hpp"

#include "protocols/money/commit.hpp"

namespace meisim::http {

void refuse(const exchange_pointer& x, const idempotency& known_as, const caf::error& why) {
  if (known_as.key.empty())
    return fail(x, why);
  auto owner = x->dealer().id;
  auto otherwise = [x, why](const caf::error& failure) {
    fail(x, code_of(failure) == ec::not_found ? why : failure);
  };
  // Unlike the database, the wallet knows of a first request that is still committing.
  meisim::ask_entity<wallet_actor, receipt>(
    x->self, x->node->region, wallet_atom_v, owner,
    std::make_shared<const find_answer>(find_answer{owner, known_as.key, known_as.request_hash}),
    x->step<receipt>([x](const receipt& known) { succeed(x, known); }),
    x->step<const caf::error>(otherwise), [](const wallet_actor&) {});
}

} // namespace meisim::http
