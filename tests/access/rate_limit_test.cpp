#include "actors/access/dealer.hpp"
#include "actors/access/ip_limiter.hpp"
#include "tests/fixtures/actors.hpp"

#include <algorithm>

// The documented limits, row by row, with windows that slide as the test's clock moves.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct promise {
  limit_class group;
  uint32_t count;
  std::chrono::seconds window;
  bool is_per_address;
};

/// The limits of the documentation, written down here once more.
const std::vector<promise> promised{
  {limit_class::read, 60, 60s, false},          {limit_class::order, 30, 60s, false},
  {limit_class::revoke, 10, 60s, false},        {limit_class::topup, 5, 60s, false},
  {limit_class::topup_intent, 10, 60s, false},  {limit_class::otp_send, 5, 900s, true},
  {limit_class::otp_verify, 10, 900s, true},    {limit_class::login, 8, 900s, true},
  {limit_class::unknown_key, 30, 60s, true},    {limit_class::password, 10, 900s, false},
  {limit_class::provider_news, 600, 60s, true},
};

struct fixture : actor_fixture {
  std::shared_ptr<const limit_table> limits = std::make_shared<limit_table>();
  std::shared_ptr<dealer_record> account = std::make_shared<dealer_record>();

  fixture() {
    account->snapshot.status = dealer_status::approved;
  }

  dealer_actor new_dealer() {
    dealer_memory_actor records =
      spawn([known = account](dealer_memory_actor::pointer) -> dealer_memory_actor::behavior_type {
        return {[known](const load_dealer&) { return *known; }};
      });
    return spawn(dealer, dealer_id::make(), records, limits, entity_terms{60s});
  }

  ip_limiter_actor new_ip_limiter() {
    return spawn(ip_limiter, "10.0.0.1", limits, std::make_shared<ownership_lease>());
  }

  admission ask_one(const dealer_actor& who, limit_class group) {
    return verdict_of(ask<admission>(system, who, admission_request{{}, group, true, false}));
  }

  admission ask_one(const ip_limiter_actor& who, limit_class group) {
    return verdict_of(ask<admission>(system, who, address_request{group, "10.0.0.1"}));
  }

  admission verdict_of(pending_answer<admission> answer) {
    settle();
    return answer.get();
  }

  /// The whole life of one row: half of its requests at once, the other half half a window later.
  template <class Handle>
  void check_row(const Handle& who, const promise& row) {
    auto passes = [&](uint32_t remaining) {
      auto verdict = ask_one(who, row.group);
      BOOST_TEST((verdict.refusal == ec::none));
      BOOST_TEST(verdict.rate.limit == row.count);
      BOOST_TEST(verdict.rate.remaining == remaining);
      BOOST_TEST(verdict.rate.reset_seconds == row.window.count());
    };
    auto is_refused_for = [&](std::chrono::seconds time) {
      auto verdict = ask_one(who, row.group);
      BOOST_TEST((verdict.refusal == ec::rate_limited));
      BOOST_TEST(!verdict.message.empty());
      BOOST_TEST(verdict.rate.limit == row.count);
      BOOST_TEST(verdict.rate.remaining == 0u);
      BOOST_TEST(verdict.rate.reset_seconds == time.count());
    };
    auto half = row.count / 2;
    auto half_window = row.window / 2;
    for (uint32_t i = 0; i < half; ++i)
      passes(row.count - i - 1);
    advance(half_window);
    for (uint32_t i = half; i < row.count; ++i)
      passes(row.count - i - 1);
    is_refused_for(half_window);
    // A refused request does not count, so the wait does not grow.
    is_refused_for(half_window);
    advance(half_window - 1s);
    is_refused_for(1s);
    advance(1s);
    // The first half has slid out, the second still counts.
    for (uint32_t i = 0; i < half; ++i)
      passes(half - i - 1);
    is_refused_for(half_window);
    advance(row.window);
    passes(row.count - 1);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rate_limit_suite, fixture)

BOOST_AUTO_TEST_CASE(the_table_is_the_documented_one) {
  for (const auto& row : promised) {
    auto rule = documented_limit(row.group);
    BOOST_TEST(rule.count == row.count);
    BOOST_TEST(rule.window.count() == row.window.count());
  }
  BOOST_TEST(promised.size() + 1 == limit_class_count);
  BOOST_TEST(documented_limit(limit_class::none).count == 0u);
}

BOOST_AUTO_TEST_CASE(every_row_slides_for_a_dealer) {
  for (const auto& row : promised)
    if (!row.is_per_address)
      BOOST_TEST_CONTEXT("row " << static_cast<int>(row.group))
  check_row(new_dealer(), row);
}

BOOST_AUTO_TEST_CASE(every_row_slides_for_an_address) {
  for (const auto& row : promised)
    if (row.is_per_address)
      BOOST_TEST_CONTEXT("row " << static_cast<int>(row.group))
  check_row(new_ip_limiter(), row);
}

BOOST_AUTO_TEST_CASE(in_no_stretch_of_a_window_do_more_pass_than_the_limit) {
  rate_window window;
  limit_rule rule{7, 60s};
  rate_window::clock_time time{1h};
  std::vector<rate_window::clock_time> passed;
  // Irregular, and the same every time.
  for (uint32_t i = 0, noise = 1; i < 5'000; ++i) {
    noise = noise * 1'103'515'245 + 12'345;
    time += std::chrono::milliseconds{noise % 9'000};
    auto verdict = window.admit(rule, time);
    auto count = std::count_if(passed.begin(), passed.end(),
                               [&](auto then) { return time - then < rule.window; });
    BOOST_REQUIRE(verdict.passes == (count < rule.count));
    BOOST_REQUIRE(verdict.state.remaining + count + (verdict.passes ? 1 : 0) == rule.count);
    if (verdict.passes)
      passed.push_back(time);
  }
}

BOOST_AUTO_TEST_CASE(groups_and_callers_do_not_count_against_each_other) {
  auto one = new_ip_limiter();
  auto other = new_ip_limiter();
  for (int i = 0; i < 5; ++i)
    BOOST_TEST((ask_one(one, limit_class::otp_send).refusal == ec::none));
  BOOST_TEST((ask_one(one, limit_class::otp_send).refusal == ec::rate_limited));
  BOOST_TEST((ask_one(one, limit_class::otp_verify).refusal == ec::none));
  BOOST_TEST((ask_one(other, limit_class::otp_send).refusal == ec::none));
}

BOOST_AUTO_TEST_CASE(what_is_refused_for_another_reason_does_not_count) {
  account->snapshot.status = dealer_status::suspended;
  auto who = new_dealer();
  for (int i = 0; i < 20; ++i)
    BOOST_TEST((ask_one(who, limit_class::revoke).refusal == ec::forbidden));
  account->snapshot.status = dealer_status::approved;
  self->send(who, reload_atom_v);
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((ask_one(who, limit_class::revoke).refusal == ec::none));
  BOOST_TEST((ask_one(who, limit_class::revoke).refusal == ec::rate_limited));
}

BOOST_AUTO_TEST_CASE(a_change_of_the_account_does_not_open_the_window_anew) {
  auto who = new_dealer();
  for (int i = 0; i < 10; ++i)
    ask_one(who, limit_class::revoke);
  self->send(who, reload_atom_v);
  BOOST_TEST((ask_one(who, limit_class::revoke).refusal == ec::rate_limited));
}

BOOST_AUTO_TEST_CASE(limits_can_be_scaled_and_switched_off) {
  limits = std::make_shared<limit_table>(2.0);
  auto doubled = new_ip_limiter();
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((ask_one(doubled, limit_class::otp_send).refusal == ec::none));
  BOOST_TEST((ask_one(doubled, limit_class::otp_send).refusal == ec::rate_limited));
  // However small the factor, one passes.
  limits = std::make_shared<limit_table>(0.001);
  auto tiny = new_ip_limiter();
  BOOST_TEST((ask_one(tiny, limit_class::otp_send).refusal == ec::none));
  BOOST_TEST((ask_one(tiny, limit_class::otp_send).refusal == ec::rate_limited));
  limits = std::make_shared<limit_table>(0.0);
  auto unlimited = new_ip_limiter();
  for (int i = 0; i < 100; ++i) {
    auto verdict = ask_one(unlimited, limit_class::otp_send);
    BOOST_TEST((verdict.refusal == ec::none));
    BOOST_TEST(verdict.rate.limit == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
