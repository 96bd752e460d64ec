#include "actors/base/job_store.hpp"
#include "actors/base/records.hpp"
#include "actors/money/commit_batch.hpp"
#include "actors/money/ledger_writer.hpp"
#include "persistence/money/ledger_check.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/operators/desk.hpp"
#include "protocols/operators/operators.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_desk.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <future>

// The actors that own a database session, and wallets on top of them.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct threaded_config : caf::actor_system_config {
  threaded_config() {
    announce_messages(*this);
    set("scheduler.max-threads", size_t{2});
  }
};

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  threaded_config config;
  caf::actor_system system{config};
  std::shared_ptr<const node_metrics> metrics =
    std::make_shared<node_metrics>(std::make_shared<prometheus::Registry>());
  std::vector<caf::actor> spawned;

  ~fixture() {
    for (const auto& actor : spawned)
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    spawned.clear();
    system.await_all_actors_done();
  }

  template <caf::spawn_options Options = caf::no_spawn_options, class... Ts>
  auto spawn(Ts&&... xs) {
    auto handle = system.spawn<Options>(std::forward<Ts>(xs)...);
    spawned.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  wallet_actor node_with_wallet() {
    auto writer = spawn<caf::detached>(ledger_writer, here.connection(), metrics);
    auto memory = spawn<caf::detached>(records, here.connection(), server_role::primary);
    return spawn(wallet, dealer, writer, wallet_memory_actor{memory}, entity_terms{60s});
  }

  /// The answer, or the code of the error.
  template <class Answer, class Handle, class Question>
  std::variant<Answer, ec> ask_now(const Handle& target, const Question& question) {
    std::variant<Answer, ec> result{ec::none};
    caf::scoped_actor self{system};
    self->request(target, 30s, question)
      .receive([&](const Answer& answer) { result = answer; },
               [&](const caf::error& failure) { result = code_of(failure); });
    return result;
  }
};

/// How the postings of one caller ended.
struct tally {
  int done = 0;
  int refused = 0;
  int other = 0;
};

/// Pays a dollar `count` times over a wallet, and repeats what the wallet asks it to repeat.
tally spend(caf::actor_system& system, const wallet_actor& wallet, dealer_id dealer, int count) {
  tally result;
  for (int i = 0; i < count; ++i) {
    auto what = debit(dealer, dollars(1));
    for (bool again = true; again;) {
      again = false;
      caf::scoped_actor self{system};
      self->request(wallet, 30s, what)
        .receive([&](const receipt&) { ++result.done; },
                 [&](const caf::error& failure) {
                   auto code = code_of(failure);
                   again = code == ec::unavailable;
                   if (code == ec::insufficient_funds)
                     ++result.refused;
                   else if (!again)
                     ++result.other;
                 });
    }
  }
  return result;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(memory_actors_suite, fixture)

BOOST_AUTO_TEST_CASE(two_nodes_that_both_own_a_wallet_spend_it_once) {
  deciding_hand hand{db, dealer};
  commit_batch(db, {hand.decide(topup(dealer, dollars(150)))});
  std::vector<std::future<tally>> callers;
  for (const auto& wallet : {node_with_wallet(), node_with_wallet()})
    for (int i = 0; i < 2; ++i)
      callers.push_back(std::async(std::launch::async,
                                   [this, wallet] { return spend(system, wallet, dealer, 50); }));
  tally all;
  for (auto& caller : callers) {
    auto one = caller.get();
    all.done += one.done;
    all.refused += one.refused;
    all.other += one.other;
  }
  BOOST_TEST(all.done == 150);
  BOOST_TEST(all.refused == 50);
  BOOST_TEST(all.other == 0);
  auto proof = prove_ledger(db);
  BOOST_TEST(proof.mismatches.empty());
  BOOST_TEST(proof.transfers == 151);
  BOOST_TEST(load_position(db, dealer)->balance.cents() == 0);
}

BOOST_AUTO_TEST_CASE(records_answer_or_tell_that_there_is_no_such_thing) {
  auto memory = spawn<caf::detached>(records, here.connection(), server_role::primary);
  auto found = ask_now<dealer_record>(memory, load_dealer{dealer});
  BOOST_REQUIRE(std::holds_alternative<dealer_record>(found));
  BOOST_TEST(std::get<dealer_record>(found).snapshot.email == "dealer@example.test");
  auto missing = dealer_id::make();
  BOOST_TEST((std::get<ec>(ask_now<dealer_record>(memory, load_dealer{missing})) == ec::not_found));
  BOOST_TEST(
    (std::get<ec>(ask_now<wallet_position>(memory, load_wallet{missing})) == ec::not_found));
  BOOST_TEST(std::get<ledger_check>(ask_now<ledger_check>(memory, check_ledger{})).wallets == 1);
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_is_unavailable) {
  auto nowhere = "host=127.0.0.1 port=1 user=nobody dbname=nothing";
  auto memory = spawn<caf::detached>(records, std::string{nowhere}, server_role::primary);
  BOOST_TEST(
    (std::get<ec>(ask_now<dealer_record>(memory, load_dealer{dealer})) == ec::unavailable));
  auto store = spawn<caf::detached>(job_store, std::string{nowhere});
  BOOST_TEST(
    (std::get<ec>(ask_now<job_list>(store, lease_jobs{"mail", 1, 60})) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(the_job_store_tells_when_there_is_no_such_thing) {
  auto store = spawn<caf::detached>(job_store, here.connection());
  BOOST_TEST(std::get<job_list>(ask_now<job_list>(store, lease_jobs{"mail", 1, 60})).jobs.empty());
  BOOST_TEST(
    (std::get<ec>(ask_now<order_to_fulfil>(store, load_order{order_id::make()})) == ec::not_found));
  BOOST_TEST(
    (std::get<ec>(ask_now<queued_mail>(store, load_mail{mail_id::make()})) == ec::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
