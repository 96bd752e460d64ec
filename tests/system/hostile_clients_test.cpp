#include "protocols/base/crypto.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/edge.hpp"
#include "tests/system/neighbours.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Clients that mean harm, and a neighbour who notices nothing of it: he measures how long he waits.
// What is promised is measured by `scripts/bench neighbour`, on a machine that does nothing else.

using namespace meisim::test;

namespace {

constexpr size_t megabyte = size_t{1024} * 1024;

/// A line of /proc/PID/status, in megabytes.
long megabytes(pid_t process, const std::string& name) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":"))
      return std::stol(line.substr(name.size() + 1)) / 1'024;
  return 0;
}

std::string filled(const std::string& begin, const std::string& element, const std::string& end,
                   size_t size) {
  auto result = begin;
  while (result.size() + element.size() + end.size() + 1 < size)
    result += element + ',';
  return result + element + end;
}

/// Bodies that cost the most where they are read as a tree, and what each is told.
struct heavy_body {
  std::string bytes;
  int status;
  std::string told;
};

std::vector<heavy_body> heavy_bodies() {
  auto size = 16 * megabyte - 1'024;
  std::string row(300, 'x');
  std::vector<heavy_body> result{
    {filled(R"({"lpas":[)", "0", "]}", size), 400, "lpas[0] must be a text"},
    {filled(R"({"lpas":[)", "{}", "]}", size), 400, "lpas[0] must be a text"},
    {filled(R"({"lpas":[)", R"("")", "]}", size), 400, "lpas must hold 1 to 50,000 codes"},
    {filled(R"({"x":[)", "[]", "]}", size), 400, "the body has too many members and elements"},
    {R"({"x":")" + std::string(size - 100, 'x') + R"("})", 400, ""},
    {std::string(size, '['), 400, ""},
    {std::string(size, ' '), 400, ""},
  };
  // All that a dealer may send, from one who cannot pay for it.
  std::string rows = R"({"lpas":[)";
  for (int i = 0; i < 50'000; ++i)
    rows += (i > 0 ? ",\"" : "\"") + std::to_string(i) + row + '"';
  result.push_back({rows + "]}", 402, ""});
  return result;
}

/// The same for what a portal sends: a file in a text.
std::vector<heavy_body> heavy_files(const std::string& sku) {
  auto size = 16 * megabyte - 1'024;
  auto begin = R"({"sku_id":")" + sku + R"(","csv":"lpa\n)";
  auto file_of = [&](std::string_view piece, size_t times) {
    std::string text = begin;
    for (size_t i = 0; i < times; ++i)
      text += piece;
    return text + "\"}";
  };
  auto filled_with = [&](std::string_view piece) {
    return file_of(piece, (size - begin.size() - 2) / piece.size());
  };
  return {
    {filled_with(R"(\n)"), 400, "csv must hold 1 to 50,000 rows"},
    {filled_with(R"(\")"), 400, ""},
    {filled_with(","), 400, "csv line 2: there are more than 16384 cells"},
    {filled_with(R"(x\n)"), 400, "there are more than 50000 rows"},
    {filled_with(R"(\u0020)"), 400, "csv must hold 1 to 50,000 rows"},
    {filled(R"({"csv":[)", "{}", "]}", size), 400, "the body has too many members and elements"},
    {file_of(std::string(300, 'x') + R"(\n)", 50'000), 402, ""},
  };
}

std::string batch(const service::account& owner, const std::string& body) {
  return post("/dealer/esim-verify", body, owner.key_header + "\r\n");
}

/// The codes in these mails.
std::vector<std::string> codes_in(const std::string& mails) {
  static const std::regex code{R"(one-time code is:\s+([0-9]{6}))"};
  std::vector<std::string> result;
  for (std::sregex_iterator at{mails.begin(), mails.end(), code}, end; at != end; ++at)
    result.push_back((*at)[1]);
  return result;
}

struct fixture {
  service sut{{"--rate-limits", "off"}};
  service::account attacker = sut.add_dealer("0");

  /// All of them at once are answered, hold up no neighbour, and leave nothing behind.
  void endures(const std::vector<heavy_body>& bodies,
               const std::function<std::string(const std::string&)>& request_with) const {
    auto before = megabytes(sut.node_id(), "VmRSS");
    neighbour other{sut};
    std::vector<raw_client> clients;
    std::vector<std::future<void>> sending;
    for (size_t i = 0; i < bodies.size(); ++i)
      clients.emplace_back(sut.port());
    for (size_t i = 0; i < bodies.size(); ++i)
      sending.push_back(
        std::async(std::launch::async, [&, i] { clients[i].send(request_with(bodies[i].bytes)); }));
    for (size_t i = 0; i < bodies.size(); ++i) {
      auto answer = clients[i].read();
      BOOST_REQUIRE_MESSAGE(answer, "no answer to body " << i);
      BOOST_TEST(answer->status == bodies[i].status, "body " << i << ": " << answer->body);
      BOOST_TEST(answer->json()["message"].asString().find(bodies[i].told) != std::string::npos,
                 "body " << i << ": " << answer->body);
    }
    for (auto& sent : sending)
      sent.get();
    other.stop();
    // One after the other, they need no more than the largest.
    BOOST_TEST(megabytes(sut.node_id(), "VmHWM") - before < 200);
    bool is_given_back =
      comes_true([&] { return megabytes(sut.node_id(), "VmRSS") - before < 60; });
    BOOST_TEST(is_given_back, "from " << before << " to " << megabytes(sut.node_id(), "VmRSS"));
    BOOST_TEST(sut.is_ledger_ok());
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_clients_suite)

BOOST_FIXTURE_TEST_CASE(the_heaviest_bodies_hold_up_nobody_and_leave_nothing_behind, fixture) {
  endures(heavy_bodies(), [&](const auto& body) { return batch(attacker, body); });
}

BOOST_FIXTURE_TEST_CASE(nor_do_a_portals_heaviest_files, fixture) {
  const std::string service = "/api/portal/v1/services/esim_validate";
  auto skus = sut.get(service + "/skus", {attacker.portal_header}).json()["skus"];
  endures(heavy_files(skus[0]["id"].asString()), [&](const auto& body) {
    return post(service + "/execute", body, attacker.portal_header + "\r\n");
  });
}

BOOST_FIXTURE_TEST_CASE(strangers_cannot_make_the_node_keep_what_they_send, fixture) {
  auto before = megabytes(sut.node_id(), "VmRSS");
  neighbour other{sut};
  std::string piece(megabyte, 'x');
  std::vector<std::future<int>> sending;
  for (int i = 0; i < 8; ++i)
    sending.push_back(std::async(std::launch::async, [&] {
      raw_client client{sut.port()};
      client.send(request("POST /dealer/esim-verify",
                          "Content-Length: " + std::to_string(16 * megabyte) + "\r\n"));
      for (int k = 0; k < 16 && client.send(piece); ++k) {
        // nop
      }
      auto answer = client.read();
      return answer ? answer->status : 0;
    }));
  for (auto& sent : sending) {
    // A client that sends on without reading may find the connection reset.
    auto status = sent.get();
    BOOST_TEST((status == 401 || status == 0), status);
  }
  other.stop();
  BOOST_TEST(megabytes(sut.node_id(), "VmHWM") - before < 60);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_sends_without_end_and_reads_nothing_is_not_read_from,
                        fixture) {
  auto before = megabytes(sut.node_id(), "VmRSS");
  neighbour other{sut};
  std::string many;
  while (many.size() < 64UL * 1'024)
    many += get_me(attacker, "flood");
  std::atomic<size_t> taken{0};
  std::vector<std::unique_ptr<raw_client>> clients;
  std::vector<std::future<void>> flooding;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<raw_client>(sut.port(), 4'096));
    flooding.push_back(std::async(std::launch::async, [&, client = clients.back().get()] {
      while (client->send(many))
        ++taken;
    }));
  }
  // It takes as much as it can answer, and then no more.
  auto last = size_t{1};
  bool is_held_back = comes_true([&] {
    auto now = taken.load();
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    return std::exchange(last, now) == now && now == taken;
  });
  BOOST_TEST(is_held_back);
  BOOST_TEST(megabytes(sut.node_id(), "VmRSS") - before < 60);
  other.stop();
  for (auto& client : clients)
    client->hang_up();
  for (auto& flood : flooding)
    flood.get();
}

BOOST_AUTO_TEST_CASE(one_address_cannot_take_all_connections) {
  service small{{"--rate-limits", "off", "--most-connections-per-address", "20"}};
  auto owner = small.add_dealer("0");
  // The operator's port counts apart.
  std::vector<raw_client> idle;
  for (int i = 0; i < 20; ++i)
    idle.emplace_back(small.port());
  raw_client one_more{small.port()};
  auto refused = one_more.read();
  BOOST_REQUIRE(refused);
  BOOST_TEST(refused->status == 503);
  check_error_form(*refused);
  BOOST_TEST(one_more.is_closed());
  // Another address is served, and so is the next client of this one when one has gone.
  auto other = call({.method = "GET",
                     .url = "http://127.0.0.1:" + small.port() + "/api/v1/me",
                     .headers = {owner.key_header},
                     .body = {},
                     .from = "127.0.0.2"});
  BOOST_TEST(other.status == 200);
  idle.pop_back();
  bool is_served = comes_true([&] {
    raw_client next{small.port()};
    next.send(get_me(owner, "next"));
    return next.read()->status == 200;
  });
  BOOST_TEST(is_served);
}

BOOST_FIXTURE_TEST_CASE(fifty_downloads_of_one_dealer_do_not_stand_in_front_of_a_cold_wallet,
                        fixture) {
  neighbour other{sut};
  // None of them is read, so none ends.
  std::vector<raw_client> downloads;
  for (int i = 0; i < 50; ++i) {
    downloads.emplace_back(sut.port(), 4'096);
    downloads.back().send(request("GET /dealer/statement", attacker.key_header + "\r\n"));
  }
  auto buyer = sut.add_dealer("100.00");
  auto order =
    sut.post("/dealer/order",
             R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})",
             {buyer.key_header});
  BOOST_TEST(order.status == 200);
  other.stop();
  // Each gets its file, or is told to come again.
  for (auto& download : downloads) {
    auto answer = download.read();
    BOOST_REQUIRE(answer);
    bool is_told = answer->status == 503 && answer->header("retry-after") == "1";
    BOOST_TEST((answer->status == 200 || is_told), answer->status);
  }
}

BOOST_FIXTURE_TEST_CASE(who_changes_passwords_without_end_keeps_nobody_from_signing_in, fixture) {
  auto owner = sut.add_dealer("0");
  neighbour other{sut};
  auto change = post("/dealer/auth/set-password",
                     R"({"email":")" + attacker.email
                       + R"(","password":"another-password","currentPassword":"a-wrong-one"})",
                     attacker.key_header + "\r\n");
  crowd changing{sut, 48, [&](size_t) { return change; }, {401, 503}};
  auto login = R"({"email":")" + owner.email + R"(","password":"a-password"})";
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(sut.post("/dealer/login", login).status == 200);
  BOOST_TEST(changing.stop());
  other.stop();
}

BOOST_FIXTURE_TEST_CASE(who_shows_ever_other_keys_holds_up_nobody, fixture) {
  neighbour other{sut};
  // Their check digits are right, and no limit keeps them from the database.
  auto guess = [](size_t) {
    return request("GET /api/v1/me", "x-dealer-key: " + meisim::make_api_key() + "\r\n");
  };
  crowd guessing{sut, 16, guess, {401}};
  BOOST_TEST(comes_true([&] { return guessing.asked() > 10'000; }, std::chrono::seconds{120}));
  BOOST_TEST(guessing.stop());
  other.stop();
}

BOOST_AUTO_TEST_CASE(ever_other_addresses_cost_little_and_hold_up_nobody) {
  service strict{{"--rate-limits", "on", "--trusted-proxy", "127.0.0.1"}};
  neighbour other{strict, "/dealer/wallet"};
  auto spoof = [](size_t number) {
    auto address = "10." + std::to_string(number >> 16 & 255) + '.'
                   + std::to_string(number >> 8 & 255) + '.' + std::to_string(number & 255);
    return post("/dealer/verify-otp", "{}", "X-Forwarded-For: " + address + "\r\n");
  };
  auto come = [&](size_t wanted) {
    crowd coming{strict, 8, spoof, {400}};
    bool have_come = comes_true([&] { return coming.asked() > wanted; }, std::chrono::seconds{240});
    return coming.stop() && have_come;
  };
  BOOST_TEST(come(1'000));
  auto before = megabytes(strict.node_id(), "VmRSS");
  // More than twice as many as are remembered.
  BOOST_TEST(come(40'000));
  other.stop();
  BOOST_TEST(megabytes(strict.node_id(), "VmRSS") - before < 50);
}

BOOST_AUTO_TEST_CASE(codes_are_neither_mailed_nor_guessed_without_end_from_ever_other_addresses) {
  service strict{{"--rate-limits", "on", "--trusted-proxy", "127.0.0.1"}};
  auto owner = strict.add_dealer("0");
  // How often he may ask for that is not limited.
  neighbour other{strict, "/dealer/wallet"};
  int addresses = 0;
  auto ask = [&](const std::string& path, const std::string& code) {
    auto body = R"({"email":")" + owner.email + '"' + code + '}';
    return strict.post(path, body, {"X-Forwarded-For: 198.51.100." + std::to_string(++addresses)})
      .status;
  };
  auto guess = [&](const std::string& code) {
    return ask("/dealer/verify-otp", R"(,"code":")" + code + '"');
  };
  for (int i = 0; i < 40; ++i)
    BOOST_TEST(ask("/dealer/send-otp", {}) == 200);
  constexpr size_t most_mails = 5;
  BOOST_TEST(
    comes_true([&] { return codes_in(strict.mails_to(owner.email)).size() >= most_mails; }));
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(guess("000000") == 401);
  // From now on not even the right one is taken, and another mail changes nothing.
  BOOST_TEST(ask("/dealer/send-otp", {}) == 200);
  for (const auto& code : codes_in(strict.mails_to(owner.email)))
    BOOST_TEST(guess(code) == 401);
  BOOST_TEST(comes_true([&] {
    return strict.mails_to(owner.email).find("Sign-in codes for MeiSIM are locked")
           != std::string::npos;
  }));
  BOOST_TEST(codes_in(strict.mails_to(owner.email)).size() == most_mails);
  other.stop();
}

BOOST_AUTO_TEST_SUITE_END()
