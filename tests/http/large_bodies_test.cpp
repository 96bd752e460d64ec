#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/edge.hpp"

// Bodies of more than 64 KiB, and those that a client asks about before it sends them.

using namespace meisim::test;

namespace {

constexpr size_t megabyte = size_t{1024} * 1024;

std::string batch_head(const std::string& lines, size_t size) {
  return request("POST /dealer/esim-verify",
                 lines + "Content-Type: application/json\r\nContent-Length: " + std::to_string(size)
                   + "\r\n");
}

std::string polite(const std::string& lines) {
  return lines + "Expect: 100-continue\r\n";
}

/// A batch of so many codes, as a dealer sends it.
std::string batch_of(size_t rows) {
  std::string result = R"({"lpas":[)";
  for (size_t i = 0; i < rows; ++i)
    result +=
      (i > 0 ? ",\"LPA:1$smdp.example.com$AVAILABLE-" : "\"LPA:1$smdp.example.com$AVAILABLE-")
      + std::to_string(i) + '"';
  return result + "]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(large_bodies_suite)

BOOST_AUTO_TEST_CASE(nobody_without_a_credential_sends_a_large_body) {
  for (const std::string lines :
       {"", "x-dealer-key: dk_wrong\r\n", "Authorization: Bearer x\r\n"}) {
    raw_client client{here().port()};
    // Not one byte of the body is there yet.
    client.send(batch_head(lines, 16 * megabyte));
    auto answer = client.read();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 401);
    BOOST_TEST(answer->header("connection") == "close");
    check_error_form(*answer);
  }
  raw_client chunked{here().port()};
  chunked.send(request("POST /dealer/esim-verify",
                       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"));
  // The server has closed before it is all sent.
  auto piece = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  for (int i = 0; i < 3 && chunked.send(piece); ++i) {
    // nop
  }
  auto answer = chunked.read();
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 401);
}

BOOST_AUTO_TEST_CASE(who_asks_first_is_told_before_anything_is_sent) {
  raw_client stranger{here().port()};
  stranger.send(batch_head(polite(""), 1'000));
  BOOST_TEST(stranger.read()->status == 401);
  BOOST_TEST(stranger.is_closed());
  raw_client nowhere{here().port()};
  nowhere.send(request("POST /none", polite("Content-Length: 5\r\n")));
  BOOST_TEST(nowhere.read()->status == 404);
  BOOST_TEST(nowhere.is_closed());
  auto suspended = here().add_dealer("0", "suspended");
  raw_client barred{here().port()};
  barred.send(batch_head(polite(suspended.key_header + "\r\n"), 1'000));
  BOOST_TEST(barred.read()->status == 403);
  auto owner = here().add_dealer("10.00");
  raw_client known{here().port()};
  auto body = batch_of(2);
  known.send(batch_head(polite(owner.key_header + "\r\n"), body.size()));
  BOOST_TEST(known.read()->status == 100);
  known.send(body);
  auto answer = known.read();
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200, answer->body);
  // The connection goes on.
  known.send(get_me(owner, "next"));
  BOOST_TEST(known.read()->header("x-request-id") == "next");
}

BOOST_AUTO_TEST_CASE(a_large_body_is_read_whole_however_it_comes) {
  auto owner = here().add_dealer("20000.00");
  auto body = batch_of(5'000);
  BOOST_REQUIRE(body.size() > 150'000);
  raw_client client{here().port()};
  client.send(batch_head(owner.key_header + "\r\n", body.size()) + body);
  auto whole = client.read();
  BOOST_REQUIRE(whole);
  BOOST_TEST(whole->status == 200, whole->body);
  client.send(request("POST /dealer/esim-verify",
                      owner.key_header
                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"));
  for (size_t i = 0; i < body.size(); i += 0x1000) {
    auto piece = body.substr(i, 0x1000);
    char size[16];
    std::snprintf(size, sizeof(size), "%zx\r\n", piece.size());
    client.send(size + piece + "\r\n");
  }
  client.send("0\r\n\r\n");
  auto chunked = client.read();
  BOOST_REQUIRE(chunked);
  BOOST_TEST(chunked->status == 200, chunked->body);
  BOOST_TEST(chunked->json()["charged"].asDouble() == whole->json()["charged"].asDouble());
}

BOOST_AUTO_TEST_CASE(the_same_batch_under_one_key_is_charged_once) {
  auto owner = here().add_dealer("20000.00");
  auto lines = owner.key_header + "\r\nIdempotency-Key: batch-1\r\n";
  auto body = batch_of(5'000);
  raw_client client{here().port()};
  client.send(batch_head(lines, body.size()) + body);
  auto first = client.read();
  BOOST_REQUIRE(first);
  BOOST_TEST(first->status == 200, first->body);
  // White space does not make it another request.
  auto spaced = "  " + body + "\n";
  client.send(batch_head(lines, spaced.size()) + spaced);
  auto again = client.read();
  BOOST_REQUIRE(again);
  BOOST_TEST(again->body == first->body);
  BOOST_TEST(again->header("idempotent-replayed") == "true");
  auto another = batch_of(4'999);
  client.send(batch_head(lines, another.size()) + another);
  BOOST_TEST(client.read()->status == 409);
}

BOOST_AUTO_TEST_CASE(a_dealer_has_one_large_body_under_way_and_the_next_one_waits) {
  auto owner = here().add_dealer("20000.00");
  auto body = batch_of(5'000);
  auto head = batch_head(polite(owner.key_header + "\r\n"), body.size());
  raw_client first{here().port()};
  first.send(head);
  BOOST_TEST(first.read()->status == 100);
  raw_client second{here().port()};
  second.send(head);
  // Another dealer's comes in meanwhile, and a small one of the same dealer's.
  auto other = here().add_dealer("20000.00");
  raw_client neighbour{here().port()};
  neighbour.send(batch_head(other.key_header + "\r\n", body.size()) + body);
  BOOST_TEST(neighbour.read()->status == 200);
  raw_client small{here().port()};
  small.send(get_me(owner, "small"));
  BOOST_TEST(small.read()->status == 200);
  BOOST_TEST(!second.has_input());
  first.send(body);
  BOOST_TEST(first.read()->status == 200);
  BOOST_TEST(second.read()->status == 100);
  second.send(body);
  BOOST_TEST(second.read()->status == 200);
}

BOOST_AUTO_TEST_CASE(who_gives_up_in_the_middle_of_a_body_holds_up_nobody) {
  auto owner = here().add_dealer("20000.00");
  auto body = batch_of(5'000);
  auto whole = batch_head(owner.key_header + "\r\n", body.size()) + body;
  for (int i = 0; i < 20; ++i) {
    raw_client client{here().port()};
    client.send(whole.substr(0, static_cast<size_t>(i) * 10'000));
    client.abort();
  }
  // Until the server notices that they have gone, they take their dealer's places.
  BOOST_TEST(comes_true([&] {
    raw_client client{here().port()};
    client.send(whole);
    auto answer = client.read();
    BOOST_REQUIRE(answer);
    BOOST_TEST((answer->status == 200 || answer->status == 503), answer->body);
    return answer->status == 200;
  }));
}

BOOST_AUTO_TEST_CASE(all_bodies_under_way_share_one_budget) {
  service tight{{"--rate-limits", "off", "--body-memory", "20MB"}};
  auto one = tight.add_dealer("0");
  auto two = tight.add_dealer("0");
  raw_client first{tight.port()};
  first.send(batch_head(polite(one.key_header + "\r\n"), 15 * megabyte));
  BOOST_TEST(first.read()->status == 100);
  raw_client second{tight.port()};
  second.send(batch_head(polite(two.key_header + "\r\n"), 15 * megabyte));
  auto refused = second.read();
  BOOST_REQUIRE(refused);
  BOOST_TEST(refused->status == 503);
  BOOST_TEST(refused->header("retry-after") == "1");
  check_error_form(*refused);
  // Small ones still come in.
  BOOST_TEST(tight.post("/dealer/send-otp", R"({"email":"e@example.com"})").status == 200);
  first.abort();
  bool is_admitted = comes_true([&] {
    raw_client again{tight.port()};
    again.send(batch_head(polite(two.key_header + "\r\n"), 15 * megabyte));
    return again.read()->status == 100;
  });
  BOOST_TEST(is_admitted);
}

BOOST_AUTO_TEST_SUITE_END()
