#include "tests/fixtures/several_nodes.hpp"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

// Several nodes on one database: a dealer finds the same wallet, stock and account at each.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  certificates keys;
  service here{
    keys.added_to({"--rate-limits", "off", "--linger-seconds", "1", "--simulated-devices", "1"})};
  service::peer second = here.start_peer("node-1");

  int64_t entities_of(const std::string& name) const {
    for (const auto& node : here.admin_get("/admin/v1/nodes").json())
      if (node["name"].asString() == name)
        return node["entities"].asInt64();
    return -1;
  }

  double balance(const service::account& owner) const {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  }

  std::string state_of(const std::string& name) const {
    for (const auto& node : here.admin_get("/admin/v1/nodes").json())
      if (node["name"].asString() == name)
        return node["state"].asString();
    return "absent";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_suite, fixture)

BOOST_AUTO_TEST_CASE(money_that_came_in_at_one_node_can_be_spent_at_the_other) {
  auto owner = here.add_dealer("1.00");
  // From now on the node remembers a balance that is too low.
  BOOST_TEST(order_at(second.url, owner.key_header).status == 402);
  here.admin_post("/admin/v1/dealers/" + owner.email + "/adjustments",
                  R"({"amount":"+100.00","reason":"test"})");
  auto before = balance(owner);
  BOOST_TEST(order_at(second.url, owner.key_header).status == 200);
  BOOST_TEST(balance(owner) < before);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(an_order_repeated_at_the_other_node_is_charged_once) {
  auto owner = here.add_dealer("1000.00");
  auto first = order_at(here.public_url(), owner.key_header, false, "the-same");
  auto again = order_at(second.url, owner.key_header, false, "the-same");
  BOOST_TEST(first.status == 200);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.headers["idempotent-replayed"] == "true");
  std::vector<std::thread> clients;
  std::mutex lock;
  std::set<std::string> orders;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&, i] {
      auto answer =
        order_at(i % 2 == 0 ? here.public_url() : second.url, owner.key_header, true, "at-once");
      std::lock_guard guard{lock};
      if (answer.status == 200)
        orders.insert(answer.json()["orderId"].asString());
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(orders.size() == 1U);
  BOOST_TEST(here.get("/api/v1/orders", {owner.key_header}).json().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_revoked_at_one_node_is_refused_at_all) {
  auto owner = here.add_dealer("10.00");
  auto me = [&] { return call({"GET", second.url + "/api/v1/me", {owner.key_header}, {}}).status; };
  BOOST_TEST(me() == 200);
  auto list = here.get("/dealer/keys", {owner.key_header}).json();
  auto prefix = list["keys"][0]["prefix"].asString();
  BOOST_TEST(here.remove("/dealer/keys/" + prefix, {owner.key_header}).status == 200);
  BOOST_TEST(comes_true([&] { return me() == 401; }, 2s));

  auto other = here.add_dealer("100.00");
  BOOST_TEST(order_at(second.url, other.key_header).status == 200);
  here.admin_post("/admin/v1/dealers/" + other.email + "/status", R"({"status":"suspended"})");
  BOOST_TEST(comes_true([&] { return order_at(second.url, other.key_header).status == 403; }, 2s));
}

BOOST_AUTO_TEST_CASE(a_device_is_reached_from_every_node) {
  auto state = [&]() -> std::string {
    for (const auto& device : here.admin_get("/admin/v1/devices").json())
      if (device["name"].asString() == "node-1.sim-1")
        return device["state"].asString();
    return "absent";
  };
  BOOST_REQUIRE(comes_true([&] { return state() == "idle"; }, 30s));
  auto tested = here.admin_get("/admin/v1/devices/node-1.sim-1/test");
  BOOST_TEST(tested.json()["ok"].asBool(), tested.body);
  BOOST_TEST(here.admin_post("/admin/v1/devices/node-1.sim-1/drain", "{}").status == 200);
  BOOST_TEST(comes_true([&] { return state() == "drained"; }, 30s));
  BOOST_TEST(here.admin_post("/admin/v1/devices/node-9.sim-1/drain", "{}").status == 404);
}

BOOST_AUTO_TEST_CASE(a_drained_node_says_so_and_goes_in_good_order) {
  BOOST_TEST(comes_true([&] { return state_of("node-0") == "up" && state_of("node-1") == "up"; }));
  auto ready = [&] { return call({"GET", second.admin_url + "/readyz", {}, {}}).status; };
  BOOST_TEST(ready() == 200);
  BOOST_TEST(here.admin_post("/admin/v1/nodes/node-1/drain", "{}").status == 200);
  BOOST_TEST(comes_true([&] { return ready() == 503; }));
  BOOST_TEST(comes_true([&] { return state_of("node-1") == "draining"; }));
  // Until its balancer has heard of it, it answers.
  auto owner = here.add_dealer("100.00");
  BOOST_TEST(order_at(second.url, owner.key_header).status == 200);
  BOOST_TEST(second.process->stop(SIGTERM) == 0);
  BOOST_TEST(state_of("node-1") == "down");
  BOOST_TEST(here.admin_post("/admin/v1/nodes/node-1/drain", "{}").status == 404);
}

BOOST_AUTO_TEST_CASE(a_second_process_of_a_living_nodes_name_is_refused) {
  BOOST_TEST(comes_true([&] { return state_of("node-1") == "up"; }));
  auto why = refusal_of(here, keys.added_to({}, "node-1"), "meisimd", "node-1");
  BOOST_TEST(why.find("a node node-1 is alive on this database") != std::string::npos, why);
  BOOST_TEST(call({"GET", second.admin_url + "/readyz", {}, {}}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_node_without_a_certificate_of_the_cluster_is_refused) {
  auto without = refusal_of(here, {});
  BOOST_TEST(without.find("has no cluster certificate") != std::string::npos, without);
  certificates of_others;
  auto stranger = refusal_of(here, of_others.added_to({}, "node-9"));
  auto why =
    stranger.find("cannot join: no link to any of the other nodes: is this one's certificate");
  BOOST_TEST(why != std::string::npos, stranger);
  // The others go on.
  auto owner = here.add_dealer("100.00");
  BOOST_TEST(order_at(second.url, owner.key_header).status == 200);
}

BOOST_AUTO_TEST_CASE(a_node_by_another_name_than_its_certificates_does_not_start) {
  auto why = refusal_of(here, keys.added_to({}, "node-2"));
  BOOST_TEST(why.find("node-2.pem is for node-2, and this node goes by the name node-9")
               != std::string::npos,
             why);
}

BOOST_AUTO_TEST_CASE(entities_are_shared_and_handed_over_without_a_failing_request) {
  std::vector<service::account> owners;
  for (int i = 0; i < 12; ++i)
    owners.push_back(here.add_dealer("1000000.00"));
  for (const auto& owner : owners)
    BOOST_TEST(order_at(here.public_url(), owner.key_header).status == 200);
  BOOST_TEST(comes_true([&] { return entities_of("node-0") > 0 && entities_of("node-1") > 0; }));
  std::atomic<bool> is_over{false};
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i)
    clients.emplace_back([&, i] {
      bool has_gone = false;
      for (size_t turn = static_cast<size_t>(i); !is_over; ++turn) {
        auto url = i % 2 == 0 || has_gone ? here.public_url() : second.url;
        auto answer = order_at(url, owners[turn % owners.size()].key_header, true);
        // A client whose node has gone turns to the next one.
        if (answer.status == 0 && !has_gone && i % 2 == 1)
          has_gone = true;
        else if (answer.status == 200)
          ++answered;
        else
          ++refused;
      }
    });
  auto third = here.start_peer("node-2");
  std::this_thread::sleep_for(500ms);
  BOOST_TEST(here.admin_post("/admin/v1/nodes/node-2/drain", "{}").status == 200);
  BOOST_TEST(
    comes_true([&] { return state_of("node-2") == "draining" && entities_of("node-2") == 0; }));
  BOOST_TEST(second.process->stop(SIGTERM) == 0);
  BOOST_TEST(third.process->stop(SIGTERM) == 0);
  std::this_thread::sleep_for(500ms);
  is_over = true;
  for (auto& client : clients)
    client.join();
  BOOST_TEST(refused == 0);
  BOOST_TEST(answered > 0);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_hot_wallet_and_a_pool_outlast_a_death_and_a_long_sleep) {
  auto third = here.start_peer("node-2");
  auto owner = here.add_dealer("100000.00");
  auto sku = here.get("/api/portal/v1/services/esim_supply_att/skus", {owner.portal_header})
               .json()["skus"][0]["id"]
               .asString();
  auto purchase = R"({"sku_id":")" + sku + R"(","quantity":2})";
  std::vector<std::string> urls{here.public_url(), second.url, third.url};
  std::atomic<bool> is_over{false};
  std::atomic<int> answered_late{0};
  std::atomic<bool> is_late{false};
  std::mutex lock;
  std::set<std::string> acknowledged;
  std::vector<std::string> sold;
  std::vector<std::thread> clients;
  for (const auto& url : urls) {
    clients.emplace_back([&] {
      while (!is_over) {
        auto answer = order_at(url, owner.key_header, true);
        if (answer.status != 200)
          continue;
        std::lock_guard guard{lock};
        acknowledged.insert(answer.json()["orderId"].asString());
        answered_late += is_late ? 1 : 0;
      }
    });
    clients.emplace_back([&] {
      while (!is_over) {
        auto answer = call({"POST",
                            url + "/api/portal/v1/services/esim_supply_att/execute",
                            {owner.portal_header, "Content-Type: application/json"},
                            purchase},
                           true);
        if (answer.status != 200)
          continue;
        auto body = answer.json();
        std::lock_guard guard{lock};
        for (const auto& esim : body["result"]["esims"])
          sold.push_back(esim["iccid"].asString());
      }
    });
  }
  std::this_thread::sleep_for(1s);
  third.process->stop(SIGKILL);
  // It sleeps until the others take it for dead. When it wakes, what it remembers is outdated.
  ::kill(second.process->id(), SIGSTOP);
  BOOST_TEST(comes_true([&] { return state_of("node-1") == "down"; }));
  is_late = true;
  BOOST_TEST(comes_true([&] { return answered_late > 20; }));
  ::kill(second.process->id(), SIGCONT);
  BOOST_TEST(comes_true([&] { return state_of("node-1") == "up"; }));
  BOOST_TEST(
    comes_true([&] { return order_at(second.url, owner.key_header, true).status == 200; }));
  std::this_thread::sleep_for(1s);
  is_over = true;
  for (auto& client : clients)
    client.join();
  BOOST_TEST(answered_late > 0);
  BOOST_TEST(here.is_ledger_ok());
  auto statement = here.get("/dealer/statement", {owner.key_header}).body;
  for (const auto& order : acknowledged)
    BOOST_TEST(statement.find(order) != std::string::npos, "lost " << order);
  BOOST_TEST(!sold.empty());
  BOOST_TEST(std::set<std::string>(sold.begin(), sold.end()).size() == sold.size());
  BOOST_TEST(comes_true([&] { return state_of("node-2") == "down"; }));
}

BOOST_AUTO_TEST_SUITE_END()
