#include "http/edge/application.hpp"
#include "http/edge/asking.hpp"
#include "protocols/cluster/registry.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/raw_client.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

// What becomes of requests whose handlers fail, on a server with routes of its own.

using namespace meisim;
using namespace meisim::http;
using meisim::test::comes_true;
using meisim::test::raw_answer;
using meisim::test::raw_client;

namespace {

/// Answers each number with itself, and all text with an error.
caf::actor echo;

void fail_at_once(const exchange_pointer&) {
  throw std::runtime_error("at once");
}

void fail_later(const exchange_pointer& x) {
  ask<int>(
    x, echo, [](int) { throw std::runtime_error("later"); }, 7);
}

void fail_over_an_error(const exchange_pointer& x) {
  ask_or<int>(
    x, echo, [](int) {}, [](const caf::error&) { throw std::runtime_error("over an error"); },
    std::string{"no number"});
}

void work(const exchange_pointer& x) {
  ask<int>(
    x, echo, [x](int number) { succeed(x, std::to_string(number)); }, 7);
}

/// Nobody ever answers it.
void keep_waiting(const exchange_pointer&) {
  // nop
}

/// What is under way at /long, and how often something began there.
exchange_pointer long_one;
std::atomic<int> long_begun{0};

void begin_long(const exchange_pointer& x) {
  long_one = x;
  ++long_begun;
}

constexpr std::array slow_table{
  route{method::get, "/silent", access::open, limit_class::none, keep_waiting},
  route{method::post, "/silent", access::open, limit_class::none, keep_waiting, keyed},
  route{method::post, "/ignores-keys", access::open, limit_class::none, keep_waiting},
  route{method::post, "/reads", access::open, limit_class::none, keep_waiting, repeatable},
};

server_settings impatient() {
  server_settings settings;
  settings.answer_timeout = std::chrono::seconds{0};
  return settings;
}

constexpr std::array table{
  route{method::get, "/at-once", access::open, limit_class::none, fail_at_once},
  route{method::get, "/later", access::open, limit_class::none, fail_later},
  route{method::get, "/error", access::open, limit_class::none, fail_over_an_error},
  route{method::get, "/works", access::open, limit_class::none, work},
  route{method::post, "/works", access::open, limit_class::none, work, {.body_limit = batch_body}},
  route{method::get, "/long", access::open, limit_class::none, begin_long, {.is_long = true}},
};

struct config_type : caf::actor_system_config {
  config_type() {
    announce_messages(*this);
    set("scheduler.max-threads", size_t{1});
  }
};

struct fixture {
  fixture() {
    echo = system.spawn([]() -> caf::behavior {
      return {[](int number) { return number; },
              [](const std::string&) -> caf::result<int> { return make_error(ec::invalid); }};
    });
    running.start();
  }

  ~fixture() {
    running.stop();
    echo = nullptr;
  }

  raw_answer ask(const std::string& first_line, const std::string& body = {}) {
    return ask_at(running, first_line, {}, body);
  }

  raw_answer ask_at(const server& where, const std::string& first_line, const std::string& header,
                    const std::string& body = {}) {
    raw_client client{std::to_string(where.port())};
    client.send(first_line + " HTTP/1.1\r\nHost: a\r\n" + header
                + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    auto answer = client.read();
    BOOST_REQUIRE(answer.has_value());
    return *answer;
  }

  std::string last_detail() {
    std::lock_guard guard{lock};
    return detail;
  }

  config_type config;
  caf::actor_system system{config};
  std::mutex lock;
  std::string detail;
  // None of the routes needs any services.
  server running{{}, serve_routes(system, nullptr, table, [this](const auto& record) {
                   std::lock_guard guard{lock};
                   detail = record.note.detail;
                 })};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_tests, fixture)

BOOST_AUTO_TEST_CASE(an_exception_of_a_handler_is_answered_and_ends_nobody_elses_request) {
  for (std::string path : {"/at-once", "/later", "/error"}) {
    // More often than there are request runners.
    for (int i = 0; i < 10; ++i) {
      auto answer = ask("GET " + path);
      BOOST_TEST(answer.status == 500);
      BOOST_TEST(answer.json()["message"].asString() == "something failed on our side");
    }
  }
  BOOST_TEST(last_detail() == "over an error");
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(ask("GET /works").body == "7");
}

BOOST_AUTO_TEST_CASE(a_large_body_is_carried_to_its_answer_too) {
  auto answer = ask("POST /works", std::string(2 * ordinary_body, ' '));
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body == "7");
}

BOOST_AUTO_TEST_CASE(one_who_asks_for_much_long_work_leaves_the_threads_to_others) {
  std::vector<raw_client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(std::to_string(running.port()));
    clients.back().send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  for (int i = 1; i <= 3; ++i) {
    BOOST_REQUIRE(comes_true([&] { return long_begun == i; }));
    // There are two threads, and the others wait all the same.
    BOOST_TEST(ask("GET /works").body == "7");
    BOOST_TEST(long_begun == i);
    succeed(std::exchange(long_one, nullptr));
  }
  for (auto& client : clients)
    BOOST_TEST(client.read()->status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_not_answered_in_time_is_not_said_to_be_undone) {
  server slow{impatient(), serve_routes(system, nullptr, slow_table, [](const auto&) {})};
  slow.start();
  auto reading = ask_at(slow, "GET /silent", {});
  BOOST_TEST(reading.status == 503);
  BOOST_TEST(reading.header("retry-after") == "1");
  auto keyed = ask_at(slow, "POST /silent", "Idempotency-Key: a\r\n");
  BOOST_TEST(keyed.status == 503);
  BOOST_TEST(keyed.header("retry-after") == "1");
  BOOST_TEST(keyed.json()["message"].asString().find("not known") != std::string::npos);
  // A repeat without a key, or with a key that nobody reads, may pay twice.
  for (const auto& [path, header] :
       {std::pair{"/silent", ""}, std::pair{"/ignores-keys", "Idempotency-Key: a\r\n"}}) {
    auto bare = ask_at(slow, std::string{"POST "} + path, header);
    BOOST_TEST(bare.status == 503);
    BOOST_TEST(bare.header("retry-after").empty());
    BOOST_TEST(bare.json()["message"].asString().find("/api/v1/orders") != std::string::npos);
  }
  auto harmless = ask_at(slow, "POST /reads", {});
  BOOST_TEST(harmless.header("retry-after") == "1");
  BOOST_TEST(harmless.json()["message"].asString().find("before you repeat") == std::string::npos);
  slow.stop();
}

BOOST_AUTO_TEST_SUITE_END()
