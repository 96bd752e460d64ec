#include "persistence/base/jobs.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/intents.hpp"
#include "persistence/orders/order_routes.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/supply/prices.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

// Which provider was asked for an order, and which job a provider's news wakes, as the database
// keeps it.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  order_id place(const std::string& route = {}) {
    account_order order;
    order.id = order_id::make();
    order.dealer = dealer;
    order.product = "jp5";
    order.price = money::from_cents(650);
    order.request_hash = "hash";
    order.route = route;
    BOOST_REQUIRE(place_order_on_account(db, order, 3'600).is_new);
    return order.id;
  }

  bool note(order_id order, const std::string& product, bool is_open, int32_t attempt = 0) {
    return keep_route(db, {order, {1, product, is_open}, attempt});
  }

  /// Whether the job of this kind is due.
  bool is_due(const std::string& kind) {
    return !take_due_jobs(db, {kind, 10, 3'600}).empty();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(order_routes_suite, fixture)

BOOST_AUTO_TEST_CASE(what_is_asked_for_stands_with_the_order) {
  auto order = place("p6:jp5");
  auto routes = find_order(db, order)->routes;
  BOOST_REQUIRE_EQUAL(routes.size(), 1u);
  BOOST_TEST(routes[0].product == "p6:jp5");
  BOOST_TEST(routes[0].is_open);
  BOOST_TEST(note(order, "p6:jp5", false));
  BOOST_TEST(!find_order(db, order)->routes[0].is_open);
  BOOST_TEST(note(order, "jp5", true));
  BOOST_TEST(find_order(db, order)->routes[0].product == "jp5");
  BOOST_TEST(find_order(db, place())->routes.empty());
}

BOOST_AUTO_TEST_CASE(only_who_holds_the_job_may_ask_another) {
  auto order = place("p6:jp5");
  BOOST_TEST(!note(order, "jp5", true, 1));
  run("UPDATE jobs SET run_at = now()");
  BOOST_REQUIRE(is_due("fulfil"));
  BOOST_TEST(!note(order, "jp5", true));
  BOOST_TEST(find_order(db, order)->routes[0].product == "p6:jp5");
  BOOST_TEST(note(order, "jp5", true, 1));
}

BOOST_AUTO_TEST_CASE(what_was_bought_for_a_unit_is_whom_its_questions_go_to) {
  auto order = place("p6:jp5");
  delivered_esim unit{order, 1,       "8901000000000000001", "LPA:1$smdp.example$M-1", "po-1",
                      {},    "p6:jp5"};
  BOOST_REQUIRE(mark_account_order_finished(db, {unit, {}, 0}));
  BOOST_TEST(find_order(db, order)->delivered.at(0).bought_as == "p6:jp5");
  BOOST_TEST(esim_of_dealer(db, {dealer, "8901000000000000001"})->product == "p6:jp5");
}

BOOST_AUTO_TEST_CASE(news_of_an_order_make_it_due_unless_it_is_soon) {
  auto order = place();
  auto reference = to_string(order) + "-1";
  note_intent(db, {"p6", reference, "jp5", false, {}});
  note_claim(db, {"p6", reference, {"B1"}});
  BOOST_TEST(!is_due("fulfil"));
  for (const provider_news& other : {provider_news{"p5", "B1", "", ""},
                                     {"p6", "B2", "", ""},
                                     {"p6", "", "", ""},
                                     {"p6", "", "'nonsense", "8901"}}) {
    wake_for(db, other);
    BOOST_TEST(!is_due("fulfil"));
  }
  wake_for(db, {"p6", "B1", "", ""});
  BOOST_TEST(is_due("fulfil"));
  // Somebody has it in hand now.
  run("UPDATE jobs SET run_at = now() + interval '45 seconds'");
  wake_for(db, {"p6", "B1", "", ""});
  BOOST_TEST(!is_due("fulfil"));
  run("UPDATE jobs SET run_at = now() + interval '5 minutes'");
  wake_for(db, {"p6", "", reference, ""});
  BOOST_TEST(is_due("fulfil"));
}

BOOST_AUTO_TEST_CASE(a_reference_makes_its_order_due_where_nothing_is_noted_of_it) {
  auto order = place();
  run("UPDATE jobs SET run_at = now() + interval '5 minutes'");
  wake_for(db, {"p9", "", to_string(derive_uuid(order.value, "another")) + "-1", ""});
  wake_for(db, {"p9", "", to_string(order), ""});
  BOOST_TEST(!is_due("fulfil"));
  wake_for(db, {"p9", "", to_string(order) + "-1", ""});
  BOOST_TEST(is_due("fulfil"));
}

BOOST_AUTO_TEST_CASE(news_of_an_esim_make_its_watch_due) {
  auto order = place();
  BOOST_REQUIRE(mark_account_order_finished(
    db, {{order, 1, "8901000000000000001", "LPA:1$smdp.example$M-1"}, {}, 0}));
  run("INSERT INTO jobs (kind, subject, run_at) VALUES ('esim', '" + to_string(order)
      + "', now() + interval '1 hour')");
  wake_for(db, {"p6", "", "", "8901000000000000002"});
  BOOST_TEST(!is_due("esim"));
  wake_for(db, {"p6", "", "", "8901000000000000001"});
  BOOST_TEST(is_due("esim"));
}

BOOST_AUTO_TEST_CASE(what_operators_have_said_is_read_with_the_prices) {
  run("INSERT INTO bundle_routes (product, other) VALUES ('jp5', 'p6:jp5')");
  run("INSERT INTO route_pins (dealer_id, product, provider) VALUES (NULL, 'jp5', 'p6'), ('"
      + to_string(dealer) + "', '', 'p3')");
  run(
    "INSERT INTO job_holds (kind, lane, reason) VALUES ('fulfil', 'p5', 'x'), ('fulfil', '', 'x')");
  auto said = all_prices(db).routes;
  BOOST_REQUIRE_EQUAL(said.routes.size(), 1u);
  BOOST_TEST(said.routes[0].other == "p6:jp5");
  BOOST_REQUIRE_EQUAL(said.pins.size(), 2u);
  BOOST_TEST((said.pins[0].dealer == dealer || said.pins[1].dealer == dealer));
  BOOST_TEST(said.held == std::set<std::string>{"p5"});
}

BOOST_AUTO_TEST_SUITE_END()
