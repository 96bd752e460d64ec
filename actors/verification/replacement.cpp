#include "actors/verification/replacement.hpp"

#include "protocols/cluster/remote.hpp"

namespace meisim {

namespace {

using replacement_pointer = replacement_actor::stateful_pointer<replacement_state>;

/// What follows from a decision on this node: another check, or a pool whose stock has changed.
void tell(replacement_pointer self, const replacement_view& view) {
  if (view.what == decision::pending)
    self->send(self->state.verification, wake_atom_v);
  if (view.what != decision::replaced && view.what != decision::awaiting_restock)
    return;
  // The pool's counts are no longer true.
  self->request(self->state.region, caf::infinite, restock_atom_v, view.pool, lookup{})
    .then([](done) {}, [](const caf::error&) {});
}

void take(replacement_pointer self, const job& work, const take_step& step) {
  self->request(self->state.batches, caf::infinite, step)
    .then(
      [self, work](const replacement_view& view) {
        tell(self, view);
        put_down(self, work);
      },
      postpone_on_error(self, work));
}

void decide(replacement_pointer self, const job& work, const replacement_verdicts& found) {
  auto step = step_after(found);
  bool is_unconfirmed = step == next_step::review && found.is_overdue && !found.second;
  take(self, work,
       {found.check, step, found.first_device,
        is_unconfirmed ? "no second device confirmed it" : "", batch_id{work.subject}});
}

void start(replacement_pointer self, const job& work) {
  self->request(self->state.batches, caf::infinite, load_verdicts{batch_id{work.subject}})
    .then([self, work](const replacement_verdicts& found) { decide(self, work, found); },
          postpone_on_error(self, work));
}

caf::result<replacement_view> request(replacement_pointer self, const request_replacement& wish) {
  auto answer = self->make_response_promise<replacement_view>();
  self->request(self->state.batches, caf::infinite, wish)
    .then(
      [self, answer](const replacement_view& view) mutable {
        if (view.what == decision::replaced) {
          answer.deliver(
            make_error(cause::already_replaced, "this eSIM has been replaced already"));
        } else {
          tell(self, view);
          answer.deliver(view);
        }
      },
      [answer](caf::error& failure) mutable { answer.deliver(std::move(failure)); });
  return answer;
}

caf::result<replacement_view> resolve(replacement_pointer self, const resolve_review& what) {
  auto answer = self->make_response_promise<replacement_view>();
  self->request(self->state.batches, caf::infinite, what)
    .then(
      [self, answer](const replacement_view& view) mutable {
        tell(self, view);
        answer.deliver(view);
      },
      [answer](caf::error& failure) mutable { answer.deliver(std::move(failure)); });
  return answer;
}

} // namespace

replacement_actor::behavior_type replacement(replacement_pointer self, job_loop_config config,
                                             job_store_actor store,
                                             verification_store_actor batches,
                                             verification_actor verification, region_actor region) {
  auto& state = self->state;
  state.batches = std::move(batches);
  state.verification = std::move(verification);
  state.region = std::move(region);
  return job_behavior(
    self, std::move(config), std::move(store), start,
    [self](const request_replacement& wish) { return request(self, wish); },
    [self](const resolve_review& what) { return resolve(self, what); });
}

} // namespace meisim
