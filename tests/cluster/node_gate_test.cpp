#include "actors/cluster/node_gate.hpp"
#include "protocols/money/posting.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <memory>

// What another node is told by the gate.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : actor_fixture {
  std::shared_ptr<std::deque<caf::actor>> owners = std::make_shared<std::deque<caf::actor>>();
  std::shared_ptr<std::deque<ec>> told = std::make_shared<std::deque<ec>>();
  region_actor region = caf::actor_cast<region_actor>(spawn(finder, owners));
  std::shared_ptr<linked_nodes> linked = std::make_shared<linked_nodes>();
  std::shared_ptr<const node_metrics> metrics =
    std::make_shared<node_metrics>(std::make_shared<prometheus::Registry>());
  verification_actor bench = caf::actor_cast<verification_actor>(spawn(devices));
  node_gate_actor sut = spawn(node_gate, region, membership_actor{}, bench, metrics, linked);
  caf::actor link = spawn(asker, told, sut);

  static caf::behavior finder(caf::event_based_actor*,
                              const std::shared_ptr<std::deque<caf::actor>>& owners) {
    return {[owners](wallet_atom, dealer_id, lookup) {
      auto owner = owners->front();
      owners->pop_front();
      return caf::actor_cast<wallet_actor>(owner);
    }};
  }

  /// This node's verification, which has one device.
  static caf::behavior devices(caf::event_based_actor*) {
    return {[](const drain_device& wish, const lookup&) -> caf::result<done> {
              if (wish.name != "one")
                return make_error(ec::not_found);
              return done{};
            },
            [](const test_device& wish, const lookup&) {
              return device_test{wish.name, {}, {}, {}};
            }};
  }

  /// Another node's link to this one: it sends what it gets, and keeps how that was answered.
  static caf::behavior asker(caf::event_based_actor* self,
                             const std::shared_ptr<std::deque<ec>>& told,
                             const node_gate_actor& gate) {
    return {
      [=](const remote_calls& calls) { self->send(caf::actor_cast<caf::actor>(gate), calls); },
      [=](const remote_answers& answers) {
        for (const auto& one : answers.answers)
          told->push_back(std::holds_alternative<caf::error>(one.what)
                            ? code_of(std::get<caf::error>(one.what))
                            : ec::none);
      }};
  }

  /// An owner that answers its first posting well, and then with this.
  void add_owner(ec later) {
    owners->push_back(spawn([later](caf::event_based_actor*) -> caf::behavior {
      auto is_first = std::make_shared<bool>(later == ec::not_owner);
      return {[=](const posting& what) -> caf::result<receipt> {
        if (!std::exchange(*is_first, false))
          return make_error(later);
        receipt done;
        done.id = what.id;
        return done;
      }};
    }));
  }

  ec ask_for(dealer_id dealer) {
    posting what;
    what.id = posting_id::make();
    what.dealer = dealer;
    return answer_to(what);
  }

  ec answer_to(remote_question what) {
    remote_calls calls;
    calls.calls.push_back({7, false, std::move(what)});
    caf::anon_send(link, calls);
    settle();
    BOOST_REQUIRE(!told->empty());
    auto result = told->front();
    told->pop_front();
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(node_gate_suite, fixture)

BOOST_AUTO_TEST_CASE(nothing_was_done_is_not_said_where_a_remembered_owner_may_have_done_it) {
  auto dealer = dealer_id::make();
  add_owner(ec::not_owner);
  add_owner(ec::unavailable);
  BOOST_TEST((ask_for(dealer) == ec::none));
  BOOST_TEST((ask_for(dealer) == ec::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(the_only_owner_that_was_asked_is_believed) {
  add_owner(ec::unavailable);
  BOOST_TEST((ask_for(dealer_id::make()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(another_node_reaches_the_devices_of_this_one) {
  BOOST_TEST((answer_to(drain_device{"one"}) == ec::none));
  BOOST_TEST((answer_to(drain_device{"two"}) == ec::not_found));
  BOOST_TEST((answer_to(test_device{"one"}) == ec::none));
}

BOOST_AUTO_TEST_CASE(a_node_is_taken_calls_from_while_any_link_to_it_stands) {
  const std::string host(40, 'a');
  auto other = *caf::make_node_id(42, host);
  BOOST_TEST(!linked->contains(other));
  {
    linked_node earlier{linked, other};
    { linked_node later{linked, other}; }
    BOOST_TEST(linked->contains(other));
    BOOST_TEST(!linked->contains(*caf::make_node_id(43, host)));
  }
  BOOST_TEST(!linked->contains(other));
}

BOOST_AUTO_TEST_SUITE_END()
