#include "protocols/access/dealer.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/money/posting.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <memory>

// What a caller is told when the first owner that it asks does not answer.

using namespace meisim;
using namespace meisim::test;

namespace {

/// Gives callers one owner after the other.
struct fixture : actor_fixture {
  std::shared_ptr<std::deque<caf::actor>> owners = std::make_shared<std::deque<caf::actor>>();
  region_actor region = caf::actor_cast<region_actor>(spawn(finder, owners));

  static caf::behavior finder(caf::event_based_actor*,
                              const std::shared_ptr<std::deque<caf::actor>>& owners) {
    auto next = [owners] {
      auto owner = owners->front();
      owners->pop_front();
      return owner;
    };
    return {
      [next](wallet_atom, dealer_id, lookup) { return caf::actor_cast<wallet_actor>(next()); },
      [next](dealer_atom, dealer_id, lookup) { return caf::actor_cast<dealer_actor>(next()); },
    };
  }

  /// An owner that answers everything with this.
  void add_owner(ec answer) {
    owners->push_back(spawn([answer](caf::event_based_actor*) -> caf::behavior {
      return {[answer](const posting&) -> caf::result<receipt> { return make_error(answer); },
              [answer](const admission_request&) -> caf::result<admission> {
                return make_error(answer);
              }};
    }));
  }

  template <class Entity, class Answer, class Kind, class Question>
  ec told(Kind kind, Question question) {
    auto result = std::make_shared<ec>(ec::none);
    auto region_asked = region;
    system.spawn([=](caf::event_based_actor* me) {
      ask_entity<Entity, Answer>(
        me, region_asked, kind, dealer_id::make(), std::make_shared<const Question>(question),
        [](const Answer&) {}, [result](const caf::error& failure) { *result = code_of(failure); },
        [](const Entity&) {});
    });
    settle();
    return *result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ask_entity_suite, fixture)

BOOST_AUTO_TEST_CASE(an_owner_that_has_done_nothing_is_believed) {
  add_owner(ec::unavailable);
  BOOST_TEST((told<wallet_actor, receipt>(wallet_atom_v, posting{}) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_second_owner_cannot_say_that_the_first_one_has_done_nothing) {
  add_owner(ec::not_owner);
  add_owner(ec::unavailable);
  BOOST_TEST((told<wallet_actor, receipt>(wallet_atom_v, posting{}) == ec::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_second_owner_stands) {
  add_owner(ec::not_owner);
  add_owner(ec::insufficient_funds);
  BOOST_TEST((told<wallet_actor, receipt>(wallet_atom_v, posting{}) == ec::insufficient_funds));
}

BOOST_AUTO_TEST_CASE(a_question_that_changes_nothing_has_no_unknown_outcome) {
  add_owner(ec::not_owner);
  add_owner(ec::unavailable);
  BOOST_TEST(
    (told<dealer_actor, admission>(dealer_atom_v, admission_request{}) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
