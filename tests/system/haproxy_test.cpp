#include "tests/fixtures/haproxy.hpp"
#include "tests/fixtures/load.hpp"
#include "tests/fixtures/several_nodes.hpp"

#include <signal.h>

#include <csignal>
#include <map>

// Three nodes behind the real HAProxy, with the shipped configuration: what clients notice when a
// node drains, stops or dies.

using namespace meisim::test;

namespace {

std::string port_of(const std::string& url) {
  return url.substr(url.rfind(':') + 1);
}

struct fixture {
  certificates keys;
  service here;
  service::peer second = here.start_peer("node-1");
  service::peer third = here.start_peer("node-2");
  haproxy proxy{nodes()};

  explicit fixture(const std::vector<std::string>& options = {"--rate-limits", "off",
                                                              "--trusted-proxy", "127.0.0.1"})
    : here(keys.added_to(options)) {
    // nop
  }

  std::vector<haproxy::node> nodes() const {
    return {{here.port(), here.admin_port()},
            {port_of(second.url), port_of(second.admin_url)},
            {port_of(third.url), port_of(third.admin_url)}};
  }

  int requests_at(const std::string& node) const {
    return proxy.log_lines_with(" nodes/" + node + " ");
  }

  /// The node that has the dealer's wallet, as each of them tells a proxy.
  std::string node_of(const service::account& owner) const {
    return told_by_node(owner, {"X-Forwarded-For: 203.0.113.9"});
  }

  std::string told_by_node(const service::account& owner, std::vector<std::string> headers) const {
    headers.push_back(owner.key_header);
    auto answer = call({"GET", second.url + "/api/v1/me", std::move(headers), {}});
    BOOST_TEST(answer.status == 200);
    return answer.headers["x-meisim-node"];
  }

  bool is_taken_out(const std::string& node) const {
    return proxy.log_lines_with("Server nodes/" + node + " is DOWN") > 0;
  }

  /// How many orders each customer got.
  std::map<std::string, int> orders_by_customer() const {
    meisim::database db{here.database_connection(), "test"};
    soci::rowset<std::string> customers =
      (db.session().prepare << "SELECT customer_email FROM orders");
    std::map<std::string, int> result;
    for (const auto& customer : customers)
      ++result[customer];
    return result;
  }

  /// What was acknowledged is done once, and nothing is done twice.
  void check(const load& clients) const {
    BOOST_TEST(here.is_ledger_ok());
    auto orders = orders_by_customer();
    for (const auto& one : clients.outcomes()) {
      if (one.status == 200)
        BOOST_TEST(orders[one.customer] == 1, one.customer << " has " << orders[one.customer]);
      else
        BOOST_TEST(orders[one.customer] <= 1, one.customer << " has " << orders[one.customer]);
    }
  }
};

/// Clients who order through the proxy.
constexpr size_t client_count = 8;

struct under_load : fixture {
  load clients;

  /// About equally many dealers of each node.
  under_load() {
    std::map<std::string, size_t> at_node;
    for (size_t added = 0; added < client_count;) {
      auto owner = here.add_dealer("1000000.00");
      if (++at_node[node_of(owner)] > (client_count + 2) / 3)
        continue;
      clients.place_orders(proxy.url(), owner, proxy.certificate());
      ++added;
    }
  }

  /// Waits until every client has finished the request that it has under way.
  void let_all_turn_around() {
    BOOST_TEST(answers_more(clients, 5 * client_count));
  }
};

struct with_limits : fixture {
  with_limits() : fixture({"--rate-limits", "on", "--trusted-proxy", "127.0.0.1"}) {
    // nop
  }

  /// A login with a wrong password, through the proxy, by a client at `address` who claims to be
  /// at `claimed`.
  long log_in_from(const std::string& address, const std::string& claimed) const {
    web_call attempt{"POST",
                     proxy.url() + "/dealer/login",
                     {"Content-Type: application/json", "X-Forwarded-For: " + claimed},
                     R"({"email":"nobody@example.com","password":"wrong-password"})"};
    attempt.certificate = proxy.certificate();
    attempt.from = address;
    return call(attempt).status;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(haproxy_suite)

BOOST_AUTO_TEST_CASE(the_shipped_configuration_is_accepted_without_a_word) {
  auto complaint = complaint_about_shipped_haproxy_configuration();
  BOOST_TEST(complaint.empty(), complaint);
}

BOOST_FIXTURE_TEST_CASE(operators_have_a_port_with_tls_for_the_console_and_nothing_else, fixture) {
  auto ask = [&](const std::string& method, const std::string& path, const std::string& body = {}) {
    web_call what{method, proxy.operators_url() + path, {"Content-Type: application/json"}, body};
    what.certificate = proxy.certificate();
    return call(what);
  };
  auto stranger = ask("GET", "/admin/v1/session");
  BOOST_TEST(stranger.status == 401);
  BOOST_TEST(stranger.headers["strict-transport-security"] == "max-age=31536000");
  for (const char* path : {"/metrics", "/readyz", "/administrators", "/dealer/wallet"}) {
    auto hidden = ask("GET", path);
    BOOST_TEST(hidden.status == 404, path);
    BOOST_TEST(hidden.json()["code"].asString() == "not_found");
  }
  here.admin_post("/admin/v1/operators",
                  R"({"email":"jo@example.com","role":"viewer","password":"a long password"})");
  auto signed_in = ask("POST", "/admin/v1/session",
                       R"({"email":"jo@example.com","password":"a long password","cookie":true})");
  BOOST_TEST(signed_in.status == 200);
  BOOST_TEST(signed_in.headers["set-cookie"].starts_with("__Secure-console_session=op_"));
}

BOOST_FIXTURE_TEST_CASE(who_asks_for_too_much_is_held_up_before_the_nodes, fixture) {
  constexpr int most = 20;
  haproxy strict{nodes(), most};
  auto ask_from = [&](const std::string& address, const std::string& url) {
    web_call what{"GET", url, {}, {}};
    what.certificate = strict.certificate();
    what.from = address;
    return call(what);
  };
  auto use_up = [&](const std::string& url) {
    int let_in = 0;
    auto answer = ask_from("127.0.0.4", url);
    for (; answer.status != 429; answer = ask_from("127.0.0.4", url))
      BOOST_TEST_REQUIRE(++let_in < 5 * most);
    BOOST_TEST(let_in >= most);
    BOOST_TEST(answer.json()["code"].asString() == "rate_limited");
    BOOST_TEST(answer.headers["x-request-id"] == answer.json()["request_id"].asString());
    BOOST_TEST(answer.headers["retry-after"] == "10");
    BOOST_TEST(ask_from("127.0.0.5", url).status != 429);
  };
  use_up(strict.url() + "/openapi.json");
  // What is held up may have a secret in its address, too.
  BOOST_TEST(ask_from("127.0.0.4", strict.url() + "/provider/p3/webhook/do-not-log-me").status
             == 429);
  BOOST_TEST(ask_from("127.0.0.5", strict.url() + "/openapi.json?after").status == 200);
  BOOST_TEST(comes_true([&] { return strict.log_lines_with("openapi.json?after") == 1; }));
  BOOST_TEST(strict.log_lines_with("do-not-log-me") == 0);
  use_up(strict.operators_url() + "/admin/v1/session");
}

BOOST_FIXTURE_TEST_CASE(the_secret_of_a_providers_address_is_not_in_the_log, fixture) {
  web_call news{"POST",
                proxy.url() + "/provider/p3/webhook/do-not-log-me",
                {"Content-Type: application/json"},
                "{}"};
  news.certificate = proxy.certificate();
  BOOST_TEST(call(news).status == 404);
  web_call next{"GET", proxy.url() + "/openapi.json?after", {}, {}};
  next.certificate = proxy.certificate();
  BOOST_TEST(call(next).status == 200);
  BOOST_TEST(comes_true([&] { return proxy.log_lines_with("openapi.json?after") == 1; }));
  BOOST_TEST(proxy.log_lines_with("do-not-log-me") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_dealer_is_sent_to_the_node_that_has_its_wallet, fixture) {
  auto owner = here.add_dealer("10.00");
  BOOST_TEST(told_by_node(owner, {}).empty());
  auto node = node_of(owner);
  web_call me{"GET", proxy.url() + "/api/v1/me", {owner.key_header}, {}};
  me.certificate = proxy.certificate();
  auto first = call(me);
  BOOST_TEST(first.status == 200);
  BOOST_TEST(first.headers.count("x-meisim-node") == 0U);
  BOOST_TEST(comes_true([&] { return proxy.log_lines_with("/api/v1/me") == 1; }));
  auto before = requests_at(node);
  constexpr int more = 10;
  for (int i = 0; i < more; ++i)
    BOOST_TEST(call(me).status == 200);
  BOOST_TEST(comes_true([&] { return requests_at(node) == before + more; }));
}

BOOST_FIXTURE_TEST_CASE(requests_are_shared_by_the_nodes, under_load) {
  BOOST_TEST(
    comes_true([&] { return clients.failed() > 0 || clients.answered() > 20 * client_count; }));
  clients.stop();
  BOOST_TEST(clients.failed() == 0U);
  for (const auto* node : {"node-0", "node-1", "node-2"})
    BOOST_TEST(requests_at(node) > 0, node << " was asked nothing");
  check(clients);
}

BOOST_FIXTURE_TEST_CASE(nodes_that_drain_and_go_make_no_request_fail, under_load) {
  let_all_turn_around();
  BOOST_TEST(here.admin_post("/admin/v1/nodes/node-1/drain", "{}").status == 200);
  BOOST_TEST(comes_true([&] { return is_taken_out("node-1"); }));
  let_all_turn_around();
  auto before = requests_at("node-1");
  let_all_turn_around();
  BOOST_TEST(requests_at("node-1") == before);
  // The first drains already, the second does not.
  BOOST_TEST(second.process->stop(SIGTERM) == 0);
  BOOST_TEST(third.process->stop(SIGTERM) == 0);
  BOOST_TEST(is_taken_out("node-2"));
  let_all_turn_around();
  clients.stop();
  BOOST_TEST(clients.failed() == 0U);
  check(clients);
}

BOOST_FIXTURE_TEST_CASE(a_killed_node_costs_only_what_it_had_in_hand, under_load) {
  let_all_turn_around();
  BOOST_TEST(second.process->stop(SIGKILL) == SIGKILL);
  BOOST_TEST(comes_true([&] { return is_taken_out("node-1"); }));
  let_all_turn_around();
  // A refused connection goes to another node; only a client's one open request can fail.
  BOOST_TEST(clients.failed() <= client_count);
  auto before = clients.failed();
  let_all_turn_around();
  clients.stop();
  BOOST_TEST(clients.failed() == before);
  check(clients);
}

BOOST_FIXTURE_TEST_CASE(what_a_node_takes_to_its_grave_is_sent_to_no_other, under_load) {
  let_all_turn_around();
  // It still gets requests, and does not answer them.
  ::kill(third.process->id(), SIGSTOP);
  BOOST_TEST(comes_true([&] { return is_taken_out("node-2"); }));
  auto before = clients.failed();
  third.process->stop(SIGKILL);
  BOOST_TEST(comes_true([&] { return clients.failed() > before; }));
  let_all_turn_around();
  clients.stop();
  BOOST_TEST(clients.failed() <= client_count);
  check(clients);
}

BOOST_FIXTURE_TEST_CASE(limits_by_address_count_the_client_and_not_the_proxy, with_limits) {
  int let_in = 0;
  while (log_in_from("127.0.0.2", "198.51.100." + std::to_string(let_in)) == 401)
    BOOST_TEST_REQUIRE(++let_in < 100);
  // As the API's document promises, over all nodes.
  BOOST_TEST(let_in == 8);
  BOOST_TEST(log_in_from("127.0.0.2", "198.51.100.99") == 429);
  BOOST_TEST(log_in_from("127.0.0.3", "127.0.0.2") == 401);
}

BOOST_AUTO_TEST_SUITE_END()
