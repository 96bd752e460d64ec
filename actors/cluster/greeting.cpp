#include "actors/cluster/greeting.hpp"

#include "protocols/base/error.hpp"

#include <utility>

namespace meisim {

namespace {

/// They are bound to both incarnations, which nobody can choose. They are also bound to the gate's
/// process, so that no other process can be put in its place and be handed calls.
std::string words_between(const node_greeting& greeting, const uuid& other) {
  return greeting_words(greeting.name + ' ' + to_string(greeting.incarnation),
                        greeting.gate->node(), to_string(other));
}

} // namespace

caf::expected<node_greeting> proved_to(const uuid& other, node_greeting greeting,
                                       const std::optional<identity_files>& identity) {
  if (!identity)
    return greeting;
  auto proof = prove(*identity, words_between(greeting, other));
  if (!proof)
    return proof.error();
  greeting.proof = std::move(*proof);
  return greeting;
}

caf::error check_greeting(const uuid& own, const node_greeting& greeting,
                          const std::optional<identity_files>& identity) {
  if (!greeting.gate)
    return make_error(ec::forbidden, "the greeting names no gate");
  if (!identity)
    return caf::none;
  return check_proof(*identity, greeting.proof, greeting.name, words_between(greeting, own));
}

} // namespace meisim
