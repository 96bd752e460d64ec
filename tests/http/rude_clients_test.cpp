#include "persistence/money/ledger.hpp"
#include "tests/fixtures/edge.hpp"
#include "tests/fixtures/postings.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <future>

// Clients that are silent, slow, rude or many must not disturb other clients.

using namespace meisim;
using namespace meisim::test;

namespace {

/// Writes this many ledger lines for a dealer, directly in the database.
void fill_wallet(const service::account& owner, int count) {
  database db{here().database_connection(), "test"};
  std::string id;
  db.session() << "SELECT id::text FROM dealers WHERE email = :email", soci::use(owner.email),
    soci::into(id);
  auto dealer = dealer_id{parse_uuid(id).value()};
  deciding_hand hand{db, dealer};
  constexpr int at_once = 1'000;
  for (int done = 0; done < count; done += at_once) {
    std::vector<std::shared_ptr<const decided_posting>> batch;
    for (int i = 0; i < at_once; ++i) {
      auto what = topup(dealer, dollars(1));
      what.lines.front().description = std::string(400, 'x');
      batch.push_back(hand.decide(std::move(what)));
    }
    commit_postings(db, batch);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(rude_clients_suite)

BOOST_AUTO_TEST_CASE(half_a_request_hurts_nobody_and_is_answered_in_the_end) {
  raw_client half_head{here().port()};
  half_head.send("GET /api/v1/me HTTP/1.1\r\nHost:");
  // The same on a connection that has been used before.
  raw_client used{here().port()};
  used.send(get_me(somebody(), "used") + "GET /api/v1/me HTT");
  BOOST_TEST(used.read()->status == 200);
  raw_client half_closed{here().port()};
  half_closed.send("GET /api/v1/me HTTP/1.1\r\n");
  half_closed.end_sending();
  raw_client half_body{here().port()};
  half_body.send(request("POST /dealer/login", "Content-Length: 9\r\n", "{"));
  for (int i = 0; i < 50; ++i)
    BOOST_TEST(are_others_served());
  for (auto* client : {&half_head, &used}) {
    auto answer = client->read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 408);
    check_error_form(*answer);
    BOOST_TEST(client->is_closed());
  }
  BOOST_TEST(half_closed.is_closed());
}

BOOST_AUTO_TEST_CASE(clients_that_never_read_their_statement_hurt_nobody) {
  auto owner = here().add_dealer("0");
  fill_wallet(owner, 20'000);
  auto question = request("GET /dealer/statement", owner.key_header + "\r\n");
  std::vector<raw_client> silent;
  for (int i = 0; i < 8; ++i) {
    silent.emplace_back(here().port(), 4'096);
    silent.back().send(question);
  }
  for (int i = 0; i < 200; ++i)
    BOOST_TEST(are_others_served());
  // A client that reads gets everything. A client that goes in the middle leaves nothing behind.
  for (size_t i = 0; i < 4; ++i)
    silent[i].abort();
  raw_client reader{here().port()};
  reader.send(question);
  auto statement = reader.read();
  BOOST_REQUIRE(statement);
  BOOST_TEST(statement->status == 200);
  BOOST_TEST(std::count(statement->body.begin(), statement->body.end(), '\n') == 20'001);
  // One that begins to read late gets it whole too.
  auto late = silent.back().read();
  BOOST_REQUIRE(late);
  BOOST_TEST((late->body == statement->body));
}

BOOST_AUTO_TEST_CASE(no_answer_reaches_another_client_than_the_one_that_asked) {
  std::atomic<bool> is_over{false};
  std::vector<std::future<void>> rude;
  for (int i = 0; i < 6; ++i)
    rude.push_back(std::async(std::launch::async, [&, i] {
      for (int round = 0; !is_over; ++round) {
        raw_client client{here().port()};
        client.send(get_me(somebody(), "rude") + get_me(somebody(), "ruder"));
        if (round % 3 == i % 3)
          client.read();
        client.abort();
      }
    }));
  std::vector<std::future<int>> checking;
  for (int i = 0; i < 4; ++i) {
    auto owner = here().add_dealer("0");
    checking.push_back(std::async(std::launch::async, [owner, i] {
      int wrong = 0;
      auto client = std::make_unique<raw_client>(here().port());
      for (int k = 0; k < 2'000; ++k) {
        if (k % 50 == 49)
          client = std::make_unique<raw_client>(here().port());
        auto id = std::to_string(i) + "." + std::to_string(k);
        client->send(get_me(owner, id));
        auto answer = client->read();
        bool is_right = answer && answer->status == 200 && answer->header("x-request-id") == id
                        && answer->json()["email"].asString() == owner.email;
        wrong += is_right ? 0 : 1;
      }
      return wrong;
    }));
  }
  for (auto& client : checking)
    BOOST_TEST(client.get() == 0);
  is_over = true;
  for (auto& client : rude)
    client.get();
  BOOST_TEST(are_others_served());
}

BOOST_AUTO_TEST_CASE(who_leaves_while_an_answer_is_made_leaves_nothing_behind) {
  auto owner = here().add_dealer("1000.00");
  auto key = owner.key_header + "\r\n";
  auto portal = owner.portal_header + "\r\n";
  auto order =
    R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})";
  auto account = R"("email":")" + owner.email + '"';
  const std::vector<std::string> all{
    post("/dealer/send-otp", "{" + account + "}"),
    post("/dealer/verify-otp", "{" + account + R"(,"code":"000000"})"),
    post("/dealer/login", "{" + account + R"(,"password":"wrong-password"})"),
    post("/dealer/order", order, key),
    request("GET /dealer/keys", key),
    request("GET /api/v1/me", key),
    request("GET /api/v1/orders", key),
    request("GET /dealer/wallet", key),
    request("GET /dealer/statement", key),
    request("GET /api/portal/v1/wallet", portal),
    request("GET /api/portal/v1/services/esim_supply_att/skus", portal),
    request("GET /api/portal/v1/esim-supply/stock", portal),
    request("GET /api/portal/v1/esim-supply/my", portal),
  };
  for (int round = 0; round < 10; ++round)
    for (const auto& bytes : all) {
      raw_client client{here().port()};
      client.send(bytes);
      client.abort();
    }
  BOOST_TEST(are_others_served());
  BOOST_TEST(here().is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(thousands_of_idle_connections_hurt_nobody) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  auto count = std::min<size_t>(5'000, files.rlim_cur - 200);
  BOOST_TEST_MESSAGE(count << " idle connections");
  std::vector<raw_client> idle;
  for (size_t i = 0; i < count; ++i)
    idle.emplace_back(here().port());
  for (int i = 0; i < 100; ++i)
    BOOST_TEST(are_others_served());
  // They are idle, not forgotten.
  for (size_t i = 0; i < count; i += 100) {
    idle[i].send(get_me(somebody(), std::to_string(i)));
    auto answer = idle[i].read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->header("x-request-id") == std::to_string(i));
  }
}

BOOST_AUTO_TEST_CASE(whoever_asks_first_and_sends_nothing_takes_no_place) {
  service small{{"--rate-limits", "off", "--most-in-flight", "4"}};
  auto owner = small.add_dealer("0");
  std::vector<raw_client> polite;
  for (int i = 0; i < 8; ++i) {
    polite.emplace_back(small.port());
    polite.back().send(request("POST /dealer/login", "Content-Type: application/json\r\n"
                                                     "Content-Length: 100\r\n"
                                                     "Expect: 100-continue\r\n"));
    BOOST_TEST(polite.back().read()->status == 100);
  }
  BOOST_TEST(small.get("/dealer/wallet", {owner.key_header}).status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_too_much_at_once_is_sent_away_at_once) {
  service small{{"--rate-limits", "off", "--most-in-flight", "4", "--most-connections", "40"}};
  auto owner = small.add_dealer("0");
  auto login =
    post("/dealer/login", R"({"email":")" + owner.email + R"(","password":"a-password"})");
  std::vector<raw_client> clients;
  for (int i = 0; i < 30; ++i) {
    clients.emplace_back(small.port());
    clients.back().send(login);
  }
  int served = 0;
  int refused = 0;
  for (auto& client : clients) {
    auto answer = client.read();
    BOOST_REQUIRE(answer);
    served += answer->status == 200 ? 1 : 0;
    refused += answer->status == 503 && answer->header("retry-after") == "1" ? 1 : 0;
  }
  BOOST_TEST(served >= 4);
  BOOST_TEST(refused > 0);
  BOOST_TEST(served + refused == 30);
  // Clients that were refused may keep the connection and ask again.
  clients.back().send(login);
  BOOST_TEST(clients.back().read()->status == 200);
  while (clients.size() < 40)
    clients.emplace_back(small.port());
  raw_client one_more{small.port()};
  auto answer = one_more.read();
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 503);
  check_error_form(*answer);
  BOOST_TEST(one_more.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()
