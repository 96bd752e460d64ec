#pragma once

#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace meisim {

/// How many owners in a row may turn out not to own the entity any more, before the caller is told
/// `outcome_unknown`. The region answers more slowly each time, so this takes some ten seconds.
constexpr uint32_t most_lookups = 40;

/// Whether the owner has left, has handed the entity over, or cannot be reached. Then the caller
/// looks for the owner anew.
inline bool is_owner_elsewhere(const caf::error& failure) {
  return failure == caf::sec::request_receiver_down || code_of(failure) == ec::not_owner;
}

/// The error of a caller whose question may have been heard although no answer came.
inline caf::error unknown_outcome() {
  return make_error(ec::outcome_unknown, "the node that was asked has gone");
}

/// The error that a caller is told for an owner's `failure`. If an earlier owner was asked and
/// never answered, it may have done what it was asked. Then nobody can say that nothing was
/// changed.
template <class Answer>
caf::error told_after(const lookup& how, const caf::error& failure) {
  bool may_be_done = std::is_same_v<Answer, receipt> && how.tries > 0;
  return may_be_done && code_of(failure) == ec::unavailable ? unknown_outcome() : failure;
}

/// Finds the owner of an entity, on whatever node, asks it, and calls `on_answer` or `on_error` in
/// `self` once. An entity that has moved meanwhile is found anew and asked again: `question` must
/// be harmless to repeat, as a posting is by its id. Each owner that is found goes through
/// `on_found`.
template <class Entity, class Answer, class Self, class Kind, class Id, class Question,
          class OnAnswer, class OnError, class OnFound>
void ask_entity(Self* self, const region_actor& region, Kind kind, const Id& id,
                std::shared_ptr<const Question> question, OnAnswer on_answer, OnError on_error,
                OnFound on_found, lookup how = {}) {
  self->request(region, caf::infinite, kind, id, how)
    .then(
      [=](const Entity& owner) {
        on_found(owner);
        self->request(owner, caf::infinite, *question)
          .then([on_answer](Answer& answer) mutable { on_answer(answer); },
                [=](const caf::error& failure) mutable {
                  if (!is_owner_elsewhere(failure))
                    return on_error(told_after<Answer>(how, failure));
                  if (how.tries >= most_lookups)
                    return on_error(unknown_outcome());
                  ask_entity<Entity, Answer>(self, region, kind, id, question, on_answer, on_error,
                                             on_found, lookup{how.tries + 1, how.is_local_only});
                });
      },
      [on_error, how](const caf::error& failure) mutable {
        on_error(told_after<Answer>(how, failure));
      });
}

} // namespace meisim
