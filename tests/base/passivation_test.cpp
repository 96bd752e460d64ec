#include "tests/fixtures/memory_node.hpp"

// Idle entities leave, and come back with the next message as if they had stayed.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : memory_fixture {
  region_actor here = node(60s);

  posting debit(dealer_id dealer) {
    posting result;
    result.id = posting_id::make();
    result.dealer = dealer;
    result.lines.push_back({entry_type::debit, money::from_cents(-100), "test", {}});
    return result;
  }

  wallet_actor wallet_of(dealer_id dealer) {
    return entity<wallet_actor>(here, wallet_atom_v, dealer);
  }

  pending_answer<receipt> pay(const wallet_actor& wallet, dealer_id dealer) {
    auto answer = ask<receipt>(system, wallet, debit(dealer));
    settle();
    return answer;
  }

  double active_wallets() const {
    return metrics->active_wallets.Value();
  }
};

bool has_left(const wallet_actor& wallet) {
  return wallet->getf(caf::abstract_actor::is_cleaned_up_flag);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(passivation_suite, fixture)

BOOST_AUTO_TEST_CASE(an_idle_wallet_leaves_and_the_region_activates_it_anew) {
  auto dealer = add_dealer(money::from_cents(1'000));
  auto before = wallet_of(dealer);
  auto first = pay(before, dealer);
  end_all_commits();
  BOOST_TEST(first.has_ended());
  advance(70s);
  BOOST_TEST(has_left(before));
  advance(10s);
  BOOST_TEST(active_wallets() == 0);
  auto after = wallet_of(dealer);
  BOOST_TEST((after != before));
  auto second = pay(after, dealer);
  end_all_commits();
  BOOST_TEST(second.has_ended());
  BOOST_TEST(db->wallet_loads == 2);
  BOOST_TEST(db->wallets[dealer].balance.cents() == 800);
}

BOOST_AUTO_TEST_CASE(a_wallet_that_has_left_is_replaced_before_the_sweep_finds_out) {
  auto dealer = add_dealer(money::from_cents(1'000));
  auto before = wallet_of(dealer);
  caf::anon_send_exit(before, caf::exit_reason::user_shutdown);
  settle();
  BOOST_TEST((pay(before, dealer).failure->value() == caf::sec::request_receiver_down));
  auto answer = pay(wallet_of(dealer), dealer);
  end_all_commits();
  BOOST_TEST(answer.has_ended());
}

BOOST_AUTO_TEST_CASE(a_wallet_in_use_stays) {
  auto dealer = add_dealer(money::from_cents(10'000));
  auto wallet = wallet_of(dealer);
  for (int i = 0; i < 10; ++i) {
    pay(wallet, dealer);
    end_all_commits();
    advance(50s);
  }
  BOOST_TEST(!has_left(wallet));
  BOOST_TEST(db->wallet_loads == 1);
}

BOOST_AUTO_TEST_CASE(a_wallet_whose_commit_is_under_way_stays_however_long_that_takes) {
  auto dealer = add_dealer(money::from_cents(1'000));
  auto wallet = wallet_of(dealer);
  auto answer = pay(wallet, dealer);
  advance(300s);
  BOOST_TEST(!has_left(wallet));
  end_all_commits();
  BOOST_TEST(std::get<balance_receipt>(answer.get().told).balance.cents() == 9'00);
}

BOOST_AUTO_TEST_CASE(above_the_busy_threshold_those_who_came_late_leave_soon) {
  region_config settings;
  settings.busy_threshold = 20;
  auto busy = node(std::move(settings));
  std::vector<dealer_id> dealers;
  for (int i = 0; i < 60; ++i)
    dealers.push_back(add_dealer(money::from_cents(1'000)));
  auto pay_each = [&] {
    std::vector<wallet_actor> wallets;
    for (auto dealer : dealers) {
      wallets.push_back(entity<wallet_actor>(busy, wallet_atom_v, dealer));
      pay(wallets.back(), dealer);
      end_all_commits();
    }
    return wallets;
  };
  auto wallets = pay_each();
  advance(30s);
  BOOST_TEST(std::count_if(wallets.begin(), wallets.end(), has_left) == 40);
  wallets = pay_each();
  advance(2s);
  // Each new entity makes idle ones leave. They do not stay until the next regular sweep.
  for (int i = 0; i < 6; ++i)
    entity<wallet_actor>(busy, wallet_atom_v, add_dealer(money::from_cents(1'000)));
  settle();
  BOOST_TEST(std::count_if(wallets.begin(), wallets.end(), has_left) == 40);
  for (auto dealer : dealers)
    BOOST_TEST(db->wallets[dealer].balance.cents() == 800);
  // With fewer of them there is no hurry either.
  advance(100s);
  BOOST_TEST(std::count_if(wallets.begin(), wallets.end(), has_left) == 60);
  auto calm = entity<wallet_actor>(busy, wallet_atom_v, dealers.front());
  advance(40s);
  BOOST_TEST(!has_left(calm));
}

BOOST_AUTO_TEST_CASE(pools_dealers_and_ip_limiters_leave_as_well) {
  auto dealer = add_dealer(money::from_cents(1'000));
  add_stock(3);
  pool_name att{"att", "qr"};
  ask<stock_counts>(system, entity<pool_actor>(here, pool_atom_v, att), count_pool{att});
  ask<admission>(system, entity<ip_limiter_actor>(here, ip_limiter_atom_v, std::string{"10.0.0.1"}),
                 address_request{limit_class::otp_send, "10.0.0.1"});
  ask<admission>(system, entity<dealer_actor>(here, dealer_atom_v, dealer),
                 admission_request{{}, limit_class::read, true, false});
  settle();
  advance(10s);
  BOOST_TEST(metrics->active_pools.Value() == 1);
  BOOST_TEST(metrics->active_dealers.Value() == 1);
  BOOST_TEST(metrics->active_ip_limiters.Value() == 1);
  advance(90s);
  BOOST_TEST(metrics->active_pools.Value() == 0);
  BOOST_TEST(metrics->active_dealers.Value() == 0);
  // Its window is a quarter of an hour long, and leaving would empty it.
  BOOST_TEST(metrics->active_ip_limiters.Value() == 1);
  advance(15min);
  BOOST_TEST(metrics->active_ip_limiters.Value() == 0);
}

BOOST_AUTO_TEST_CASE(a_dealer_whose_window_still_counts_does_not_leave) {
  auto dealer = add_dealer(money::from_cents(0));
  auto brief = node(1s);
  admission_request question{{}, limit_class::revoke, true, false};
  auto admit = [&] {
    auto verdict =
      ask<admission>(system, entity<dealer_actor>(brief, dealer_atom_v, dealer), question);
    settle();
    return verdict.get().refusal;
  };
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((admit() == ec::none));
  advance(55s);
  BOOST_TEST((admit() == ec::rate_limited));
}

BOOST_AUTO_TEST_SUITE_END()
