#include "actors/cluster/node_gate.hpp"

#include "actors/cluster/peer_link.hpp"
#include "protocols/cluster/ask_entity.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace meisim {

namespace {

using gate_pointer = node_gate_actor::stateful_pointer<node_gate_state>;

/// How many owners are remembered.
constexpr size_t most_owners = 4'096;

/// What to do with the answer to a call.
struct caller {
  peer_link_actor link;
  uint64_t call_id = 0;
  lookup how;
};

void flush(gate_pointer self) {
  for (auto& [address, entry] : std::exchange(self->state.gathered, {}))
    self->send(entry.first, std::move(entry.second));
}

void answer(gate_pointer self, const caller& to, remote_result what) {
  auto& state = self->state;
  --state.in_hand;
  bool is_first = state.gathered.empty();
  auto& [link, batch] = state.gathered[to.link.address()];
  link = to.link;
  batch.answers.push_back({to.call_id, std::move(what)});
  if (state.in_hand < few_calls)
    flush(self);
  else if (is_first)
    self->send(self, flush_atom_v);
}

/// Tells the caller that the entity is not here. The caller then looks for the owner again.
void refuse(gate_pointer self, const caller& to, const caf::error& why) {
  answer(self, to, is_owner_elsewhere(why) ? make_error(ec::not_owner) : why);
}

/// Whether owners of this kind are remembered; pools and IP limiters are looked for each time.
template <class Entity>
constexpr bool is_remembered =
  std::is_same_v<Entity, dealer_actor> || std::is_same_v<Entity, wallet_actor>;

template <class Entity>
auto& owners_of(node_gate_state& state) {
  if constexpr (std::is_same_v<Entity, dealer_actor>)
    return state.dealers;
  else
    return state.wallets;
}

template <class Entity>
void remember(node_gate_state& state, dealer_id id, const Entity& owner) {
  auto& known = owners_of<Entity>(state);
  // Each entry keeps the memory of an actor, even of one that has left.
  if (known.size() >= most_owners)
    known.clear();
  known.insert_or_assign(id, owner);
}

/// Finds the entity and asks it once. If this was not the owner, the caller looks for another one.
template <class Entity, class Answer, class Kind, class Id, class Question>
void find_and_ask(gate_pointer self, const caller& from, Kind kind, const Id& id,
                  std::shared_ptr<const Question> question) {
  auto fail = [self, from](const caf::error& why) {
    refuse(self, from, told_after<Answer>(from.how, why));
  };
  self->request(self->state.region, caf::infinite, kind, id, from.how)
    .then(
      [=](const Entity& owner) {
        if constexpr (is_remembered<Entity>)
          remember(self->state, id, owner);
        self->request(owner, caf::infinite, *question)
          .then([self, from](Answer& result) { answer(self, from, std::move(result)); }, fail);
      },
      fail);
}

/// Asks an owner that was found before. If it has left, finds the owner anew.
template <class Answer, class Entity, class Kind, class Question>
void ask_remembered(gate_pointer self, const caller& from, const Entity& owner, Kind kind,
                    dealer_id id, std::shared_ptr<const Question> question) {
  self->request(owner, caf::infinite, *question)
    .then([self, from](Answer& result) { answer(self, from, std::move(result)); },
          [=](const caf::error& why) {
            if (!is_owner_elsewhere(why))
              return refuse(self, from, why);
            owners_of<Entity>(self->state).erase(id);
            // The remembered owner may have heard the question.
            auto again = from;
            ++again.how.tries;
            find_and_ask<Entity, Answer>(self, again, kind, id, question);
          });
}

template <class Entity, class Answer, class Kind, class Id, class Question>
void pass_on(gate_pointer self, const caller& from, Kind kind, const Id& id, Question what) {
  auto question = std::make_shared<const Question>(std::move(what));
  if constexpr (is_remembered<Entity>) {
    auto& known = owners_of<Entity>(self->state);
    // A call that has been passed on already must not go through a remembered link to another node.
    if (auto found = known.find(id); found != known.end() && !from.how.is_local_only)
      return ask_remembered<Answer>(self, from, found->second, kind, id, std::move(question));
  }
  find_and_ask<Entity, Answer>(self, from, kind, id, std::move(question));
}

/// Hands the last owner's memory to the entity. The last owner may know sooner than this node that
/// the entity belongs here now.
template <class Entity, class Kind, class Id>
void leave_with(gate_pointer self, Kind kind, const Id& id, rate_memory what) {
  self->request(self->state.region, caf::infinite, kind, id, lookup{1, true})
    .then([self, what](const Entity& owner) { self->send(owner, what); }, [](const caf::error&) {});
}

template <class... News>
void tell_region(gate_pointer self, const caller& from, News... news) {
  self->request(self->state.region, caf::infinite, news..., lookup{0, true})
    .then([self, from](done) { answer(self, from, done{}); },
          [self, from](const caf::error& why) { refuse(self, from, why); });
}

void take(gate_pointer self, const caller& from, admission_request& question) {
  auto dealer = question.dealer;
  pass_on<dealer_actor, admission>(self, from, dealer_atom_v, dealer, std::move(question));
}

void take(gate_pointer self, const caller& from, address_request& question) {
  auto address = question.address;
  pass_on<ip_limiter_actor, admission>(self, from, ip_limiter_atom_v, address, std::move(question));
}

void take(gate_pointer self, const caller& from, posting& question) {
  auto dealer = question.dealer;
  pass_on<wallet_actor, receipt>(self, from, wallet_atom_v, dealer, std::move(question));
}

void take(gate_pointer self, const caller& from, find_answer& question) {
  auto dealer = question.dealer;
  pass_on<wallet_actor, receipt>(self, from, wallet_atom_v, dealer, std::move(question));
}

void take(gate_pointer self, const caller& from, purchase& question) {
  auto pool = question.pool;
  pass_on<pool_actor, receipt>(self, from, pool_atom_v, pool, std::move(question));
}

void take(gate_pointer self, const caller& from, count_pool& question) {
  auto pool = question.pool;
  pass_on<pool_actor, stock_counts>(self, from, pool_atom_v, pool, std::move(question));
}

void take(gate_pointer self, const caller& from, account_changed& news) {
  tell_region(self, from, changed_atom_v, news.dealer);
}

void take(gate_pointer self, const caller& from, pool_restocked& news) {
  tell_region(self, from, restock_atom_v, news.pool);
}

void take(gate_pointer self, const caller&, dealer_memory& memory) {
  leave_with<dealer_actor>(self, dealer_atom_v, memory.dealer, std::move(memory.what));
}

void take(gate_pointer self, const caller&, ip_limiter_memory& memory) {
  leave_with<ip_limiter_actor>(self, ip_limiter_atom_v, memory.address, std::move(memory.what));
}

/// Has this node's VERIFICATION do it. Whoever asks, asks all nodes.
template <class Answer, class Question>
void ask_verification(gate_pointer self, const caller& from, const Question& question) {
  self->request(self->state.verification, caf::infinite, question, lookup{0, true})
    .then([self, from](Answer& result) { answer(self, from, std::move(result)); },
          [self, from](const caf::error& why) { refuse(self, from, why); });
}

void take(gate_pointer self, const caller& from, drain_device& wish) {
  ask_verification<done>(self, from, wish);
}

void take(gate_pointer self, const caller& from, test_device& wish) {
  ask_verification<device_test>(self, from, wish);
}

/// Calls move money, so none is taken from a node that was not greeted or has gone. A node that has
/// just come asks again.
bool may_call(gate_pointer self, const peer_link_actor& link) {
  return link.node() == self->node() || self->state.linked->contains(link.node());
}

void take_calls(gate_pointer self, remote_calls& batch) {
  auto link = caf::actor_cast<peer_link_actor>(self->current_sender());
  // There is nobody to answer.
  if (!link)
    return;
  bool is_known = may_call(self, link);
  self->state.metrics->remote_in.Increment(static_cast<double>(batch.calls.size()));
  for (auto& call : batch.calls) {
    self->state.in_hand += call.call_id == 0 ? 0 : 1;
    caller from{link, call.call_id, {0, call.is_relayed}};
    if (is_known)
      std::visit([&](auto& question) { take(self, from, question); }, call.what);
    else if (call.call_id != 0)
      refuse(self, from, make_error(ec::not_owner));
  }
}

} // namespace

node_gate_actor::behavior_type node_gate(gate_pointer self, region_actor region,
                                         membership_actor membership,
                                         verification_actor verification,
                                         std::shared_ptr<const node_metrics> metrics,
                                         std::shared_ptr<const linked_nodes> linked) {
  self->state.region = std::move(region);
  self->state.membership = std::move(membership);
  self->state.verification = std::move(verification);
  self->state.metrics = std::move(metrics);
  self->state.linked = std::move(linked);
  return {
    [self](node_greeting& greeting) {
      return self->delegate(self->state.membership, std::move(greeting));
    },
    [self](remote_calls& batch) { take_calls(self, batch); },
    [self](flush_atom) { flush(self); },
  };
}

} // namespace meisim
