#pragma once

#include "http/edge/json.hpp"
#include "http/edge/reply.hpp"
#include "http/edge/services.hpp"
#include "http/edge/status.hpp"
#include "http/server/request.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/orders/provider.hpp"

#include <caf/all.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
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

class exchange;
using exchange_pointer = std::shared_ptr<exchange>;

/// Takes exchanges through the actors, many at once (request_runners.hpp).
using request_runner_actor = caf::typed_actor<caf::reacts_to<exchange_pointer>>;

/// One request on its way through the actors. Handlers hold it by shared pointer in their
/// continuations, which the runner runs. An exception in one of them is answered with a 500.
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
    ask_or<Answer>(
      target, std::move(go_on), [me](const caf::error& failure) { me->fail(failure); },
      std::forward<Question>(question)...);
  }

  /// Asks an actor; `otherwise` gets an error.
  template <class Answer, class Handle, class GoOn, class Otherwise, class... Question>
  void ask_or(const Handle& target, GoOn go_on, Otherwise otherwise, Question&&... question) {
    self->request(target, caf::infinite, std::forward<Question>(question)...)
      .then(step<Answer>(std::move(go_on)), step<const caf::error>(std::move(otherwise)));
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
  void run(request_runner_actor::pointer runner);

  request_runner_actor::pointer self = nullptr;
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
    ask_or<Answer>(
      owner, go_on,
      [=](const caf::error& failure) {
        if (!is_owner_elsewhere(failure))
          return me->fail(failure);
        me->template owners_of<Entity>().forget(id);
        me->template find_and_ask<Entity, Answer>(kind, id, question, go_on);
      },
      *question);
  }

  template <class Entity, class Answer, class Kind, class Id, class Question, class GoOn>
  void find_and_ask(Kind kind, const Id& id, std::shared_ptr<const Question> question, GoOn go_on) {
    auto me = shared_from_this();
    auto fail = [me](const caf::error& failure) { me->fail(failure); };
    auto found = [me, id](const Entity& owner) {
      if constexpr (has_remembered_owners<Entity>)
        me->template owners_of<Entity>().remember(id, owner);
    };
    meisim::ask_entity<Entity, Answer>(self, node->region, kind, id, std::move(question),
                                       step<Answer>(std::move(go_on)), fail, found);
  }

  /// `go_on` as what is called with a message. An exception may not end the runner, which others
  /// share.
  template <class Message, class GoOn>
  auto step(GoOn go_on) {
    return [me = shared_from_this(), go_on = std::move(go_on)](Message& message) mutable {
      me->attempt([&] { go_on(message); });
    };
  }

  template <class F>
  void attempt(F part) {
    try {
      part();
    } catch (const std::exception& error) {
      break_down(error.what());
    } catch (...) {
      break_down("an exception of no known type");
    }
  }

  void break_down(std::string_view why);

  void admit();
  void admit_dealer();
  void admit_key();
  void admit_token();
  void judge(dealer_id id, credential shown);
  void admit_address();
  void admit_operator();
  void take_admission(const admission& verdict);

  reply to_;
  const route& where_;
  admission admission_;
};

} // namespace meisim::http

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(meisim::http::exchange_pointer)
