#include "persistence/base/session.hpp"
#include "tests/fixtures/edge.hpp"

// Which bytes the edge accepts as a request, and which it refuses, against the real program.

using namespace meisim::test;

namespace {

struct refused_case {
  std::string name;
  std::string bytes;
  int status;
};

std::vector<refused_case> bad_heads() {
  const std::string line = "GET /api/v1/me HTTP/1.1\r\n";
  const std::string good = line + "Host: 127.0.0.1\r\n";
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += "X-Header-" + std::to_string(i) + ": 1\r\n";
  return {
    {"port too large", line + "Host: a:99999\r\n\r\n", 400},
    {"port that is no number", line + "Host: a:b\r\n\r\n", 400},
    {"host with a space", line + "Host: a b\r\n\r\n", 400},
    {"no host", line + "\r\n", 400},
    {"two hosts", good + "Host: other\r\n\r\n", 400},
    {"line without a colon", good + "X-Nothing\r\nX-Dealer-Key: x\r\n\r\n", 400},
    {"space before the colon", good + "X-Dealer-Key : x\r\n\r\n", 400},
    {"line that begins with a blank", line + " Host: 127.0.0.1\r\n\r\n", 400},
    {"name that is no token", good + "X(y): 1\r\n\r\n", 400},
    {"NUL in a value", good + std::string("X-A: a\0b\r\n\r\n", 12), 400},
    {"bare line feeds", "GET /api/v1/me HTTP/1.1\nHost: 127.0.0.1\n\n", 400},
    {"no version", "GET /api/v1/me\r\n\r\n", 400},
    {"version of the future", "GET /api/v1/me HTTP/3.0\r\nHost: a\r\n\r\n", 400},
    {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400},
    {"method that is no token", "G(T /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"path that hides NUL", request("GET /api/%00"), 400},
    {"path that is no UTF-8", request("GET /api/%ff"), 400},
    {"path with a broken escape", request("GET /api/%4"), 400},
    {"path that hides a slash", request("GET /api%2fv1/me"), 400},
    {"path that hides a line break", request("GET /portal/a%0d%0aSet-Cookie:%20a=b/"), 400},
    {"path that hides another control", request("GET /portal/a%7f"), 400},
    {"target that is no path", request("GET me"), 400},
    {"query that is no UTF-8", request("GET /dealer/wallet?limit=%c3%28"), 400},
    {"20 KB of slashes", request("GET " + std::string(20'000, '/')), 414},
    {"request line of 9 KB", request("GET /" + std::string(9'000, 'a')), 414},
    {"1 MB of one header", good + "X-A: " + std::string(1'000'000, 'a') + "\r\n\r\n", 431},
    {"101 headers", good + many + "\r\n", 431},
  };
}

std::vector<refused_case> bad_bodies() {
  auto with = [](const std::string& lines, const std::string& body) {
    return request("POST /dealer/login", "Content-Type: application/json\r\n" + lines, body);
  };
  // What follows a refused body must never be read as a request.
  const std::string smuggled = "GET /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n";
  return {
    {"oversize body", with("Content-Length: 70000\r\n", smuggled + std::string(70'000, ' ')), 413},
    {"announced oversize body", with("Content-Length: 70000\r\n", {}), 413},
    {"two lengths", with("Content-Length: 2\r\nContent-Length: 3\r\n", "{}" + smuggled), 400},
    {"the same length twice", with("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400},
    {"length as a word", with("Content-Length: abc\r\n", smuggled), 400},
    {"negative length", with("Content-Length: -1\r\n", smuggled), 400},
    {"length beyond all numbers", with("Content-Length: 99999999999999999999999\r\n", smuggled),
     400},
    {"huge length", with("Content-Length: 9223372036854775807\r\n", smuggled), 413},
    {"length with a sign", with("Content-Length: +2\r\n", "{}"), 400},
    {"length as a list", with("Content-Length: 2, 2\r\n", "{}"), 400},
    {"length and chunks",
     with("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled), 400},
    {"another coding", with("Transfer-Encoding: gzip\r\n", smuggled), 400},
    {"chunks before there were any",
     "POST /dealer/login HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
     "0\r\n\r\n"
       + smuggled,
     400},
    {"chunks twice", with("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400},
    {"chunk size that is no number", with("Transfer-Encoding: chunked\r\n", "xyz\r\n{}\r\n"), 400},
    {"chunk size beyond all numbers",
     with("Transfer-Encoding: chunked\r\n", "fffffffffffffffffff\r\n{}\r\n"), 400},
    {"chunk without its end", with("Transfer-Encoding: chunked\r\n", "2\r\n{}xx0\r\n\r\n"), 400},
    {"chunks that are too many together",
     with("Transfer-Encoding: chunked\r\n",
          "ffff\r\n" + std::string(0xffff, ' ') + "\r\n2\r\n  \r\n0\r\n\r\n"),
     413},
    {"chunk that is too large",
     with("Transfer-Encoding: chunked\r\n",
          "11170\r\n" + std::string(0x11170, ' ') + "\r\n0\r\n\r\n"),
     413},
  };
}

void check_refused(const std::vector<refused_case>& table) {
  for (const auto& [name, bytes, status] : table) {
    BOOST_TEST_CONTEXT(name) {
      raw_client client{here().port()};
      client.send(bytes);
      auto answer = client.read();
      BOOST_TEST(answer.has_value());
      if (!answer)
        continue;
      BOOST_TEST(answer->status == status);
      BOOST_TEST(answer->header("connection") == "close");
      check_error_form(*answer);
      BOOST_TEST(client.is_closed());
    }
  }
  BOOST_TEST(are_others_served());
}

} // namespace

BOOST_AUTO_TEST_SUITE(edge_suite)

BOOST_AUTO_TEST_CASE(a_head_that_is_not_well_formed_is_refused_and_the_connection_closed) {
  check_refused(bad_heads());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_framed_in_two_ways_is_refused_and_nothing_behind_it_is_read) {
  check_refused(bad_bodies());
}

BOOST_AUTO_TEST_CASE(what_is_well_formed_passes_and_the_connection_stays_open) {
  raw_client client{here().port()};
  for (const std::string line : {"Host: [::1]:8080", "Host: a.example:80", "Host: "}) {
    client.send("GET /api/v1/me HTTP/1.1\r\n" + line + "\r\n" + somebody().key_header + "\r\n\r\n");
    BOOST_TEST(client.read()->status == 200, line);
  }
}

BOOST_AUTO_TEST_CASE(the_callers_own_id_comes_back_even_with_a_refusal) {
  raw_client client{here().port()};
  client.send(request("POST /dealer/login", "X-Request-Id: mine\r\nContent-Length: 70000\r\n"));
  BOOST_TEST(client.read()->header("x-request-id") == "mine");
  raw_client other{here().port()};
  other.send(get_me(somebody(), "first"));
  BOOST_TEST(other.read()->header("x-request-id") == "first");
  other.send(request("GET /api/v1/me", "X-Request-Id: not <usable>\r\n"));
  auto refused = other.read();
  BOOST_TEST(refused->status == 401);
  BOOST_TEST(refused->header("x-request-id").size() == 36u);
  other.send("nonsense\r\n\r\n");
  auto unread = other.read();
  BOOST_TEST(unread->header("x-request-id").size() == 36u);
  BOOST_TEST(unread->header("x-request-id") != refused->header("x-request-id"));
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  constexpr int count = 200;
  raw_client client{here().port()};
  std::string all;
  for (int i = 0; i < count; ++i)
    // One that asks the database, one that is answered at once, one without a path.
    all += i % 3 == 0 ? get_me(somebody(), std::to_string(i))
           : i % 3 == 1
             ? request("OPTIONS /api/v1/me", "X-Request-Id: " + std::to_string(i) + "\r\n")
             : request("GET /none", "X-Request-Id: " + std::to_string(i) + "\r\n");
  client.send(all);
  for (int i = 0; i < count; ++i) {
    auto answer = client.read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->header("x-request-id") == std::to_string(i));
    BOOST_TEST(answer->status == (i % 3 == 0 ? 200 : i % 3 == 1 ? 204 : 404));
  }
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
  raw_client client{here().port()};
  auto whole = get_me(somebody(), "slow") + get_me(somebody(), "next");
  for (char c : whole)
    client.send({&c, 1});
  BOOST_TEST(client.read()->header("x-request-id") == "slow");
  BOOST_TEST(client.read()->header("x-request-id") == "next");
}

BOOST_AUTO_TEST_CASE(a_body_may_come_in_chunks_and_wait_for_a_word) {
  auto body = R"({"email":")" + somebody().email + R"(","password":"a-password"})";
  std::string json = "Content-Type: application/json\r\n";
  raw_client chunked{here().port()};
  chunked.send(request("POST /dealer/login", json + "Transfer-Encoding: chunked\r\n"));
  for (char c : body)
    chunked.send("1\r\n" + std::string{c} + "\r\n");
  chunked.send("0\r\n");
  chunked.send("\r\n");
  BOOST_TEST(chunked.read()->status == 200);
  chunked.send(get_me(somebody(), "after"));
  BOOST_TEST(chunked.read()->header("x-request-id") == "after");

  auto length = json + "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size());
  raw_client polite{here().port()};
  polite.send(request("POST /dealer/login", length + "\r\n"));
  BOOST_TEST(polite.read()->status == 100);
  polite.send(body);
  BOOST_TEST(polite.read()->status == 200);
}

BOOST_AUTO_TEST_CASE(connections_end_when_the_client_asks_for_it) {
  auto open = request("GET /none");
  for (const std::string& bytes :
       {request("GET /none", "Connection: close\r\n"), std::string{"GET /none HTTP/1.0\r\n\r\n"}}) {
    raw_client client{here().port()};
    client.send(bytes + open);
    BOOST_TEST(client.read()->header("connection") == "close");
    BOOST_TEST(client.is_closed());
  }
  raw_client old{here().port()};
  old.send("GET /none HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + open);
  BOOST_TEST(old.read()->header("connection") == "keep-alive");
  BOOST_TEST(old.read()->status == 404);
}

BOOST_AUTO_TEST_CASE(head_and_options_are_answered) {
  raw_client client{here().port()};
  client.send(request("HEAD /api/v1/me", somebody().key_header + "\r\n"));
  auto head = client.read(true);
  BOOST_TEST(head->status == 200);
  BOOST_TEST(head->header("content-length") != "0");
  client.send(request("HEAD /dealer/statement", somebody().key_header + "\r\n"));
  BOOST_TEST(client.read(true)->status == 200);
  client.send(request("HEAD /api/v1/me"));
  BOOST_TEST(client.read(true)->status == 401);
  client.send(request("OPTIONS *"));
  BOOST_TEST(client.read()->status == 204);
  client.send(request("OPTIONS /dealer/order"));
  BOOST_TEST(client.read()->header("allow") == "OPTIONS, POST");
  client.send(request("OPTIONS /none"));
  BOOST_TEST(client.read()->status == 404);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_to_its_end_breaks_off) {
  meisim::database db{here().database_connection(), "test"};
  auto& sql = db.session();
  auto ask = request("GET /dealer/statement", somebody().key_header + "\r\n");
  raw_client client{here().port()};
  sql << "ALTER VIEW all_transfers RENAME TO transfers_elsewhere";
  client.send(ask);
  auto broken = client.read();
  sql << "ALTER VIEW transfers_elsewhere RENAME TO all_transfers";
  // Not a file that looks whole, and not a client that waits for ever.
  BOOST_TEST(!broken);
  BOOST_TEST(client.is_closed());
  BOOST_TEST(are_others_served());
  raw_client later{here().port()};
  later.send(ask);
  BOOST_TEST(later.read()->status == 200);
}

BOOST_AUTO_TEST_CASE(every_wrong_method_gets_405_and_what_is_allowed) {
  raw_client client{here().port()};
  for (const std::string verb : {"GET", "PUT", "PATCH", "DELETE", "TRACE", "BREW"}) {
    client.send(request(verb + " /dealer/order"));
    auto answer = client.read();
    // A verb that nobody knows ends the connection at most.
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 405, verb << " gave " << answer->status);
    BOOST_TEST(answer->header("allow") == "OPTIONS, POST");
    check_error_form(*answer);
  }
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_json_of_ours_are_refused_by_name) {
  struct row {
    std::string bytes;
    int status;
  };
  auto key = somebody().key_header + "\r\n";
  const std::vector<row> table{
    {post("/dealer/order", std::string(60'000, '['), key), 400},
    {post("/dealer/order", std::string(65, '[') + std::string(65, ']'), key), 400},
    {post("/dealer/order", "{\"productId\":\"\xc3\x28\"}", key), 400},
    {post("/dealer/order", R"({"productId":"\u0000"})", key), 400},
    {post("/dealer/order", "{} {}", key), 400},
    {post("/dealer/order", "", key), 400},
    {post("/dealer/order", "null", key), 400},
    {request("POST /dealer/order", key + "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
     415},
    {request("POST /dealer/order", key + "Content-Length: 2\r\n", "{}"), 415},
    {request("POST /dealer/order", key + "Content-Type: application/jsonp\r\nContent-Length: 2\r\n",
             "{}"),
     415},
  };
  raw_client client{here().port()};
  for (const auto& [bytes, status] : table) {
    client.send(bytes);
    auto answer = client.read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == status, bytes.substr(0, 300) << " gave " << answer->body);
    check_error_form(*answer);
  }
}

BOOST_AUTO_TEST_SUITE_END()
