#include "actors/supply/price_cache.hpp"
#include "protocols/base/done.hpp"
#include "tests/fixtures/actors.hpp"

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// What the fake memory holds, and how it behaves.
struct price_table {
  price_list prices;
  bool is_away = false;
  int readings = 0;
  /// While this is set, questions wait for their answers.
  bool is_slow = false;
  std::vector<caf::typed_response_promise<price_list>> held;
};

/// The records as the price cache sees them, and a message that releases the answers held back.
using fake_memory_actor = price_memory_actor::extend<caf::reacts_to<wake_atom>>;

fake_memory_actor::behavior_type fake_memory(fake_memory_actor::pointer self,
                                             std::shared_ptr<price_table> state) {
  return {
    [self, state](const load_prices&) -> caf::result<price_list> {
      ++state->readings;
      if (state->is_away)
        return make_error(ec::unavailable, "the database is away");
      if (!state->is_slow)
        return state->prices;
      auto promise = self->make_response_promise<price_list>();
      state->held.push_back(promise);
      return promise;
    },
    [state](wake_atom) {
      for (auto& promise : std::exchange(state->held, {}))
        promise.deliver(state->prices);
    },
  };
}

sku make_sku(sku_id id, std::string service, int64_t cents) {
  sku result;
  result.id = id;
  result.service = std::move(service);
  result.price = money::from_cents(cents);
  return result;
}

price_rule own_price(sku_id item, dealer_id whose, int64_t cents) {
  price_rule result;
  result.scope = {whose, {}, to_string(item)};
  result.price = money::from_cents(cents);
  return result;
}

struct fixture : actor_fixture {
  sku_id esim = sku_id::make();
  sku_id top_up = sku_id::make();
  dealer_id dealer = dealer_id::make();
  dealer_id favoured = dealer_id::make();
  std::shared_ptr<price_table> memory = std::make_shared<price_table>();
  std::shared_ptr<published<price_book>> board = std::make_shared<published<price_book>>();
  fake_memory_actor records;
  price_cache_actor cache;

  fixture() {
    memory->prices.skus = {make_sku(esim, "esim", 2'500), make_sku(top_up, "top-up", 900)};
    memory->prices.rules = {own_price(esim, favoured, 2'000)};
  }

  void open() {
    records = spawn(fake_memory, memory);
    cache = spawn(price_cache, 5s, price_memory_actor{records}, board,
                  std::make_shared<published<route_book>>());
  }

  void release() {
    self->send(records, wake_atom_v);
    settle();
  }

  pending_answer<sku> price(sku_id id, dealer_id whose, const std::string& service = "esim") {
    auto answer = ask<sku>(system, cache, find_price{id, service, whose});
    settle();
    return answer;
  }

  size_t count(const std::string& service) {
    auto answer = ask<sku_list>(system, cache, list_skus{service, dealer});
    settle();
    return answer.get().skus.size();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(price_cache_suite, fixture)

BOOST_AUTO_TEST_CASE(a_dealer_pays_its_own_price_or_the_list_price) {
  open();
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'500);
  BOOST_TEST(price(esim, favoured).get().price.cents() == 2'000);
  BOOST_TEST(price(top_up, favoured, "top-up").get().price.cents() == 900);
}

BOOST_AUTO_TEST_CASE(a_sku_is_found_within_its_service_only) {
  open();
  BOOST_TEST((price(esim, dealer, "top-up").code() == ec::not_found));
  BOOST_TEST((price(sku_id::make(), dealer).code() == ec::not_found));
}

BOOST_AUTO_TEST_CASE(lists_hold_a_service_or_all_at_the_dealers_prices) {
  open();
  BOOST_TEST(count("") == 2u);
  BOOST_TEST(count("esim") == 1u);
  BOOST_TEST(count("unheard-of") == 0u);
  auto own = ask<sku_list>(system, cache, list_skus{"esim", favoured});
  settle();
  BOOST_TEST(own.get().skus.front().price.cents() == 2'000);
}

BOOST_AUTO_TEST_CASE(questions_wait_for_the_first_reading) {
  memory->is_slow = true;
  open();
  auto early = price(esim, dealer);
  BOOST_TEST(!early.has_ended());
  release();
  BOOST_TEST(early.get().price.cents() == 2'500);
  BOOST_TEST(memory->readings == 1);
}

BOOST_AUTO_TEST_CASE(without_a_first_reading_nothing_is_sold) {
  memory->is_away = true;
  open();
  BOOST_TEST((price(esim, dealer).code() == ec::unavailable));
  memory->is_away = false;
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'500);
}

BOOST_AUTO_TEST_CASE(the_last_prices_hold_while_the_memory_is_away) {
  open();
  settle();
  memory->is_away = true;
  advance(12s);
  BOOST_TEST(memory->readings >= 3);
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'500);
}

BOOST_AUTO_TEST_CASE(a_change_shows_after_five_seconds_or_a_refresh) {
  open();
  settle();
  memory->prices.skus.front().price = money::from_cents(2'600);
  memory->prices.rules.clear();
  advance(4s);
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'500);
  advance(2s);
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'600);
  BOOST_TEST(price(esim, favoured).get().price.cents() == 2'600);
  memory->prices.skus.front().price = money::from_cents(2'700);
  auto refreshed = ask<done>(system, cache, refresh_atom_v);
  settle();
  refreshed.get();
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'700);
}

BOOST_AUTO_TEST_CASE(a_refresh_does_not_trust_a_reading_that_began_before_it) {
  memory->is_slow = true;
  open();
  settle();
  auto refreshed = ask<done>(system, cache, refresh_atom_v);
  settle();
  release();
  BOOST_TEST(!refreshed.has_ended());
  memory->prices.skus.front().price = money::from_cents(2'600);
  release();
  refreshed.get();
  BOOST_TEST(memory->readings == 2);
  BOOST_TEST(price(esim, dealer).get().price.cents() == 2'600);
}

BOOST_AUTO_TEST_CASE(the_board_has_the_rules_of_the_last_reading) {
  open();
  BOOST_TEST(board->latest() == nullptr);
  settle();
  auto price_on_board = [&] {
    auto product = to_string(esim);
    return board->latest()
      ->decide({product, {}, money::from_cents(2'500), goods::sku}, {favoured, 0, now()})
      .price.cents();
  };
  BOOST_TEST(price_on_board() == 2'000);
  memory->prices.rules = {own_price(esim, favoured, 1'900)};
  advance(6s);
  BOOST_TEST(price_on_board() == 1'900);
  memory->is_away = true;
  advance(6s);
  BOOST_TEST(price_on_board() == 1'900);
}

BOOST_AUTO_TEST_CASE(the_book_is_told_with_skus_at_their_list_prices) {
  open();
  auto told = ask<price_book_view>(system, cache, load_price_book{});
  settle();
  BOOST_TEST((told.get().current == board->latest()));
  BOOST_TEST(told.get().skus.front().price.cents() == 2'500);
}

BOOST_AUTO_TEST_CASE(a_refresh_tells_when_it_failed) {
  open();
  settle();
  memory->is_away = true;
  auto refreshed = ask<done>(system, cache, refresh_atom_v);
  settle();
  BOOST_TEST((refreshed.code() == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
