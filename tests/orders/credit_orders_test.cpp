#include "actors/orders/credit_orders.hpp"
#include "actors/orders/delivery.hpp"
#include "actors/orders/fulfilment.hpp"
#include "protocols/base/done.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/orders/held_orders.hpp"

#include <map>
#include <optional>

// Orders on account, with a provider and a job store that do as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// What the job store knows of an order.
struct noted {
  account_order what;
  std::string status = "pending";
  std::string reference = {};
};

struct world {
  std::map<order_id, noted> orders;
  held_orders asked;
  std::vector<job> due;
  bool is_store_away = false;
  /// How the dealer's credit stands where nothing is left of it.
  std::optional<credit_position> exhausted = {};
};

order_to_fulfil as_order(const noted& known) {
  order_to_fulfil order;
  order.id = known.what.id;
  order.product = known.what.product;
  order.status = known.status;
  order.is_on_account = true;
  order.mails_customer = false;
  order.top_up = known.what.top_up;
  return order;
}

struct fixture : actor_fixture {
  std::shared_ptr<world> here = std::make_shared<world>();
  job_store_actor store = caf::actor_cast<job_store_actor>(spawn_store());
  caf::actor seller = spawn(holding_providers<world>, here);
  provider_actor provider = caf::actor_cast<provider_actor>(seller);
  credit_orders_actor sut = spawn(credit_orders, store, provider, route_sources{});

  caf::actor spawn_store() {
    auto end = [world = here](order_id id, std::string status,
                              std::string reference) -> caf::result<done> {
      if (world->is_store_away)
        return make_error(ec::unavailable);
      auto& known = world->orders.at(id);
      known.status = std::move(status);
      known.reference = std::move(reference);
      return done{};
    };
    return spawn([world = here, end](caf::event_based_actor*) -> caf::behavior {
      return {[world](const account_order& what) {
                if (world->exhausted) {
                  account_placement result;
                  result.exhausted = world->exhausted;
                  return result;
                }
                bool is_new = world->orders.emplace(what.id, noted{what}).second;
                const auto& known = world->orders.at(what.id);
                account_placement result;
                result.is_new = is_new;
                result.request_hash = known.what.request_hash;
                result.status = known.status;
                result.provider_reference = known.reference;
                return result;
              },
              [world](const find_account_order& what) -> caf::result<account_placement> {
                auto known = world->orders.find(what.id);
                if (known == world->orders.end())
                  return make_error(ec::not_found);
                account_placement result;
                result.request_hash = known->second.what.request_hash;
                result.status = known->second.status;
                result.provider_reference = known->second.reference;
                result.terms.price = known->second.what.price;
                return result;
              },
              [end](const finish_recharge& what) {
                return end(what.id, "completed", what.provider_reference);
              },
              [end](const fail_account_order& what) { return end(what.id, "failed", {}); },
              [world](const lease_jobs&) { return job_list{std::exchange(world->due, {})}; },
              [world](const load_order& what) { return as_order(world->orders.at(what.id)); },
              [](const keep_job&) {},
              [world](const postpone_job& what) {
                world->due.push_back({what.work.subject, 2});
              }};
    });
  }

  account_order wish() const {
    account_order order;
    order.id = order_id::make();
    order.product = "Vodafone-UK";
    order.request_hash = "hash";
    order.top_up = recharge{"Vodafone-UK", {"+447700900000", {}}, "GBP", 2'000, {}, 0};
    return order;
  }

  auto place(const account_order& what) {
    auto result = ask<account_outcome>(system, sut, what);
    settle();
    return result;
  }

  /// Ends the oldest call of the provider, and gives what it was.
  provider_order answer(const provider_outcome& outcome) {
    BOOST_REQUIRE(!here->asked.empty());
    auto what = here->asked.front().first;
    caf::anon_send(seller, outcome);
    settle();
    return what;
  }

  /// Takes up what credit orders has left pending, as a node does that was started anew.
  void start_fulfilment() {
    job_loop_config jobs;
    jobs.kind = "fulfil";
    for (const auto& [id, known] : here->orders)
      here->due.push_back({id.value, 1});
    spawn(fulfilment, jobs, store, provider, region_actor{}, route_sources{});
    settle();
  }
};

using state = account_outcome::state;

} // namespace

BOOST_FIXTURE_TEST_SUITE(credit_orders_suite, fixture)

BOOST_AUTO_TEST_CASE(a_top_up_is_noted_and_then_answered) {
  auto what = wish();
  auto first = place(what);
  BOOST_TEST(!first.has_ended());
  auto asked = answer(placed({"", "", "p-1"}));
  BOOST_TEST(asked.reference == provider_reference(what.id, 1));
  BOOST_TEST(asked.top_up->sim.contact_number == "+447700900000");
  BOOST_TEST(!asked.may_be_placed);
  BOOST_TEST((first.get().now == state::completed));
  BOOST_TEST(first.get().provider_reference == "p-1");
  BOOST_TEST(here->orders.at(what.id).status == "completed");
}

BOOST_AUTO_TEST_CASE(above_the_credit_limit_the_provider_hears_of_nothing) {
  here->exhausted = credit_position{money::from_cents(100'00), money::from_cents(90'00)};
  auto what = wish();
  what.price = money::from_cents(10'01);
  auto above = place(what);
  BOOST_TEST((above.code() == ec::credit_limit_reached));
  auto told = credit_shortfall_of(**above.failure);
  BOOST_TEST(told.limit.cents() == 100'00);
  BOOST_TEST(told.used.cents() == 90'00);
  BOOST_TEST(told.required.cents() == 10'01);
  BOOST_TEST(here->asked.empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_waits_for_the_first_and_asks_nobody) {
  auto what = wish();
  auto first = place(what);
  auto repeat = place(what);
  auto other = what;
  other.request_hash = "other";
  BOOST_TEST((place(other).code() == ec::conflict));
  BOOST_TEST(!repeat.has_ended());
  BOOST_TEST(here->asked.size() == 1u);
  answer(placed({"", "", "p-1"}));
  BOOST_TEST(!first.get().is_replayed);
  BOOST_TEST(repeat.get().is_replayed);
  BOOST_TEST(repeat.get().provider_reference == "p-1");
  auto late = place(what);
  BOOST_TEST(late.get().is_replayed);
  BOOST_TEST(late.get().provider_reference == "p-1");
  BOOST_TEST(here->asked.empty());
}

BOOST_AUTO_TEST_CASE(a_repeat_is_answered_at_the_price_of_the_first_request) {
  auto what = wish();
  what.price = money::from_cents(2'530);
  auto early = ask<account_outcome>(system, sut, find_account_order{what.id, "hash"});
  settle();
  BOOST_TEST((early.code() == ec::not_found));
  place(what);
  auto joined = ask<account_outcome>(system, sut, find_account_order{what.id, "hash"});
  settle();
  answer(placed({"", "", "p-1"}));
  BOOST_TEST(joined.get().is_replayed);
  auto late = ask<account_outcome>(system, sut, find_account_order{what.id, "hash"});
  auto other = ask<account_outcome>(system, sut, find_account_order{what.id, "other"});
  settle();
  BOOST_TEST((late.get().terms.price == what.price));
  BOOST_TEST((other.code() == ec::conflict));
}

BOOST_AUTO_TEST_CASE(a_refusal_fails_the_order_for_all_who_wait) {
  auto what = wish();
  auto first = place(what);
  auto repeat = place(what);
  answer(refused("no such SIM"));
  BOOST_TEST((first.get().now == state::refused));
  BOOST_TEST((repeat.get().now == state::refused));
  BOOST_TEST(here->orders.at(what.id).status == "failed");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_between_the_provider_and_us_is_not_the_dealers_to_hear) {
  auto what = wish();
  auto first = place(what);
  answer(ours("the balance is used up"));
  BOOST_TEST((first.get().now == state::unavailable));
  BOOST_TEST(first.get().reason.find("balance") == std::string::npos);
  BOOST_TEST(here->orders.at(what.id).status == "failed");
}

BOOST_AUTO_TEST_CASE(what_stays_unknown_is_pending_and_looked_up_until_it_is_known) {
  auto what = wish();
  auto first = place(what);
  answer(unknown("no answer"));
  BOOST_TEST((first.get().now == state::pending));
  BOOST_TEST(here->orders.at(what.id).status == "pending");
  auto repeat = place(what);
  BOOST_TEST((repeat.get().now == state::pending));
  BOOST_TEST(here->asked.empty());
  start_fulfilment();
  auto asked = answer(unknown("no answer", 1));
  BOOST_TEST(asked.may_be_placed);
  BOOST_TEST(asked.reference == provider_reference(what.id, 1));
  advance(2s);
  asked = answer(placed({"", "", "p-1"}));
  BOOST_TEST(asked.may_be_placed);
  BOOST_TEST(here->orders.at(what.id).status == "completed");
  BOOST_TEST(here->orders.at(what.id).reference == "p-1");
  BOOST_TEST(here->asked.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_noted_is_pending) {
  auto what = wish();
  auto first = place(what);
  here->is_store_away = true;
  answer(placed({"", "", "p-1"}));
  BOOST_TEST((first.get().now == state::pending));
  here->is_store_away = false;
  start_fulfilment();
  answer(placed({"", "", "p-1"}));
  BOOST_TEST(here->orders.at(what.id).status == "completed");
}

BOOST_AUTO_TEST_SUITE_END()
