#include "protocols/orders/losses.hpp"
#include "protocols/orders/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// From which provider a product is bought that several sell, by a table of cases; and what is not
// sold.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

bundle offer(std::string name, int64_t cents, std::string country = "JP", int64_t data_mb = 5'120,
             int32_t days = 30) {
  bundle result;
  result.name = std::move(name);
  result.country_iso = std::move(country);
  result.data_mb = data_mb;
  result.validity_days = days;
  result.price = money::from_cents(cents);
  return result;
}

struct fixture {
  catalogue current;
  route_list said;
  std::vector<provider_status> providers{{"p3"}, {"p5"}, {"p6"}};
  route_question wanted{"jp5", {}, money::from_cents(900)};

  fixture() {
    for (auto& one : {offer("jp5", 650), offer("p5:jp5", 600), offer("p6:jp5", 700)})
      add_offer(current, one);
    said.routes = {{"jp5", "p5:jp5"}, {"jp5", "p6:jp5"}};
  }

  std::vector<route_choice> choices() const {
    return choose_routes(wanted, route_book{said}, current, providers);
  }

  /// The products that are asked for, in their order.
  std::vector<std::string> open() const {
    std::vector<std::string> result;
    for (const auto& choice : choices())
      if (choice.is_open())
        result.push_back(choice.product);
    return result;
  }

  std::string obstacle_to(const std::string& product) const {
    for (const auto& choice : choices())
      if (choice.product == product)
        return choice.obstacle;
    return "there is no such choice";
  }
};

using names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(bundle_routes_suite, fixture)

BOOST_AUTO_TEST_CASE(the_cheapest_comes_first_and_what_is_not_mapped_stands_alone) {
  BOOST_TEST(open() == (names{"p5:jp5", "jp5", "p6:jp5"}));
  BOOST_TEST(first_choice(choices(), "jp5") == "p5:jp5");
  wanted.product = "p6:jp5";
  BOOST_TEST(open() == names{"p6:jp5"});
  // Among equal ones it is the product itself.
  wanted.product = "jp5";
  current.products[1].price = current.products[0].price;
  BOOST_TEST(open() == (names{"jp5", "p5:jp5", "p6:jp5"}));
}

BOOST_AUTO_TEST_CASE(an_obstacle_lets_the_next_one_come) {
  auto later = wanted.at + 10s;
  auto& p5 = providers[1];
  p5.circuit = provider_circuit::open;
  p5.retry_at = later;
  BOOST_TEST(open() == (names{"jp5", "p6:jp5"}));
  BOOST_TEST(obstacle_to("p5:jp5") == "the provider does not answer: it is not called for now");
  // When its pause is over it is tried.
  wanted.at = later;
  BOOST_TEST(open().front() == "p5:jp5");
  wanted.at = later - 1s;
  p5.circuit = provider_circuit::closed;
  p5.is_account_refused = true;
  BOOST_TEST(obstacle_to("p5:jp5") == "the provider refuses our credential or credit");
  p5.is_account_refused = false;
  p5.balance = money::from_cents(599);
  BOOST_TEST(obstacle_to("p5:jp5") == "only 5.99 is left on our account there");
  p5.balance = money::from_cents(600);
  BOOST_TEST(open().front() == "p5:jp5");
  said.held = {"p5"};
  BOOST_TEST(obstacle_to("p5:jp5") == "an operator holds the provider's orders");
  said.held.clear();
  wanted.price = money::from_cents(599);
  BOOST_TEST(obstacle_to("p5:jp5") == "it costs 6.00, which is more than the price of 5.99");
  BOOST_TEST(open().empty());
  // A paid order is asked for all the same.
  BOOST_TEST(first_choice(choices(), "jp5") == "jp5");
}

BOOST_AUTO_TEST_CASE(what_nobody_lists_or_has_is_not_asked_for) {
  said.routes.push_back({"jp5", "p6:gone"});
  said.routes.push_back({"jp5", "p9:jp5"});
  BOOST_TEST(obstacle_to("p6:gone") == "the provider does not list it");
  BOOST_TEST(obstacle_to("p9:jp5") == "no provider has its prefix");
}

BOOST_AUTO_TEST_CASE(a_pin_leaves_one_provider_and_the_most_exact_one_counts) {
  auto dealer = dealer_id::make();
  said.pins = {{{}, "jp5", "p6"}};
  BOOST_TEST(open() == names{"p6:jp5"});
  BOOST_TEST(obstacle_to("jp5") == "it is to be bought of p6 alone");
  said.pins.push_back({dealer, {}, "p5"});
  BOOST_TEST(open() == names{"p6:jp5"});
  wanted.dealer = dealer;
  BOOST_TEST(open() == names{"p5:jp5"});
  said.pins.push_back({dealer, "jp5", "p3"});
  BOOST_TEST(open() == names{"jp5"});
  // Nobody else is asked while the pinned one is away.
  providers[0].circuit = provider_circuit::open;
  providers[0].retry_at = wanted.at + 10s;
  BOOST_TEST(open().empty());
  said.pins = {{{}, "jp5", "p6"}};
  providers[2].circuit = provider_circuit::open;
  providers[2].retry_at = wanted.at + 10s;
  BOOST_TEST(first_choice(choices(), "jp5") == "p6:jp5");
  // A pin to a provider that does not sell it does not count.
  said.pins = {{dealer, {}, "p9"}};
  BOOST_TEST(open() == names{"p5:jp5"});
}

BOOST_AUTO_TEST_CASE(the_next_one_is_who_was_not_asked_yet) {
  BOOST_TEST(next_choice(choices(), {}) == "p5:jp5");
  BOOST_TEST(next_choice(choices(), {"p5:jp5"}) == "jp5");
  BOOST_TEST(next_choice(choices(), {"p5:jp5", "jp5", "p6:jp5"}).empty());
  // A provider is asked for one of its products.
  add_offer(current, offer("p5:jp5-too", 601));
  said.routes.push_back({"jp5", "p5:jp5-too"});
  BOOST_TEST(open().at(1) == "p5:jp5-too");
  BOOST_TEST(next_choice(choices(), {"p5:jp5"}) == "jp5");
  // Also where an operator has taken what it was asked for off the list meanwhile.
  said.routes = {{"jp5", "p5:jp5-too"}, {"jp5", "p6:jp5"}};
  BOOST_TEST(open().front() == "p5:jp5-too");
  BOOST_TEST(next_choice(choices(), {"p5:jp5"}) == "jp5");
}

BOOST_AUTO_TEST_CASE(only_what_is_surely_not_bought_may_be_bought_elsewhere) {
  using enum provider_verdict;
  for (auto verdict : {refused, unavailable, ours})
    BOOST_TEST(is_surely_not_bought(verdict), to_string(verdict));
  for (auto verdict : {placed, unknown, contested, absent})
    BOOST_TEST(!is_surely_not_bought(verdict), to_string(verdict));
}

BOOST_AUTO_TEST_CASE(only_what_is_as_good_may_stand_for_a_product) {
  auto flaw = [&](const bundle& other) {
    auto with = current;
    add_offer(with, other);
    return flaw_of(bundle_route{"jp5", other.name}, with).rule;
  };
  BOOST_TEST(flaw(offer("p5:a", 100)) == "");
  // Some count 1,000 megabytes to a gigabyte.
  BOOST_TEST(flaw(offer("p5:b", 100, "JP", 5'000)) == "");
  BOOST_TEST(flaw(offer("p5:c", 100, "JP", 10'240)) == "");
  BOOST_TEST(flaw(offer("p5:d", 100, "JP", 0, 60)) == "");
  BOOST_TEST(flaw(offer("p5:e", 100, "JP", 3'072)) == "must have as much data");
  BOOST_TEST(flaw(offer("p5:f", 100, "JP", 5'120, 15)) == "must be good for as many days");
  BOOST_TEST(flaw(offer("p5:g", 100, "US")) == "must be for the same country");
  BOOST_TEST(flaw(offer("another", 100)) == "must be of another provider");
  BOOST_TEST(flaw_of(bundle_route{"jp5", "p5:none"}, current).field == "other");
  BOOST_TEST(flaw_of(bundle_route{"none", "p5:jp5"}, current).field == "product");
}

BOOST_AUTO_TEST_CASE(what_is_alike_is_proposed_both_ways) {
  add_offer(current, offer("p5:us5", 100, "US"));
  add_offer(current, offer("p6:jp3", 100, "JP", 3'072));
  std::set<std::pair<std::string, std::string>> proposed;
  for (const auto& route : propose_routes(current))
    proposed.emplace(route.product, route.other);
  BOOST_TEST(proposed.size() == 6u);
  BOOST_TEST(proposed.contains(std::pair<std::string, std::string>{"jp5", "p6:jp5"}));
  BOOST_TEST(proposed.contains(std::pair<std::string, std::string>{"p6:jp5", "jp5"}));
}

BOOST_AUTO_TEST_CASE(a_fixed_price_below_the_cost_is_a_loss_unless_it_is_meant) {
  price_rule rule;
  rule.scope.product = "p5:jp5";
  rule.price = money::from_cents(600);
  auto losses = [&] { return losses_of(current, price_book{{rule}}, now()); };
  BOOST_TEST(losses().empty());
  rule.price = money::from_cents(599);
  BOOST_REQUIRE(losses().size() == 1u);
  BOOST_TEST(losses().front().product == "p5:jp5");
  BOOST_TEST(losses().front().provider == "p5");
  BOOST_TEST(losses().front().cost.cents() == 600);
  BOOST_TEST(losses().front().price.cents() == 599);
  rule.may_be_below_cost = true;
  BOOST_TEST(losses().empty());
}

BOOST_AUTO_TEST_SUITE_END()
