#include "tests/fixtures/edge.hpp"
#include "tests/fixtures/input_tables.hpp"

#include <zlib.h>

#include <array>
#include <utility>
#include <vector>

// What proxies, PHP, .NET, Java, scripts and old clients send, byte for byte.

using namespace meisim::test;

namespace {

struct accepted_case {
  std::string name;
  std::string bytes;
};

std::string key() {
  return somebody().key_header + "\r\n";
}

std::string me(const std::string& lines) {
  return request("GET /api/v1/me", key() + lines);
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  ::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string result(::deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  ::deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  ::deflateEnd(&stream);
  return result;
}

std::string login_body() {
  return R"({"email":")" + somebody().email + R"(","password":"a-password"})";
}

std::string login(const std::string& lines, const std::string& body) {
  return request("POST /dealer/login",
                 lines + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

const std::string json = "Content-Type: application/json\r\n";

/// All of these are answered with 200, and the connection stays open.
std::vector<accepted_case> well_meant() {
  return {
    {"a GET with a body, as Guzzle sends it", me(json + "Content-Length: 2\r\n") + "{}"},
    {"an empty line in front", "\r\n\r\n" + me("")},
    {"gzip", login(json + "Content-Encoding: gzip\r\n", gzipped(login_body()))},
    {"gzip by its old name", login(json + "Content-Encoding: X-GZIP\r\n", gzipped(login_body()))},
    {"chunks in capitals, with an extension and a trailer",
     request(
       "POST /dealer/login", json + "Transfer-Encoding: Chunked\r\n",
       "2;a=b\r\n" + login_body().substr(0, 2) + "\r\n" +
         [] {
           auto rest = login_body().substr(2);
           char size[8];
           std::snprintf(size, sizeof(size), "%zX", rest.size());
           return std::string{size} + "\r\n" + rest;
         }()
         + "\r\n0\r\nExpires: 0\r\n\r\n")},
  };
}

// -- docs/input.md --------------------------------------------------------------------------------

std::string filled_in(std::string text) {
  auto token = somebody().portal_header.substr(std::string{"Authorization: Bearer "}.size());
  const std::array<std::pair<std::string, std::string>, 3> values{{
    {"<key>", somebody().key_header.substr(std::string{"x-dealer-key: "}.size())},
    {"<token>", token},
    {"<body>", login_body()},
  }};
  for (const auto& [name, value] : values)
    if (auto at = text.find(name); at != std::string::npos)
      text.replace(at, name.size(), value);
  return text;
}

/// A row's request: its line, the lines of its head and the body of a POST, each in a line.
std::string request_of(const input_row& row) {
  std::vector<std::string> parts = row.parts;
  auto line = parts.front();
  parts.erase(parts.begin());
  std::string body;
  std::string head;
  if (line.starts_with("POST")) {
    body = filled_in(parts.back());
    parts.pop_back();
    head = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  for (const auto& part : parts)
    head += filled_in(part) + "\r\n";
  return request(line, head, body);
}

struct refused_case {
  std::string name;
  std::string bytes;
  int status;
  std::string told;
};

std::vector<refused_case> contradictory() {
  const std::string padded(70'000, ' ');
  return {
    {"two types in one line", login("Content-Type: application/json, text/plain\r\n", login_body()),
     415, "Content-Type"},
    {"two keys", me("x-dealer-key: dk_other\r\n"), 400, "x-dealer-key must stand once"},
    {"gzip that is none", login(json + "Content-Encoding: gzip\r\n", login_body()), 400, "gzip"},
    {"gzip that is cut",
     login(json + "Content-Encoding: gzip\r\n", gzipped(login_body()).substr(0, 20)), 400, "gzip"},
    {"gzip that unpacks to more than the endpoint takes",
     login(json + "Content-Encoding: gzip\r\n", gzipped(login_body() + padded)), 413, "larger"},
  };
}

} // namespace

BOOST_AUTO_TEST_SUITE(software_suite)

BOOST_AUTO_TEST_CASE(what_other_software_adds_does_not_fail_a_request) {
  raw_client client{here().port()};
  for (const auto& [name, bytes] : well_meant()) {
    client.send(bytes);
    auto answer = client.read();
    BOOST_REQUIRE_MESSAGE(answer, name << ": no answer");
    BOOST_TEST(answer->status == 200, name << ": " << answer->status << ' ' << answer->body);
    BOOST_TEST(answer->header("connection") == "keep-alive", name);
  }
}

BOOST_AUTO_TEST_CASE(requests_become_what_the_table_says) {
  for (const auto& row : input_rows("HTTP")) {
    raw_client client{here().port()};
    client.send(request_of(row));
    auto answer = client.read();
    BOOST_REQUIRE_MESSAGE(answer, row.sent << ": no answer");
    auto told = std::to_string(answer->status);
    if (answer->status != 200) {
      told += ": " + answer->json()["message"].asString();
      check_error_form(*answer);
    }
    BOOST_TEST(told == row.becomes, row.sent << " becomes " << told);
  }
}

BOOST_AUTO_TEST_CASE(a_slash_too_many_leads_to_the_path_with_its_query) {
  raw_client client{here().port()};
  for (const std::string path : {"/dealer/orders/", "//dealer/orders", "//dealer//orders//"}) {
    client.send(request("GET " + path + "?limit=1&reference=a%26b", key()));
    auto answer = client.read();
    BOOST_TEST(answer->status == 308);
    BOOST_TEST(answer->header("location") == "/dealer/orders?limit=1&reference=a%26b");
  }
  // It must not become another host's name.
  client.send(request("GET //example.com/portal", key()));
  BOOST_TEST(client.read()->status == 404);
}

BOOST_AUTO_TEST_CASE(what_says_two_things_is_refused_by_name) {
  for (const auto& [name, bytes, status, told] : contradictory()) {
    raw_client client{here().port()};
    client.send(bytes);
    auto answer = client.read();
    BOOST_REQUIRE_MESSAGE(answer, name << ": no answer");
    BOOST_TEST(answer->status == status, name << ": " << answer->status << ' ' << answer->body);
    BOOST_TEST(answer->json()["message"].asString().find(told) != std::string::npos,
               name << ": " << answer->body);
    check_error_form(*answer);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_array_is_no_optional_object) {
  auto owner = here().add_dealer("100.00");
  raw_client client{here().port()};
  client.send(post("/dealer/order",
                   R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com",)"
                   R"("customerName":"E","address":[]})",
                   owner.key_header + "\r\n"));
  BOOST_TEST(client.read()->status == 200);
  // The body of a call that needs one is not optional.
  client.send(post("/dealer/webhooks", "[]", owner.key_header + "\r\n"));
  auto answer = client.read();
  BOOST_TEST(answer->status == 400);
  BOOST_TEST(answer->json()["message"].asString()
             == "the body must be a JSON object: it is something else");
}

BOOST_AUTO_TEST_CASE(a_line_that_can_become_no_request_is_answered_at_once) {
  for (const std::string bytes : {"GET / \r\n", "GET /\r\n", "GET / \n", "\x16\x03\x01\x02"}) {
    raw_client client{here().port()};
    client.send(bytes);
    // Nothing more comes, and nobody waits for it.
    auto answer = client.read();
    BOOST_REQUIRE_MESSAGE(answer, bytes);
    BOOST_TEST(answer->status == 400);
    check_error_form(*answer);
    BOOST_TEST(client.is_closed());
  }
}

BOOST_AUTO_TEST_CASE(a_client_of_http_1_0_gets_a_download_without_chunks) {
  raw_client client{here().port()};
  client.send("GET /dealer/statement HTTP/1.0\r\n" + key() + "\r\n");
  auto answer = client.read();
  // Without a length or chunks, its end is the end of the connection.
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(answer->header("connection") == "close");
  BOOST_TEST(answer->header("transfer-encoding") == "");
  BOOST_TEST(answer->body.starts_with("Date,Type,Amount USD"), answer->body);
}

BOOST_AUTO_TEST_SUITE_END()
