#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/load.hpp"
#include "tests/fixtures/private_postgres.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <set>
#include <string>

// The database's machine dies, a standby takes over, and the old one comes back.

using namespace meisim::test;

namespace {

/// What is said to one server, standby or not.
class server_session {
public:
  explicit server_session(const std::string& connection) : sql_(soci::postgresql, connection) {
    // nop
  }

  void run(const std::string& statement) {
    sql_ << statement;
  }

  long long number(const std::string& query) {
    long long value = 0;
    sql_ << query, soci::into(value);
    return value;
  }

private:
  soci::session sql_;
};

/// Two servers, of which the second follows the first and confirms its commits.
struct pair_of_servers {
  private_postgres primary;
  private_postgres standby{private_postgres::standby_of{primary}};

  pair_of_servers() {
    server_session first{primary.connection()};
    first.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
    first.run("SELECT pg_reload_conf()");
    BOOST_TEST(comes_true([&] {
      return first.number("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
             == 1;
    }));
  }

  /// libpq's text for both of them, the first in front.
  std::string connection() const {
    auto both = primary.connection();
    auto of = [](const std::string& text, const std::string& key) {
      auto begin = text.find(key + '=') + key.size() + 1;
      return text.substr(begin, text.find(' ', begin) - begin);
    };
    auto put = [&](const std::string& key) {
      auto old = key + '=' + of(both, key);
      both.replace(both.find(old), old.size(), old + ',' + of(standby.connection(), key));
    };
    put("host");
    put("port");
    return both;
  }

  void promote() const {
    server_session second{standby.connection()};
    second.run("SELECT pg_promote(true)");
    second.run("ALTER SYSTEM SET synchronous_standby_names = ''");
    second.run("SELECT pg_reload_conf()");
  }
};

web_reply order_once(const service& here, const service::account& owner, const std::string& key) {
  return call(
    {"POST",
     here.public_url() + "/dealer/order",
     {owner.key_header, "Content-Type: application/json", "Idempotency-Key: " + key},
     R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})"},
    true);
}

/// Orders under keys of its own, until the node takes it; gives the order's id.
std::string order(const service& here, const service::account& owner, const std::string& key) {
  std::string id;
  BOOST_TEST(comes_true([&] {
               auto answer = order_once(here, owner, key);
               if (answer.status == 200)
                 id = answer.json()["orderId"].asString();
               return answer.status == 200;
             }),
             "order " << key);
  return id;
}

} // namespace

BOOST_AUTO_TEST_SUITE(failover_suite)

BOOST_AUTO_TEST_CASE(a_standby_takes_over_and_the_former_primary_is_not_gone_back_to) {
  pair_of_servers servers;
  service here{{"--rate-limits", "off"}, servers.connection()};
  auto owner = here.add_dealer("1000.00");
  std::set<std::string> orders;
  for (int i = 0; i < 10; ++i)
    orders.insert(order(here, owner, "before-" + std::to_string(i)));
  servers.primary.stop_immediately();
  servers.promote();
  for (int i = 0; i < 10; ++i)
    orders.insert(order(here, owner, "after-" + std::to_string(i)));
  BOOST_TEST(orders.size() == 20u);
  // The former primary comes back and takes writes, in front of the other in the node's list.
  servers.primary.start();
  auto name = here.database_connection().substr(here.database_connection().rfind("dbname="));
  server_session former{servers.primary.connection() + ' ' + name};
  former.run("ALTER SYSTEM SET synchronous_standby_names = ''");
  former.run("SELECT pg_reload_conf()");
  auto there = former.number("SELECT count(*) FROM orders");
  {
    server_session second{servers.standby.connection()};
    second.run(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name "
      "LIKE 'meisim%' AND pid <> pg_backend_pid()");
  }
  for (int i = 0; i < 10; ++i)
    orders.insert(order(here, owner, "later-" + std::to_string(i)));
  BOOST_TEST(former.number("SELECT count(*) FROM orders") == there);
  server_session second{servers.standby.connection() + ' ' + name};
  BOOST_TEST(second.number("SELECT count(*) FROM orders") == 30);
  for (const auto& id : orders)
    BOOST_TEST(second.number("SELECT count(*) FROM orders WHERE id = '" + id + "'") == 1, id);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_primary_that_hangs_is_left_for_the_promoted_one) {
  pair_of_servers servers;
  service here{{"--rate-limits", "off"}, servers.connection()};
  auto owner = here.add_dealer("100000.00");
  load clients;
  for (int i = 0; i < 4; ++i)
    clients.place_orders(here.public_url(), owner);
  BOOST_TEST(answers_more(clients, 20));
  // Its connections stay, and all that was asked waits for an answer.
  servers.primary.hang();
  servers.promote();
  BOOST_TEST(answers_more(clients, 20));
  clients.stop();
  auto name = here.database_connection().substr(here.database_connection().rfind("dbname="));
  server_session second{servers.standby.connection() + ' ' + name};
  for (const auto& one : clients.outcomes()) {
    auto there =
      second.number("SELECT count(*) FROM orders WHERE customer_email = '" + one.customer + "'");
    BOOST_TEST((one.status == 200 ? there == 1 : there <= 1), one.customer << ": " << there);
  }
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(while_no_standby_confirms_callers_hear_that_nothing_is_known) {
  pair_of_servers servers;
  service here{{"--rate-limits", "off"}, servers.connection()};
  auto owner = here.add_dealer("1000.00");
  servers.standby.hang();
  auto answer = order_once(here, owner, "waits");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.json()["code"].asString() == "outcome_unknown");
  BOOST_TEST(answer.json()["message"].asString().find("Idempotency-Key") != std::string::npos);
  BOOST_TEST(answer.headers.contains("retry-after"));
  constexpr auto nobody_waits = "meisim_database_sync_wait_seconds 0\n";
  auto metrics = [&] { return http_get(here.admin_url() + "/metrics"); };
  BOOST_TEST(comes_true([&] { return metrics().find(nobody_waits) == std::string::npos; }));
  servers.standby.go_on();
  auto id = order(here, owner, "waits");
  BOOST_TEST(comes_true([&] { return metrics().find(nobody_waits) != std::string::npos; }));
  auto name = here.database_connection().substr(here.database_connection().rfind("dbname="));
  server_session first{servers.primary.connection() + ' ' + name};
  BOOST_TEST(first.number("SELECT count(*) FROM orders") == 1);
  BOOST_TEST(first.number("SELECT count(*) FROM orders WHERE id = '" + id + "'") == 1);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
