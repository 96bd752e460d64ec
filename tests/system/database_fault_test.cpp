#include "tests/fixtures/private_postgres.hpp"
#include "tests/fixtures/service.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <mutex>
#include <set>
#include <thread>

// The database stops and comes back while the node keeps running.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

web_reply place_order(const service& node, const service::account& owner, const std::string& key) {
  return call(
    {"POST",
     node.public_url() + "/dealer/order",
     {owner.key_header, "Content-Type: application/json", "Idempotency-Key: " + key},
     R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})"},
    true);
}

/// Whether the node says that nothing was done; it may also say that it does not know.
bool is_refused(const web_reply& answer) {
  return answer.status == 503 && answer.headers.contains("retry-after")
         && answer.body.find("nothing was changed") != std::string::npos;
}

/// Dealers who order all the time. Each order has its own key, and is repeated under this key for
/// as long as the node asks for that.
class buyers {
public:
  buyers(const service& node, const service::account& owner, int count) {
    for (int i = 0; i < count; ++i)
      threads_.emplace_back([this, &node, owner, i] {
        for (int k = 0; !is_over_; ++k)
          buy(node, owner, std::to_string(i) + "-" + std::to_string(k));
      });
  }

  ~buyers() {
    stop();
  }

  /// Lets each end its last order.
  void stop() {
    is_over_ = true;
    for (auto& thread : threads_)
      thread.join();
    threads_.clear();
  }

  /// The orders that were acknowledged.
  size_t done() {
    std::lock_guard guard{lock_};
    return acknowledged.size();
  }

  std::set<std::string> acknowledged;
  std::atomic<int> told_to_repeat{0};
  /// Answers that the API does not promise, and missing answers.
  std::atomic<int> wrong{0};

private:
  void buy(const service& node, const service::account& owner, const std::string& key) {
    for (;;) {
      auto answer = place_order(node, owner, key);
      if (answer.status == 200) {
        std::lock_guard guard{lock_};
        acknowledged.insert(answer.json()["orderId"].asString());
        return;
      }
      bool is_promised =
        (answer.status == 503 || answer.status == 409) && answer.headers.contains("retry-after");
      ++(is_promised ? told_to_repeat : wrong);
      std::this_thread::sleep_for(20ms);
    }
  }

  std::mutex lock_;
  std::atomic<bool> is_over_{false};
  std::vector<std::thread> threads_;
};

long long count_of(const service& node, const std::string& table_and_condition) {
  meisim::database db{node.database_connection(), "test"};
  long long count = 0;
  db.session() << "SELECT count(*) FROM " + table_and_condition, soci::into(count);
  return count;
}

/// Waits for as long as a test may take; the test fails by what it checks then.
template <class Predicate>
void wait_until(Predicate is_there) {
  for (int i = 0; i < 6'000 && !is_there(); ++i)
    std::this_thread::sleep_for(20ms);
}

} // namespace

BOOST_AUTO_TEST_SUITE(database_fault_suite)

BOOST_AUTO_TEST_CASE(a_database_that_restarts_under_load_loses_and_doubles_nothing) {
  private_postgres postgres;
  service here{{"--rate-limits", "off"}, postgres.connection()};
  auto owner = here.add_dealer("1000000.00");
  auto node = here.node_id();
  buyers load{here, owner, 8};
  for (int round = 0; round < 4; ++round) {
    auto before = load.done();
    wait_until([&] { return load.done() > before + 50; });
    auto asked_before = load.told_to_repeat.load();
    round % 2 == 0 ? postgres.stop_fast() : postgres.stop_immediately();
    wait_until([&] { return load.told_to_repeat > asked_before + 8; });
    BOOST_TEST(call({"GET", here.public_url() + "/dealer/wallet", {owner.key_header}, {}}).status
               == 503);
    postgres.start();
  }
  auto before = load.done();
  wait_until([&] { return load.done() > before + 50; });
  BOOST_TEST(load.done() > before + 50);
  load.stop();
  BOOST_TEST(load.wrong == 0);
  BOOST_TEST(load.told_to_repeat > 0);
  BOOST_TEST(here.node_id() == node);
  BOOST_TEST(here.is_ledger_ok());
  // Each acknowledged order is there, and each repeat found what its first try had done.
  BOOST_TEST(count_of(here, "orders") == static_cast<long long>(load.acknowledged.size()));
  for (const auto& order : load.acknowledged)
    BOOST_REQUIRE(count_of(here, "orders WHERE id = '" + order + "'") == 1);
  wait_until([&] { return count_of(here, "orders WHERE status <> 'completed'") == 0; });
  BOOST_TEST(count_of(here, "orders WHERE status <> 'completed'") == 0);
  BOOST_TEST(here.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(sessions_that_break_in_the_middle_of_their_work_lose_and_double_nothing) {
  service here;
  auto owner = here.add_dealer("1000000.00");
  buyers load{here, owner, 8};
  {
    meisim::database db{here.database_connection(), "test"};
    for (int round = 0; round < 40; ++round) {
      auto before = load.done();
      wait_until([&] { return load.done() > before + 5; });
      db.session() << "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()";
    }
  }
  load.stop();
  BOOST_TEST(load.wrong == 0);
  BOOST_TEST(here.is_ledger_ok());
  BOOST_TEST(count_of(here, "orders") == static_cast<long long>(load.acknowledged.size()));
  BOOST_TEST(here.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(a_database_that_goes_while_nothing_is_under_way_leaves_nothing_in_doubt) {
  private_postgres postgres;
  service here{{"--rate-limits", "off"}, postgres.connection()};
  auto owner = here.add_dealer("100.00");
  BOOST_TEST(place_order(here, owner, "1").status == 200);
  BOOST_TEST(here.final_status(
               owner, here.get("/api/v1/orders", {owner.key_header}).json()[0]["id"].asString())
             == "completed");
  postgres.stop_fast();
  BOOST_TEST(is_refused(place_order(here, owner, {})));
  BOOST_TEST(is_refused(place_order(here, owner, "2")));
  BOOST_TEST(is_refused(here.get("/dealer/wallet", {owner.key_header})));
  postgres.start();
  // Whoever has tried in vain waits a moment before the next try.
  wait_until([&] { return here.get("/dealer/wallet", {owner.key_header}).status == 200; });
  // No request gets a database connection from before the stop.
  for (std::string path : {"/dealer/wallet", "/api/v1/orders", "/dealer/statement"})
    BOOST_TEST(here.get(path, {owner.key_header}).status == 200);
  BOOST_TEST(place_order(here, owner, {}).status == 200);
  BOOST_TEST(place_order(here, owner, "2").status == 200);
  BOOST_TEST(here.is_ledger_ok());
  BOOST_TEST(count_of(here, "orders") == 3);
}

BOOST_AUTO_TEST_CASE(a_database_that_goes_in_the_middle_of_a_commit_holds_up_nobody_else) {
  private_postgres postgres;
  service here{{"--rate-limits", "off"}, postgres.connection()};
  auto owner = here.add_dealer("100.00");
  auto other = here.add_dealer("100.00");
  std::future<web_reply> lost;
  {
    meisim::database db{here.database_connection(), "test"};
    meisim::transaction tx{db};
    db.session() << "SELECT count(*) FROM (SELECT 1 FROM wallets FOR UPDATE) locked";
    lost = std::async(std::launch::async, [&] { return place_order(here, owner, "1"); });
    wait_until([&] {
      return count_of(here, "pg_stat_activity WHERE application_name = 'meisim ledger'"
                            " AND wait_event_type = 'Lock'")
             == 1;
    });
    postgres.stop_immediately();
  }
  BOOST_TEST(is_refused(place_order(here, owner, {})));
  BOOST_TEST(is_refused(place_order(here, other, {})));
  postgres.start();
  BOOST_TEST(is_refused(lost.get()));
  BOOST_TEST(place_order(here, owner, "1").status == 200);
  BOOST_TEST(place_order(here, other, "1").status == 200);
  BOOST_TEST(here.is_ledger_ok());
  BOOST_TEST(count_of(here, "orders") == 2);
}

BOOST_AUTO_TEST_CASE(a_node_waits_for_a_database_that_is_not_there_yet) {
  private_postgres postgres;
  test_database database{postgres.connection()};
  postgres.stop_fast();
  auto home =
    (std::filesystem::temp_directory_path() / ("meisim-test-" + to_string(meisim::make_uuid())))
      .string();
  auto log = home + ".log";
  auto node = std::async(std::launch::async, [&] {
    return std::make_unique<child_process>(
      "meisimd",
      std::vector<std::string>{"--home", home, "--port", "0", "--admin-port", "0",
                               "--allow-mail-folder", "--database", database.connection()},
      "meisimd ready ", log);
  });
  auto tries = [&] {
    constexpr std::string_view line = "the database cannot be used, trying again";
    auto text = text_of_file(log);
    int count = 0;
    for (auto at = text.find(line); at != std::string::npos; at = text.find(line, at + 1))
      ++count;
    return count;
  };
  wait_until([&] { return tries() >= 2; });
  BOOST_TEST(tries() >= 2);
  postgres.start();
  auto running = node.get();
  auto ports = running->rest_of_line();
  auto admin = ports.substr(ports.find(' ') + 1);
  BOOST_TEST(call({"GET", "http://127.0.0.1:" + admin + "/readyz", {}, {}}).status == 200);
  BOOST_TEST(running->stop() == 0);
  std::filesystem::remove_all(home);
  std::filesystem::remove(log);
}

BOOST_AUTO_TEST_SUITE_END()
