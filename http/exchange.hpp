#pragma once

#include "http/json.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"
#include "http/services.hpp"
#include "http/status.hpp"
#include "protocols/ask_entity.hpp"
#include "protocols/interfaces.hpp"

#include <caf/all.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace meisim::http {

struct route;

/// Which part of a list a caller wants.
struct page_range {
  int32_t limit = 0;
  int32_t offset = 0;
};

/// One request on its way through the actors, carried by an actor of its own that ends with the
/// answer. Handlers hold it by shared pointer in their continuations.
class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(std::shared_ptr<const services> of, request what, reply to, const route& where,
           std::vector<std::string> names)
    : node(std::move(of)), incoming(std::move(what)), captures(std::move(names)),
      to_(std::move(to)), where_(where) {
    // nop
  }

  /// Who is signed in; only meaningful behind an admission.
  const dealer_snapshot& dealer() const {
    return admission_.dealer;
  }

  /// Asks an actor. `go_on` gets the answer; an error becomes the answer of the request.
  template <class Answer, class Handle, class GoOn, class... Question>
  void ask(const Handle& target, GoOn go_on, Question&&... question) {
    auto me = shared_from_this();
    self->request(target, caf::infinite, std::forward<Question>(question)...)
      .then([me, go_on](Answer& answer) mutable { go_on(answer); },
            [me](const caf::error& failure) { me->fail(failure); });
  }

  /// Asks an entity, whose owner is remembered or else found through the region. The owner may have
  /// left since: then it is found anew. `question` must be harmless to repeat.
  template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn>
  void ask_entity(Kind kind, const Id& id, Question question, GoOn go_on) {
    auto shared = std::make_shared<const Question>(std::move(question));
    if constexpr (has_remembered_owners<Entity>)
      if (auto known = owners_of<Entity>().find(id))
        return ask_remembered<Answer>(*known, kind, id, std::move(shared), go_on);
    find_and_ask<Entity, Answer>(kind, id, std::move(shared), go_on);
  }

  /// Calls `go_on(const catalogue&)`.
  template <class GoOn>
  void with_catalogue(GoOn go_on) {
    if (auto known = node->catalogue_board->latest())
      return go_on(*known);
    ask<catalogue_view>(
      node->provider, [go_on](const catalogue_view& view) { go_on(*view.current); },
      load_catalogue{});
  }

  /// The body as a JSON object; nothing if it is none, which has then been answered.
  std::optional<Json::Value> json_body();

  /// Like json_body, but no body at all is an empty object.
  std::optional<Json::Value> optional_json_body();

  /// The Idempotency-Key; empty without one. Nothing if it is malformed, which has then been
  /// answered.
  std::optional<std::string> idempotency_key();

  /// The page of a list that `limit` and `offset` ask for; nothing if they are wrong, which has
  /// then been answered.
  std::optional<page_range> page();

  /// What tells a request from another one with the same Idempotency-Key.
  std::string request_hash() const;

  void succeed(std::string body);
  void succeed(const receipt& what);
  void fail(const caf::error& failure);
  void answer(response what);

  /// Admission first, then the route's handler.
  void run(caf::event_based_actor* carrier);

  caf::event_based_actor* self = nullptr;
  const std::shared_ptr<const services> node;
  const request incoming;
  /// What stands in place of the `:names` of the route's path.
  const std::vector<std::string> captures;

private:
  template <class Entity>
  static constexpr bool has_remembered_owners =
    std::is_same_v<Entity, dealer_actor> || std::is_same_v<Entity, wallet_actor>;

  template <class Entity>
  owner_cache<Entity>& owners_of() const {
    if constexpr (std::is_same_v<Entity, dealer_actor>)
      return node->owners->dealers;
    else
      return node->owners->wallets;
  }

  template <class Answer, class Entity, class Kind, class Id, class Question, class GoOn>
  void ask_remembered(const Entity& owner, Kind kind, const Id& id,
                      std::shared_ptr<const Question> question, GoOn go_on) {
    auto me = shared_from_this();
    self->request(owner, caf::infinite, *question)
      .then([me, go_on](Answer& answer) mutable { go_on(answer); },
            [=](const caf::error& failure) {
              if (!is_owner_elsewhere(failure))
                return me->fail(failure);
              me->template owners_of<Entity>().forget(id);
              me->template find_and_ask<Entity, Answer>(kind, id, question, go_on);
            });
  }

  template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn>
  void find_and_ask(Kind kind, const Id& id, std::shared_ptr<const Question> question, GoOn go_on) {
    auto me = shared_from_this();
    auto fail = [me](const caf::error& failure) { me->fail(failure); };
    auto found = [me, id](const Entity& owner) {
      if constexpr (has_remembered_owners<Entity>)
        me->template owners_of<Entity>().remember(id, owner);
    };
    meisim::ask_entity<Entity, Answer>(self, node->region, kind, id, std::move(question), go_on,
                                       fail, found);
  }

  void admit_dealer();
  void admit_key();
  void admit_token();
  void judge(dealer_id id, credential shown);
  void admit_visitor();
  void admit_operator();
  void take_admission(const admission& verdict);

  reply to_;
  const route& where_;
  admission admission_;
};

using exchange_pointer = std::shared_ptr<exchange>;

/// Starts the exchange on an actor of its own.
void start_exchange(caf::actor_system& system, exchange_pointer what);

} // namespace meisim::http
