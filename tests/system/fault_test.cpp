#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/load.hpp"
#include "tests/fixtures/raw_client.hpp"

#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>
#include <unordered_set>
#include <utility>

// A node is killed while dealers order. What it had acknowledged must still be there.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// Adds the orders that were acknowledged.
void note_acknowledged(const load& clients, std::set<std::string>& orders) {
  for (const auto& outcome : clients.outcomes())
    if (outcome.status == 200)
      orders.insert(outcome.order);
}

/// More than a few take long: scripts/torture.
int kills_wanted() {
  const char* text = std::getenv("MEISIM_KILLS");
  return text != nullptr ? std::atoi(text) : 5;
}

/// What stands between separators.
std::unordered_set<std::string> words_of(const std::string& text) {
  std::unordered_set<std::string> words;
  std::string word;
  for (char c : text + ',') {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-')
      word += c;
    else if (!word.empty())
      words.insert(std::exchange(word, {}));
  }
  return words;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_suite)

BOOST_AUTO_TEST_CASE(kills_under_load_lose_nothing) {
  service here{{"--rate-limits", "off", "--fulfilment-concurrency", "200"}};
  auto owner = here.add_dealer("100000000.00");
  std::set<std::string> acknowledged;
  auto kills = kills_wanted();
  for (int kill = 0; kill < kills; ++kill) {
    load clients;
    for (int i = 0; i < 8; ++i)
      clients.place_orders(here.public_url(), owner);
    std::this_thread::sleep_for(700ms);
    here.restart(SIGKILL);
    clients.stop();
    note_acknowledged(clients, acknowledged);
    BOOST_TEST(here.is_ledger_ok());
  }
  BOOST_TEST_MESSAGE(kills << " kills, " << acknowledged.size() << " orders acknowledged");
  BOOST_TEST(acknowledged.size() > 5u);
  // Every order of the dealer is a line of the statement, acknowledged or not.
  auto known = words_of(here.get("/dealer/statement", {owner.key_header}).body);
  for (const auto& order : acknowledged)
    BOOST_TEST(known.contains(order), "lost " << order);
  // What the killed nodes had in hand is taken up again when their leases end.
  auto is_open = [&](const char* status) {
    return !here.admin_get(std::string{"/admin/v1/orders?limit=1&status="} + status).json().empty();
  };
  BOOST_TEST(comes_true([&] { return !is_open("processing"); }, 120s + kills * 15s));
  BOOST_TEST(!is_open("failed"));
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(what_is_in_flight_ends_before_the_node_does) {
  service here;
  auto owner = here.add_dealer("100000.00");
  load clients;
  for (int i = 0; i < 4; ++i)
    clients.place_orders(here.public_url(), owner);
  // Passwords are checked one after the other, and slowly: most of these requests wait.
  auto body = R"({"email":")" + owner.email + R"(","password":"a-password"})";
  auto login = "POST /dealer/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
               "Content-Length: "
               + std::to_string(body.size()) + "\r\n\r\n" + body;
  std::vector<raw_client> waiting;
  waiting.reserve(20);
  for (int i = 0; i < 20; ++i) {
    waiting.emplace_back(here.port());
    waiting.back().send(login);
  }
  BOOST_TEST(waiting.front().read()->status == 200);
  BOOST_TEST(::kill(here.node_id(), SIGTERM) == 0);
  // The signal takes a moment to arrive, and they are not answered in the order of their
  // connections: some may still be answered as ever.
  size_t told_to_close = 0;
  for (size_t i = 1; i < waiting.size(); ++i) {
    auto answer = waiting[i].read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 200);
    told_to_close += answer->header("connection") == "close" ? 1 : 0;
    BOOST_TEST(waiting[i].is_closed());
  }
  BOOST_TEST(told_to_close > 0u);
  BOOST_TEST(here.stop(0) == 0);
  clients.stop();
  here.start();
  BOOST_TEST(here.is_ledger_ok());
  auto statement = here.get("/dealer/statement", {owner.key_header}).body;
  std::set<std::string> acknowledged;
  note_acknowledged(clients, acknowledged);
  BOOST_TEST(!acknowledged.empty());
  for (const auto& order : acknowledged)
    BOOST_TEST(statement.find(order) != std::string::npos, "lost " << order);
}

BOOST_AUTO_TEST_SUITE_END()
