#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/raw_client.hpp"

#include <boost/test/unit_test.hpp>
#include <json/reader.h>

#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

// What a node tells its operator on standard error.

using namespace meisim::test;

namespace {

struct fixture {
  fixture() {
    auto ports = node->rest_of_line();
    port = ports.substr(0, ports.find(' '));
  }

  ~fixture() {
    node.reset();
    std::filesystem::remove_all(home);
    std::filesystem::remove(file);
  }

  /// Asks for an account without a key.
  void ask(const std::string& id, const std::string& more = {}) const {
    raw_client client{port};
    client.send("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + id + "\r\n" + more
                + "\r\n");
    auto answer = client.read();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 401);
  }

  /// The log's lines that belong to a request, by its id. All lines that are whole must be JSON.
  std::multimap<std::string, Json::Value> request_lines() const {
    std::multimap<std::string, Json::Value> result;
    std::istringstream lines{text_of_file(file)};
    Json::CharReaderBuilder builder;
    std::unique_ptr<Json::CharReader> reader{builder.newCharReader()};
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      Json::Value object;
      BOOST_TEST(reader->parse(line.data(), line.data() + line.size(), &object, nullptr), line);
      if (object.isMember("request_id"))
        result.emplace(object["request_id"].asString(), object);
    }
    return result;
  }

  test_database database;
  std::string home =
    (std::filesystem::temp_directory_path() / ("meisim-test-" + to_string(meisim::make_uuid())))
      .string();
  std::string file = home + ".log";
  std::unique_ptr<child_process> node = std::make_unique<child_process>(
    "meisimd",
    std::vector<std::string>{"--home", home, "--port", "0", "--admin-port", "0",
                             "--allow-mail-folder", "--trusted-proxy", "127.0.0.1", "--database",
                             database.connection()},
    "meisimd ready ", file);
  std::string port;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(log_tests, fixture)

BOOST_AUTO_TEST_CASE(each_request_has_one_line_that_says_what_became_of_it) {
  ask("the-first");
  ask("by-proxy", "X-Forwarded-For: 203.0.113.9\r\n");
  // Before anything else happens.
  BOOST_TEST(comes_true([&] { return request_lines().contains("the-first"); }));
  for (int i = 0; i < 100; ++i)
    ask("number-" + std::to_string(i));
  BOOST_TEST(node->stop() == 0);
  auto lines = request_lines();
  for (int i = 0; i < 100; ++i)
    BOOST_TEST(lines.count("number-" + std::to_string(i)) == 1U);
  const auto& line = lines.find("the-first")->second;
  BOOST_TEST(line["level"].asString() == "info");
  BOOST_TEST(line["method"].asString() == "GET");
  BOOST_TEST(line["route"].asString() == "/api/v1/me");
  BOOST_TEST(line["dealer"].asString() == "");
  BOOST_TEST(line["address"].asString() == "127.0.0.1");
  BOOST_TEST(lines.find("by-proxy")->second["address"].asString() == "203.0.113.9");
  BOOST_TEST(line["status"].asInt() == 401);
  BOOST_TEST(line["micros"].asInt64() > 0);
  BOOST_TEST(!line["time"].asString().empty());
  BOOST_TEST(!line["node"].asString().empty());
}

BOOST_AUTO_TEST_SUITE_END()
