#include "actors/orders/delivery.hpp"
#include "actors/orders/fulfilment.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/orders/held_orders.hpp"

#include <map>

// How a paid order is fulfilled, with a provider and a job store that do as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct outside {
  struct entry {
    order_to_fulfil order;
    std::chrono::steady_clock::time_point due;
    int32_t attempts = 0;
    std::string last_words = {};
  };

  std::map<uuid, entry> jobs;
  std::vector<queued_mail> mails;
  std::vector<order_id> completed;
  held_orders asked;
};

using outside_pointer = std::shared_ptr<outside>;

outside::entry* held(outside& known, order_id order, int32_t attempt) {
  auto found = known.jobs.find(order.value);
  return found != known.jobs.end() && found->second.attempts == attempt ? &found->second : nullptr;
}

caf::behavior scripted_store(caf::event_based_actor* self, outside_pointer known) {
  return {
    [=](const lease_jobs& wish) {
      job_list taken;
      for (auto& [subject, one] : known->jobs)
        if (one.due <= self->clock().now() && std::ssize(taken.jobs) < wish.count) {
          one.due = self->clock().now() + std::chrono::seconds{wish.lease_seconds};
          taken.jobs.push_back({subject, ++one.attempts});
        }
      return taken;
    },
    [=](const postpone_job& wish) {
      if (auto* one = held(*known, order_id{wish.work.subject}, wish.work.attempts)) {
        one->due = self->clock().now() + std::chrono::seconds{wish.delay_seconds};
        one->last_words = wish.error;
      }
    },
    [=](const keep_job& wish) {
      if (auto* one = held(*known, order_id{wish.work.subject}, wish.work.attempts))
        one->due = self->clock().now() + std::chrono::seconds{wish.lease_seconds};
    },
    [=](const load_order& question) { return known->jobs.at(question.id.value).order; },
    [=](const note_delivery& what) -> caf::result<done> {
      auto* one = held(*known, what.unit.order, what.attempt);
      if (one == nullptr)
        return make_error(ec::moved);
      for (const auto& [subject, other] : known->jobs)
        for (const auto& unit : other.order.delivered)
          if (unit.iccid == what.unit.iccid)
            return make_error(ec::conflict, "the eSIM is another order's");
      one->order.delivered.push_back(what.unit);
      if (what.mail)
        known->mails.push_back(*what.mail);
      return done{};
    },
    [=](const complete_order& what) -> caf::result<done> {
      if (held(*known, what.id, what.attempt) == nullptr)
        return make_error(ec::moved);
      known->jobs.erase(what.id.value);
      known->completed.push_back(what.id);
      return done{};
    },
  };
}

struct fixture : actor_fixture {
  outside_pointer known = std::make_shared<outside>();
  job_store_actor store = caf::actor_cast<job_store_actor>(spawn(scripted_store, known));
  caf::actor seller = spawn(holding_providers<outside>, known);

  job_worker_actor start_worker() {
    job_loop_config jobs;
    jobs.kind = "fulfil";
    jobs.lease = 30s;
    auto worker = spawn(fulfilment, jobs, store, caf::actor_cast<providers_actor>(seller),
                        region_actor{}, route_sources{});
    settle();
    return worker;
  }

  order_id place(int32_t quantity = 1) {
    outside::entry one;
    one.order.id = order_id::make();
    one.order.product = "p3:att-prepaid-30";
    one.order.product_name = "AT&T prepaid";
    one.order.status = "processing";
    one.order.buyer.email = "jane@example.test";
    one.order.quantity = quantity;
    one.order.unit_price = money::from_cents(100);
    known->jobs.emplace(one.order.id.value, one);
    return one.order.id;
  }

  provider_order answer(const provider_outcome& outcome) {
    BOOST_REQUIRE(!known->asked.empty());
    auto what = known->asked.front().first;
    caf::anon_send(seller, outcome);
    settle();
    return what;
  }
};

provider_outcome bought(const std::string& iccid) {
  return placed({iccid, "LPA:1$smdp.example.test$" + iccid, "po-" + iccid, money::from_cents(80)});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(fulfilment_suite, fixture)

BOOST_AUTO_TEST_CASE(each_unit_is_bought_noted_and_mailed_and_the_order_completed) {
  auto order = place(2);
  start_worker();
  auto asked = answer(bought("8901"));
  BOOST_TEST(asked.reference == provider_reference(order, 1));
  // A provider is not to charge more.
  BOOST_TEST((asked.price == money::from_cents(100)));
  // Nobody waits for a mail server.
  BOOST_TEST(known->mails.size() == 1u);
  auto delivered = known->jobs.at(order.value).order.delivered;
  BOOST_TEST(delivered.front().provider_order_id == "po-8901");
  BOOST_TEST(delivered.front().cost->cents() == 80);
  BOOST_TEST(answer(bought("8902")).reference == provider_reference(order, 2));
  BOOST_TEST(known->mails.size() == 2u);
  BOOST_TEST((known->completed == std::vector{order}));
}

BOOST_AUTO_TEST_CASE(an_order_is_kept_for_as_long_as_its_provider_takes) {
  place();
  start_worker();
  auto other = start_worker();
  advance(10min);
  BOOST_TEST(known->asked.size() == 1u);
  answer(bought("8901"));
  BOOST_TEST(known->completed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_has_lost_an_order_delivers_nothing) {
  auto order = place();
  start_worker();
  // The node stood still, and another has taken the order, and lost it again.
  known->jobs.at(order.value).attempts = 7;
  answer(bought("8901"));
  BOOST_TEST(known->mails.empty());
  BOOST_TEST(known->completed.empty());
  BOOST_TEST(known->jobs.at(order.value).last_words.empty());
  advance(1min);
  auto again = answer(bought("8901"));
  BOOST_TEST(again.may_be_placed);
  BOOST_TEST(known->mails.size() == 1u);
  BOOST_TEST(known->completed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_esim_that_another_customer_has_is_delivered_to_nobody_else) {
  auto first = place(2);
  start_worker();
  answer(bought("8901"));
  auto second = place();
  advance(1s);
  answer(unavailable("away", 1'000));
  answer(bought("8901"));
  BOOST_TEST(known->jobs.at(second.value).last_words == "the eSIM is another order's");
  BOOST_TEST(known->jobs.at(second.value).order.delivered.empty());
  BOOST_TEST(known->jobs.at(first.value).order.delivered.size() == 1u);
  BOOST_TEST(known->mails.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_pauses_between_tries_grow_to_minutes) {
  auto order = place();
  start_worker();
  int tries = 0;
  for (int second = 0; second < 3'600; ++second) {
    while (!known->asked.empty()) {
      answer(unknown("the provider answered with status 500", 3));
      ++tries;
    }
    advance(1s);
  }
  BOOST_TEST(tries >= 15);
  BOOST_TEST(tries <= 25);
  BOOST_TEST(known->jobs.at(order.value).last_words == "the provider answered with status 500");
}

BOOST_AUTO_TEST_CASE(a_rest_that_a_provider_wants_is_kept_for_minutes_and_not_for_a_day) {
  place();
  start_worker();
  answer(unavailable("maintenance", 120));
  advance(110s);
  BOOST_TEST(known->asked.empty());
  advance(20s);
  answer(unavailable("too many calls", 86'400));
  advance(290s);
  BOOST_TEST(known->asked.empty());
  advance(20s);
  answer(bought("8901"));
  BOOST_TEST(known->completed.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
