#include "persistence/orders/intents.hpp"
#include "tests/fixtures/database.hpp"

// What providers were asked for, as the database keeps it.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  intent begin(const std::string& reference, bool is_alone = true, instant again_after = {}) {
    return note_intent(db, {"p5", reference, "bundle", is_alone, again_after});
  }

  claimed_order claim(const std::string& reference, std::vector<std::string> candidates) {
    return note_claim(db, {"p5", reference, std::move(candidates)});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(intent_records_suite, fixture)

BOOST_AUTO_TEST_CASE(an_order_may_be_asked_for_once) {
  auto first = begin("r-1");
  BOOST_TEST(first.may_ask);
  BOOST_TEST(first.provider_order.empty());
  auto again = begin("r-1");
  BOOST_TEST(!again.may_ask);
  BOOST_TEST(!again.is_held);
  BOOST_TEST((again.asked_at == first.asked_at));
  // Another provider's is another.
  BOOST_TEST(note_intent(db, {"p6", "r-1", "bundle", true, {}}).may_ask);
}

BOOST_AUTO_TEST_CASE(who_knows_that_it_came_to_nothing_may_ask_once_more) {
  auto first = begin("r-1");
  auto second = begin("r-1", true, first.asked_at);
  BOOST_TEST(second.may_ask);
  BOOST_TEST((second.asked_at > first.asked_at));
  // The other node, which knew the same, comes too late.
  BOOST_TEST(!begin("r-1", true, first.asked_at).may_ask);
}

BOOST_AUTO_TEST_CASE(one_order_of_a_product_is_open_at_a_time) {
  begin("r-1");
  auto second = begin("r-2");
  BOOST_TEST(!second.may_ask);
  BOOST_TEST(second.is_held);
  BOOST_TEST(note_intent(db, {"p5", "r-3", "another bundle", true, {}}).may_ask);
  BOOST_TEST(claim("r-1", {"o-1"}).provider_order == "o-1");
  BOOST_TEST(begin("r-2").may_ask);
  forget_intent(db, {"p5", "r-2"});
  BOOST_TEST(begin("r-4").may_ask);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_tell_the_fate_of_holds_others_up_for_an_hour) {
  begin("r-1");
  run("UPDATE provider_intents SET asked_at = now() - interval '61 minutes'");
  BOOST_TEST(begin("r-2").may_ask);
}

BOOST_AUTO_TEST_CASE(where_references_tell_orders_apart_many_are_open) {
  BOOST_TEST(begin("r-1", false).may_ask);
  BOOST_TEST(begin("r-2", false).may_ask);
}

BOOST_AUTO_TEST_CASE(an_order_at_the_provider_belongs_to_one_of_ours) {
  begin("r-1", false);
  begin("r-2", false);
  BOOST_TEST(claim("r-1", {"o-1", "o-2"}).provider_order.empty());
  BOOST_TEST(claim("r-1", {"o-1", "o-2"}).free == 2);
  BOOST_TEST(claim("r-1", {"o-1"}).provider_order == "o-1");
  // It stays so.
  BOOST_TEST(claim("r-1", {"o-1"}).provider_order == "o-1");
  BOOST_TEST(claim("r-2", {"o-1"}).free == 0);
  BOOST_TEST(claim("r-2", {"o-1"}).provider_order.empty());
  BOOST_TEST(claim("r-2", {"o-1", "o-2"}).provider_order == "o-2");
  BOOST_TEST(begin("r-2", false).provider_order == "o-2");
  // What was bought is not forgotten.
  forget_intent(db, {"p5", "r-2"});
  BOOST_TEST(!begin("r-2", false).may_ask);
}

BOOST_AUTO_TEST_CASE(what_is_over_is_forgotten_after_ninety_days) {
  std::string open = to_string(order_id::make());
  for (const std::string& reference : {std::string{"r-1"}, std::string{"r-2"}, open + "-1"})
    begin(reference, false);
  claim("r-1", {"o-1"});
  note_intent(db, {"p5", "r-3", "another bundle", false, {}});
  auto left = [&] { return value_of<int>("SELECT count(*) FROM provider_intents"); };
  forget_old_intents(db);
  BOOST_TEST(left() == 4);
  run("UPDATE provider_intents SET asked_at = now() - interval '91 days'");
  // As long as an order for the same is open, it must not take what another one has bought.
  run("INSERT INTO jobs (kind, subject, lane, run_at) VALUES ('fulfil', '" + open
      + "', 'p5', now())");
  forget_old_intents(db);
  BOOST_TEST(left() == 3);
  BOOST_TEST(claim(open + "-1", {"o-1"}).free == 0);
  run("DELETE FROM jobs");
  forget_old_intents(db);
  BOOST_TEST(left() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
