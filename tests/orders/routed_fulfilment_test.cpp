#include "actors/orders/fulfilment.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/orders/held_orders.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

// How a paid order goes from one provider to the next, with a store and providers that do as the
// test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// One order, its job, and what providers are asked and have not answered.
struct world {
  order_to_fulfil order;
  int32_t attempts = 0;
  bool is_due = true;
  bool is_done = false;
  /// Every step that was written, as `p5:jp5 open`.
  std::vector<std::string> notes;
  held_orders asked;
  std::string last_words;
};

using world_pointer = std::shared_ptr<world>;

void write_down(world& known, const order_route& route) {
  known.notes.push_back(route.product + (route.is_open ? " open" : " free"));
  known.order.routes = {route};
}

caf::behavior store_of_one(caf::event_based_actor*, world_pointer known) {
  return {
    [=](const lease_jobs&) {
      job_list taken;
      if (std::exchange(known->is_due, false))
        taken.jobs.push_back({known->order.id.value, ++known->attempts});
      return taken;
    },
    [=](const postpone_job& wish) { known->last_words = wish.error; },
    [](const keep_job&) {},
    [=](const load_order&) { return known->order; },
    [=](const note_route& what) -> caf::result<done> {
      if (what.attempt != known->attempts)
        return make_error(ec::moved);
      write_down(*known, what.route);
      return done{};
    },
    [=](const note_delivery& what) -> caf::result<done> {
      known->order.delivered.push_back(what.unit);
      return done{};
    },
    [=](const complete_order&) -> caf::result<done> {
      known->is_done = true;
      return done{};
    },
  };
}

bundle offer(std::string name, int64_t cents) {
  bundle result;
  result.name = std::move(name);
  result.price = money::from_cents(cents);
  return result;
}

struct fixture : actor_fixture {
  world_pointer known = std::make_shared<world>();
  caf::actor seller = spawn(holding_providers<world>, known);
  std::shared_ptr<published<route_book>> book = std::make_shared<published<route_book>>();
  std::shared_ptr<published<catalogue>> board = std::make_shared<published<catalogue>>();

  fixture() {
    auto current = std::make_shared<catalogue>();
    add_offer(*current, offer("jp5", 650));
    add_offer(*current, offer("p5:jp5", 600));
    board->publish(current);
    route_list said;
    said.routes = {{"jp5", "p5:jp5"}};
    book->publish(std::make_shared<const route_book>(said));
    known->order.id = order_id::make();
    known->order.product = "jp5";
    known->order.status = "processing";
    known->order.unit_price = money::from_cents(900);
    job_loop_config jobs;
    jobs.kind = "fulfil";
    auto store = caf::actor_cast<job_store_actor>(spawn(store_of_one, known));
    auto providers =
      std::make_shared<const provider_board>(std::vector<provider_status>{{"p3"}, {"p5"}});
    spawn(fulfilment, jobs, store, caf::actor_cast<providers_actor>(seller), region_actor{},
          route_sources{book, board, providers});
    settle();
  }

  /// What is being asked for now, answered so.
  provider_order answer(const provider_outcome& outcome) {
    BOOST_REQUIRE(!known->asked.empty());
    auto what = known->asked.front().first;
    caf::anon_send(seller, outcome);
    settle();
    return what;
  }

  /// The order is tried again by a database that was restored, and knows this of it.
  void restore(std::vector<order_route> routes) {
    answer(unknown("the answer was lost"));
    known->order.routes = std::move(routes);
    known->order.placed_since = now() - 1h;
    try_again();
  }

  void try_again() {
    known->is_due = true;
    advance(1s);
  }
};

provider_outcome sold() {
  return placed({"8901", "LPA:1$smdp.example$M-1", "po-1", money::from_cents(600)});
}

using steps = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(routed_fulfilment_suite, fixture)

BOOST_AUTO_TEST_CASE(the_cheapest_is_noted_and_asked) {
  BOOST_TEST(known->notes == steps{"p5:jp5 open"});
  auto asked = answer(sold());
  BOOST_TEST(asked.product == "p5:jp5");
  BOOST_TEST(!asked.may_be_placed);
  BOOST_TEST(known->is_done);
  BOOST_TEST(known->order.delivered.at(0).bought_as == "p5:jp5");
}

BOOST_AUTO_TEST_CASE(after_a_refusal_the_next_is_noted_and_asked) {
  answer(refused("none left"));
  BOOST_TEST(known->notes == (steps{"p5:jp5 open", "jp5 open"}));
  auto asked = answer(sold());
  BOOST_TEST(asked.product == "jp5");
  BOOST_TEST(!asked.may_be_placed);
  BOOST_TEST(known->is_done);
  BOOST_TEST(known->order.delivered.at(0).bought_as.empty());
}

BOOST_AUTO_TEST_CASE(while_it_may_be_bought_the_same_one_is_asked_again) {
  answer(unknown("the answer was lost"));
  BOOST_TEST(known->asked.empty());
  BOOST_TEST(known->notes == steps{"p5:jp5 open"});
  for (int tries = 0; tries < 3; ++tries) {
    try_again();
    auto asked = answer(unknown("the answer was lost"));
    BOOST_TEST(asked.product == "p5:jp5");
    BOOST_TEST(asked.may_be_placed);
    BOOST_TEST(known->asked.empty());
  }
  // The look-up says that it was not: now another may be asked.
  try_again();
  answer(refused("it was never placed"));
  BOOST_TEST(answer(sold()).product == "jp5");
  BOOST_TEST(known->is_done);
}

BOOST_AUTO_TEST_CASE(what_nobody_sells_now_is_asked_for_anew_from_the_start) {
  answer(unavailable("away"));
  answer(ours("no credit"));
  BOOST_TEST(known->notes == (steps{"p5:jp5 open", "jp5 open", "jp5 free"}));
  BOOST_TEST(known->last_words == "no credit");
  try_again();
  auto asked = answer(sold());
  BOOST_TEST(asked.product == "p5:jp5");
  BOOST_TEST(!asked.may_be_placed);
  BOOST_TEST(known->is_done);
}

BOOST_AUTO_TEST_CASE(an_order_that_was_asked_before_it_was_mapped_is_asked_where_it_was) {
  // The first try ended without a note, as it does of what is not mapped.
  answer(unknown("lost"));
  known->order.routes.clear();
  try_again();
  auto asked = answer(sold());
  BOOST_TEST(asked.product == "jp5");
  BOOST_TEST(asked.may_be_placed);
}

BOOST_AUTO_TEST_CASE(after_a_restore_each_who_may_have_sold_it_tells_first) {
  restore({});
  auto first = answer(absent("no such order"));
  BOOST_TEST(first.only_look_up);
  BOOST_TEST((first.placed_since == known->order.placed_since));
  auto second = answer(sold());
  BOOST_TEST(second.only_look_up);
  BOOST_TEST(first.product != second.product);
  BOOST_TEST(known->is_done);
  auto bought_as = known->order.delivered.at(0).bought_as;
  BOOST_TEST((bought_as.empty() ? "jp5" : bought_as) == second.product);
}

BOOST_AUTO_TEST_CASE(after_a_restore_it_is_bought_when_nobody_has_sold_it) {
  restore({});
  answer(absent("no such order"));
  answer(refused("it was cancelled"));
  auto asked = answer(sold());
  BOOST_TEST(!asked.only_look_up);
  BOOST_TEST(asked.may_be_placed);
  BOOST_TEST(known->is_done);
}

BOOST_AUTO_TEST_CASE(after_a_restore_nothing_is_bought_while_one_cannot_tell) {
  restore({});
  answer(unknown("away"));
  BOOST_TEST(known->asked.empty());
  BOOST_TEST(known->last_words == "away");
  try_again();
  BOOST_TEST(answer(absent("no such order")).only_look_up);
  BOOST_TEST(answer(absent("no such order")).only_look_up);
  BOOST_TEST(!answer(sold()).only_look_up);
  BOOST_TEST(known->is_done);
}

BOOST_AUTO_TEST_CASE(who_was_asked_by_an_old_note_is_not_the_only_one_to_tell) {
  restore({{1, "p5:jp5", true}});
  BOOST_TEST(answer(absent("no such order")).only_look_up);
  BOOST_TEST(answer(absent("no such order")).only_look_up);
  auto asked = answer(sold());
  BOOST_TEST(asked.product == "p5:jp5");
  BOOST_TEST(asked.may_be_placed);
}

BOOST_AUTO_TEST_CASE(who_has_lost_the_job_asks_nobody_else) {
  known->attempts = 7;
  answer(refused("none left"));
  BOOST_TEST(known->asked.empty());
  BOOST_TEST(known->notes == steps{"p5:jp5 open"});
}

BOOST_AUTO_TEST_SUITE_END()
