#include "tests/fixtures/edge.hpp"

#include <zlib.h>

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

std::string token() {
  return somebody().portal_header.substr(std::string{"Authorization: Bearer "}.size());
}

std::string portal_wallet(const std::string& authorization) {
  return request("GET /api/portal/v1/wallet", "Authorization: " + authorization + "\r\n");
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
    {"a cookie without a value", me("Cookie: foo\r\n")},
    {"a cookie of a tracker", me("Cookie: ; _ga=GA1.2; =x; \xe2\x82\xac\r\n")},
    {"a date that is none", me("Date: nonsense\r\n")},
    {"a date in ISO 8601", me("Date: 2026-05-05T12:00:00Z\r\n")},
    {"an Accept that is no media type", me("Accept: json\r\n")},
    {"Java's Accept", me("Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\n")},
    {"an odd Cache-Control", me("Cache-Control: max-age=x, , s-maxage\r\n")},
    {"a GET with a type that is none", me("Content-Type: json\r\n")},
    {"a GET with an empty type", me("Content-Type:\r\n")},
    {"a GET with an empty body", me("Content-Length: 0\r\n")},
    {"a GET with a body, as Guzzle sends it", me(json + "Content-Length: 2\r\n") + "{}"},
    {"Java's offer of HTTP/2",
     me("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n")},
    {"a proxy's TE", me("TE: trailers\r\nConnection: TE, keep-alive\r\n")},
    {"Keep-Alive and Proxy-Connection",
     me("Keep-Alive: timeout=5, max=100\r\nProxy-Connection: keep-alive\r\n")},
    {"names in capitals", request("GET /api/v1/me", "X-DEALER-KEY: " + key().substr(14))},
    {"a Latin-1 User-Agent", me("User-Agent: Z\xfcrich/1.0\r\n")},
    {"a tab before a value", me("User-Agent:\tx\r\n")},
    {"Forwarded and Via", me("Forwarded: for=unknown\r\nVia: 1.1 squid\r\nMax-Forwards: 10\r\n")},
    {"ranges and conditions", me("Range: bytes=0-\r\nIf-Modified-Since: x\r\n")},
    {"the same key twice", me(key())},
    {"an empty line in front", "\r\n\r\n" + me("")},
    {"an absolute target",
     "GET http://127.0.0.1/api/v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key() + "\r\n"},
    {"an absolute target in capitals",
     "GET HTTPS://api.example:8443/api/v1/me HTTP/1.1\r\nHost: a\r\n" + key() + "\r\n"},
    {"an absolute target of the root page, and a question mark",
     "GET http://127.0.0.1/openapi.json? HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a small scheme name", portal_wallet("bearer " + token())},
    {"a loud scheme name and two blanks", portal_wallet("BEARER  " + token() + " ")},
    {"JSON of .NET", login("Content-Type: application/json; charset=utf-8\r\n", login_body())},
    {"JSON in capitals",
     login("Content-Type: Application/JSON;charset=\"UTF-8\"\r\n", login_body())},
    {"the type twice", login(json + json, login_body())},
    {"the type twice in one line",
     login("Content-Type: application/json, application/json\r\n", login_body())},
    {"a byte order mark before JSON", login(json, "\xef\xbb\xbf" + login_body())},
    {"white space around JSON", login(json, "\r\n\t " + login_body() + "\r\n")},
    {"gzip", login(json + "Content-Encoding: gzip\r\n", gzipped(login_body()))},
    {"gzip by its old name", login(json + "Content-Encoding: X-GZIP\r\n", gzipped(login_body()))},
    {"no coding", login(json + "Content-Encoding: identity\r\n", login_body())},
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
    {"an expectation of another kind", login(json + "Expect: a-miracle\r\n", login_body())},
  };
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
    {"two types", login(json + "Content-Type: text/plain\r\n", login_body()), 400,
     "Content-Type must stand once"},
    {"two types in one line", login("Content-Type: application/json, text/plain\r\n", login_body()),
     415, "Content-Type"},
    {"two keys", me("x-dealer-key: dk_other\r\n"), 400, "x-dealer-key must stand once"},
    {"deflate", login(json + "Content-Encoding: deflate\r\n", login_body()), 415,
     "Content-Encoding must be gzip"},
    {"gzip that is none", login(json + "Content-Encoding: gzip\r\n", login_body()), 400, "gzip"},
    {"gzip that is cut",
     login(json + "Content-Encoding: gzip\r\n", gzipped(login_body()).substr(0, 20)), 400, "gzip"},
    {"gzip that unpacks to more than the endpoint takes",
     login(json + "Content-Encoding: gzip\r\n", gzipped(login_body() + padded)), 413, "larger"},
    {"a form", login("Content-Type: application/x-www-form-urlencoded\r\n", "email=x"), 415,
     "application/json"},
    {"UTF-16", login(json, std::string{"\xff\xfe{\0}\0", 6}), 400, "UTF-8"},
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
