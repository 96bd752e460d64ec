#pragma once

#include "http/edge/answering.hpp"
#include "protocols/cluster/ask_entity.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace meisim::http {

// How an exchange asks actors. `go_on` is called with their answer.

/// Asks an actor; `otherwise` is called with an error.
template <class Answer, class Handle, class GoOn, class Otherwise, class... Question>
void ask_or(const exchange_pointer& x, const Handle& target, GoOn go_on, Otherwise otherwise,
            Question&&... question) {
  x->self->request(target, caf::infinite, std::forward<Question>(question)...)
    .then(x->step<Answer>(std::move(go_on)), x->step<const caf::error>(std::move(otherwise)));
}

/// Asks an actor; an error becomes the answer of the request.
template <class Answer, class Handle, class GoOn, class... Question>
void ask(const exchange_pointer& x, const Handle& target, GoOn go_on, Question&&... question) {
  ask_or<Answer>(
    x, target, std::move(go_on), [x](const caf::error& failure) { fail(x, failure); },
    std::forward<Question>(question)...);
}

/// Only the owners of dealers and wallets are remembered. Other owners are looked for each time.
template <class Entity>
constexpr bool has_remembered_owners =
  std::is_same_v<Entity, dealer_actor> || std::is_same_v<Entity, wallet_actor>;

template <class Entity>
owner_cache<Entity>& owners_of(const exchange_pointer& x) {
  if constexpr (std::is_same_v<Entity, dealer_actor>)
    return x->node->owners->dealers;
  else
    return x->node->owners->wallets;
}

/// Asks the entity's owner, whom the region finds.
template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn,
          class Otherwise>
void find_and_ask(const exchange_pointer& x, Kind kind, const Id& id,
                  std::shared_ptr<const Question> question, GoOn go_on, Otherwise otherwise,
                  lookup how = {}) {
  auto found = [x, id](const Entity& owner) {
    if constexpr (has_remembered_owners<Entity>)
      owners_of<Entity>(x).remember(id, owner);
  };
  meisim::ask_entity<Entity, Answer>(x->self, x->node->region, kind, id, std::move(question),
                                     x->step<Answer>(std::move(go_on)),
                                     x->step<const caf::error>(std::move(otherwise)), found, how);
}

/// Asks an entity. Its owner is remembered, or found through the region. If the owner has left
/// since, it is found anew. `question` must be harmless to repeat. `failed` is called with an
/// error.
template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn,
          class Failed>
void ask_entity(const exchange_pointer& x, Kind kind, const Id& id, Question question, GoOn go_on,
                Failed failed) {
  auto shared = std::make_shared<const Question>(std::move(question));
  if constexpr (has_remembered_owners<Entity>) {
    if (auto known = owners_of<Entity>(x).find(id)) {
      auto otherwise = [=](const caf::error& failure) {
        if (!is_owner_elsewhere(failure))
          return Failed{failed}(failure);
        owners_of<Entity>(x).forget(id);
        // The remembered owner may have heard the question.
        find_and_ask<Entity, Answer>(x, kind, id, shared, go_on, failed, lookup{1});
      };
      return ask_or<Answer>(x, *known, go_on, otherwise, *shared);
    }
  }
  find_and_ask<Entity, Answer>(x, kind, id, std::move(shared), std::move(go_on), std::move(failed));
}

/// The same; an error becomes the answer of the request.
template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn>
void ask_entity(const exchange_pointer& x, Kind kind, const Id& id, Question question, GoOn go_on) {
  ask_entity<Entity, Answer>(x, kind, id, std::move(question), std::move(go_on),
                             [x](const caf::error& failure) { fail(x, failure); });
}

/// Sends the posting to the wallet, and answers with its receipt.
inline void post_to_wallet(const exchange_pointer& x, posting what) {
  auto owner = what.dealer;
  ask_entity<wallet_actor, receipt>(x, wallet_atom_v, owner, std::move(what),
                                    [x](const receipt& done) { succeed(x, done); });
}

/// Calls `go_on(const catalogue&)`.
template <class GoOn>
void with_catalogue(const exchange_pointer& x, GoOn go_on) {
  if (auto known = x->node->catalogue_board->latest())
    return go_on(*known);
  ask<catalogue_view>(
    x, x->node->provider, [go_on](const catalogue_view& view) { go_on(*view.current); },
    load_catalogue{});
}

} // namespace meisim::http
