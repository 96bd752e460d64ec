#pragma once

#include "actors/money/stripe.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_signature.hpp"
#include "tests/fixtures/actors.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

// The actor that speaks to Stripe. Stripe, the database and the wallet do what the test says.

namespace meisim::test {

constexpr auto stripe_secret = "whsec_test";

/// What is outside of the actor.
struct outside_script {
  std::deque<web_request> calls;
  stripe_payment payment;
  /// Whether the database finds the payment by what an event names besides our own id.
  bool is_intent_known = true;
  bool is_database_down = false;
  /// Whether the database does not know the payment any more.
  bool is_payment_lost = false;
  std::vector<posting> postings;
  /// What the wallet answers first; after these it succeeds.
  std::deque<caf::error> refusals;
  std::vector<finish_payment> kept;
  std::vector<note_unmatched> unmatched;
  std::vector<settle_unmatched> settled;
  std::vector<recall_payment> recalled;
  /// Whether an operator has settled what is noted.
  bool is_settled = false;
  std::vector<kept_movement> movements;

  void apply(const stripe_movement& movement) {
    std::erase_if(payment.movements, [&](const auto& known) { return known.id == movement.id; });
    payment.movements.push_back(movement);
    ++payment.version;
  }
};

using script_pointer = std::shared_ptr<outside_script>;

inline payment_store_actor::behavior_type scripted_store(payment_store_actor::pointer,
                                                         script_pointer known) {
  return {
    [known](const begin_payment& wish) {
      return begun_payment{known->payment.id, wish.what.net, wish.gross, {}};
    },
    [known](const finish_payment& result) {
      known->kept.push_back(result);
      return done{};
    },
    [known](const find_payment& question) -> caf::result<stripe_payment> {
      if (known->is_database_down)
        return make_error(ec::unavailable);
      if (known->is_payment_lost || (!known->is_intent_known && question.id != known->payment.id))
        return make_error(ec::not_found);
      return known->payment;
    },
    [known](const note_movement& note) {
      known->apply(note.movement);
      return done{};
    },
    [known](const note_unmatched& what) {
      known->unmatched.push_back(what);
      return noted_event{!known->is_settled, !known->is_settled};
    },
    [known](const recall_payment& wish) {
      known->recalled.push_back(wish);
      known->payment = wish.what;
      known->is_payment_lost = false;
      return done{};
    },
    [known](const settle_unmatched& what) {
      known->settled.push_back(what);
      return done{};
    },
    [known](const list_unmatched&) {
      unmatched_list list;
      list.count = static_cast<int64_t>(known->unmatched.size());
      return list;
    },
    [](const list_payments&) { return payment_list{}; },
    [known](const show_payment&) -> caf::result<payment_view> {
      if (known->is_payment_lost)
        return make_error(ec::not_found);
      payment_view view;
      view.what = known->payment;
      return view;
    },
    [known](const list_movements&) { return movement_list{known->movements}; },
  };
}

inline wallet_actor::behavior_type scripted_wallet(wallet_actor::pointer, script_pointer known) {
  return {
    [known](const posting& what) -> caf::result<receipt> {
      if (!known->refusals.empty()) {
        auto why = known->refusals.front();
        known->refusals.pop_front();
        return why;
      }
      known->postings.push_back(what);
      if (auto* reversed = std::get_if<stripe_reversed>(&what.what))
        known->apply(reversed->movement);
      else
        known->payment.version = 1;
      return receipt{};
    },
    [](const find_answer&) -> caf::result<receipt> { return make_error(ec::not_found); },
    [](const commit_report&) {},
    [](tick_atom) {},
    [](const leave_order&) {},
    [](retire_atom) {},
  };
}

struct stripe_fixture : actor_fixture {
  script_pointer script = std::make_shared<outside_script>();
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  stripe_actor sut;

  stripe_fixture() {
    auto& payment = script->payment;
    payment.id = payment_id::make();
    payment.dealer = dealer_id::make();
    payment.net = money::from_cents(100'00);
    payment.gross = money::from_cents(103'30);
    payment.reference = "cs_1";
    auto store = spawn(scripted_store, script);
    auto owner = spawn(scripted_wallet, script);
    auto finder = spawn([owner](caf::event_based_actor*) -> caf::behavior {
      return {[owner](wallet_atom, dealer_id, const lookup&) { return owner; }};
    });
    stripe_settings settings;
    settings.url = "http://stripe/";
    settings.api_key = "sk_test";
    settings.webhook_secret = stripe_secret;
    settings.publishable_key = "pk_test";
    settings.installation = "here";
    auto known = script;
    sut = spawn(stripe, settings, store, caf::actor_cast<region_actor>(finder),
                stripe_connector{[known](stripe_actor) {
                  return [known](web_request call) { known->calls.push_back(std::move(call)); };
                }},
                registry);
    settle();
  }

  auto begin(payment_kind kind = payment_kind::session) {
    start_topup wish;
    wish.dealer = script->payment.dealer;
    wish.kind = kind;
    wish.net = money::from_cents(100'00);
    auto result = ask<topup_started>(system, sut, wish);
    settle();
    return result;
  }

  auto take(const std::string& type, const std::string& object) {
    auto body = R"({"id":"evt_1","type":")" + type + R"(","data":{"object":)" + object + "}}";
    auto result =
      ask<done>(system, sut, stripe_letter{sign_payload(body, stripe_secret, meisim::now()), body});
    settle();
    return result;
  }

  web_request next_call() {
    BOOST_REQUIRE(!script->calls.empty());
    auto result = std::move(script->calls.front());
    script->calls.pop_front();
    return result;
  }

  void answer(const web_request& request, int32_t status, std::string body = "{}",
              web_failure failure = web_failure::none) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    what.failure = failure;
    caf::anon_send(sut, what);
    settle();
  }

  static bool has_header(const web_request& request, const std::string& line) {
    return std::find(request.headers.begin(), request.headers.end(), line) != request.headers.end();
  }
};

constexpr auto made_session = R"({"id":"cs_1","url":"http://stripe/pay","payment_intent":null})";
constexpr auto disputed = R"({"id":"dp_1","payment_intent":"pi_1","amount":10330})";

} // namespace meisim::test
