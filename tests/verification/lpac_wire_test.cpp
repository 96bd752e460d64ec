#include "protocols/base/base64.hpp"
#include "protocols/verification/card_eid.hpp"
#include "protocols/verification/es9p.hpp"
#include "protocols/verification/lpac_wire.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;
using namespace std::string_view_literals;

namespace {

template <class T>
T read_as(std::string_view line) {
  auto read = read_lpac_line(line);
  auto* found = std::get_if<T>(&read);
  BOOST_REQUIRE_MESSAGE(found, line << " is " << read.index());
  return *found;
}

bool is_noise(std::string_view line) {
  return std::holds_alternative<lpac_noise>(read_lpac_line(line));
}

} // namespace

BOOST_AUTO_TEST_SUITE(lpac_lines)

BOOST_AUTO_TEST_CASE(steps_requests_and_the_end_are_told_apart) {
  auto step = read_as<lpac_progress>(
    R"({"type":"progress","payload":{"code":0,"message":"es9p_initiate_authentication","data":"smdp.example.com"}})");
  BOOST_TEST(step.step == "es9p_initiate_authentication");
  BOOST_TEST(step.iccid == "");
  auto request = read_as<lpac_http_request>(
    R"({"type":"http","payload":{"url":"https://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication",)"
    R"("tx":"7b227d","headers":["User-Agent: gsma-rsp-lpad","Content-Type: application/json"]}})");
  BOOST_TEST(request.url == "https://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication");
  BOOST_TEST(request.body == "{\"}");
  BOOST_TEST(request.headers.size() == 2u);
  auto end = read_as<lpac_result>(
    R"({"type":"lpa","payload":{"code":-1,"message":"es9p_authenticate_client","data":"8.2.6,3.8,Refused"}})");
  BOOST_TEST(end.code == -1);
  BOOST_TEST(end.message == "es9p_authenticate_client");
}

BOOST_AUTO_TEST_CASE(the_metadata_tells_the_iccid_in_either_spelling_of_its_step) {
  for (std::string name : {"es8p_metadata_parse", "es8p_meatadata_parse"}) {
    auto step = read_as<lpac_progress>(
      R"({"type":"progress","payload":{"code":0,"message":")" + name
      + R"(","data":{"iccid":"8944110068256270054F","serviceProviderName":"Op","profileName":null}}})");
    BOOST_TEST(is_metadata_step(step.step));
    BOOST_TEST(step.iccid == "8944110068256270054");
  }
  auto odd = read_as<lpac_progress>(
    R"({"type":"progress","payload":{"message":"es8p_metadata_parse","data":{"iccid":"<script>"}}})");
  BOOST_TEST(odd.iccid == "");
}

// Lines of 2.3.0 and of the newest source differ only in the spelling above.

BOOST_AUTO_TEST_CASE(a_self_test_reads_version_eid_and_readers) {
  BOOST_TEST(
    read_lpac_version(R"({"type":"lpa","payload":{"code":0,"message":"success","data":"v2.3.0"}})")
      .value_or("")
    == "v2.3.0");
  BOOST_TEST(
    read_lpac_eid(
      R"({"type":"lpa","payload":{"code":0,"message":"success","data":{"eidValue":)"
      R"("89049032123451234512345678901235","EuiccConfiguredAddresses":{"defaultDpAddress":null,)"
      R"("rootDsAddress":"testrootsmds.example.com"},"EUICCInfo2":null,"rulesAuthorisationTable":null}}})")
      .value_or("")
    == "89049032123451234512345678901235");
  auto readers = read_lpac_readers(
    R"({"type":"driver","payload":{"env":"LPAC_APDU_PCSC_DRV_IFID","data":[)"
    R"({"env":"0","name":"Virtual PCD 00 00"},{"env":"1","name":"Virtual PCD 00 01"}]}})");
  BOOST_REQUIRE(readers);
  BOOST_REQUIRE_EQUAL(readers->size(), 2u);
  BOOST_TEST(readers->back() == "Virtual PCD 00 01");
}

BOOST_AUTO_TEST_CASE(what_a_self_test_did_not_ask_for_is_nothing) {
  for (std::string_view line :
       {"", "x", R"({"type":"lpa","payload":{"code":-1,"message":"euicc_init","data":""}})",
        R"({"type":"lpa","payload":{"code":0,"message":"success","data":{"eidValue":"89"}}})",
        R"({"type":"driver","payload":{"data":5}})"}) {
    BOOST_TEST(!read_lpac_version(line), line);
    BOOST_TEST(!read_lpac_eid(line), line);
    BOOST_TEST(!read_lpac_readers(line), line);
  }
}

BOOST_AUTO_TEST_CASE(a_version_is_known_to_be_too_old_or_may_do) {
  for (std::string_view old : {"v2.2.1", "2.0.0", "v1.9", "2"})
    BOOST_TEST(is_lpac_before(old, "2.3"), old);
  for (std::string_view may_do :
       {"v2.3.0", "2.3.0", "2.10.1", "3.0", "0.0.0.r0.unknown", "v0.0.0-unknown", "devel"})
    BOOST_TEST(!is_lpac_before(may_do, "2.3"), may_do);
}

BOOST_AUTO_TEST_CASE(other_lines_are_noise) {
  for (std::string_view line :
       {"", "hello", "[]", "{", R"({"type":"apdu","payload":{"func":"connect"}})", R"({"type":5})",
        R"({"type":"lpa","payload":{},"type":"lpa"})", "\xff\xfe", "null"})
    BOOST_TEST(is_noise(line), line);
}

BOOST_AUTO_TEST_CASE(a_request_that_cannot_be_read_is_not_taken_for_noise) {
  for (std::string_view payload :
       {R"({})", R"(null)", R"({"url":"https://a.b/","tx":"7","headers":[]})",
        R"({"url":"https://a.b/","tx":"zz","headers":[]})",
        R"({"url":"https://a.b/","headers":[]})", R"({"url":"https://a.b/","tx":""})",
        R"({"url":5,"tx":"","headers":[]})", R"({"url":"","tx":"","headers":[]})",
        R"({"url":"https://a.b/ HTTP/1.1\r\nX: y","tx":"","headers":[]})",
        R"({"url":"https://a.b/","tx":"","headers":[5]})",
        R"({"url":"https://a.b/","tx":"","headers":["A: b\r\nHost: c"]})"}) {
    auto line = R"({"type":"http","payload":)" + std::string{payload} + "}";
    BOOST_TEST(std::holds_alternative<lpac_bad_request>(read_lpac_line(line)), line);
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_no_plain_words_are_not_kept) {
  BOOST_TEST(
    read_as<lpac_progress>(R"({"type":"progress","payload":{"message":"<b>","data":"x"}})").step
    == "");
  auto end = read_as<lpac_result>(R"({"type":"lpa","payload":{"message":"a b"}})");
  BOOST_TEST(end.message == "");
  BOOST_TEST(end.code == -1);
}

BOOST_AUTO_TEST_CASE(an_answer_is_one_line_with_its_body_in_hexadecimal) {
  BOOST_TEST(lpac_http_answer(200, "{\"}\n")
             == "{\"payload\":{\"rcode\":200,\"rx\":\"7b227d0a\"},\"type\":\"http\"}\n");
  BOOST_TEST(lpac_http_answer(500, "")
             == "{\"payload\":{\"rcode\":500,\"rx\":\"\"},\"type\":\"http\"}\n");
  BOOST_TEST((from_hex("00fFa0") == std::string{"\x00\xff\xa0", 3}));
  BOOST_TEST((!from_hex("0") && !from_hex("0g") && from_hex("") == ""));
}

BOOST_AUTO_TEST_CASE(lines_are_cut_wherever_the_bytes_come_apart) {
  std::string text = "one\n\ntwo\r\nthree";
  for (size_t step = 1; step <= text.size(); ++step) {
    line_cutter cutter{5};
    std::vector<std::string> lines;
    for (size_t i = 0; i < text.size(); i += step) {
      cutter.feed(std::string_view{text}.substr(i, step));
      while (auto line = cutter.next())
        lines.push_back(*line);
    }
    BOOST_TEST((lines == std::vector<std::string>{"one", "", "two"}));
    BOOST_TEST(!cutter.is_overlong());
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_ends_the_reading) {
  line_cutter open{4};
  open.feed("12345");
  BOOST_TEST(!open.next());
  BOOST_TEST(open.is_overlong());
  line_cutter closed{4};
  closed.feed("1234\n12345\n1\n");
  BOOST_TEST((closed.next() == "1234"));
  BOOST_TEST(!closed.next());
  BOOST_TEST(closed.is_overlong());
  closed.feed("1\n");
  BOOST_TEST(!closed.next());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(interlock)

BOOST_AUTO_TEST_CASE(a_check_may_call_two_paths_of_the_codes_host) {
  for (std::string path :
       {"/gsma/rsp2/es9plus/initiateAuthentication", "/gsma/rsp2/es9plus/authenticateClient"}) {
    BOOST_TEST((es9p_check_path("https://smdp.example.com" + path, "smdp.example.com") == path));
    BOOST_TEST((es9p_check_path("https://SMDP.Example.COM" + path, "smdp.example.com") == path));
  }
}

BOOST_AUTO_TEST_CASE(a_check_may_call_nothing_else) {
  std::string path = "/gsma/rsp2/es9plus/authenticateClient";
  for (const auto& url : {
         "https://smdp.example.com/gsma/rsp2/es9plus/getBoundProfilePackage" + std::string{},
         "https://smdp.example.com/gsma/rsp2/es9plus/cancelSession" + std::string{},
         "https://smdp.example.com/gsma/rsp2/es9plus/handleNotification" + std::string{},
         "https://smdp.example.com/" + std::string{},
         "https://smdp.example.com" + std::string{},
         "http://smdp.example.com" + path,
         "HTTPS://smdp.example.com" + path,
         "https://other.example.com" + path,
         "https://smdp.example.com.evil.com" + path,
         "https://evil.com/smdp.example.com" + path,
         "https://smdp.example.com:443" + path,
         "https://user@smdp.example.com" + path,
         "https://smdp.example.com@evil.com" + path,
         "https://smdp.example.com/." + path,
         "https://smdp.example.com/" + path,
         "https://smdp.example.com" + path + "/",
         "https://smdp.example.com" + path + "?x=1",
         "https://smdp.example.com" + path + "#x",
         "https://smdp.example.com/gsma/rsp2/es9plus/%61uthenticateClient" + std::string{},
         "https://smdp.example.com/gsma/rsp2/es9plus/AuthenticateClient" + std::string{},
         std::string{},
         path,
       })
    BOOST_TEST(!es9p_check_path(url, "smdp.example.com"), url);
  BOOST_TEST(!es9p_check_path("https://" + path, ""));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_certificate_tells_no_card) {
  auto body = [](std::string_view answer) {
    return R"({"transactionId":"1","authenticateServerResponse":")" + to_base64(answer) + "\"}";
  };
  for (std::string_view answer : {
         // Nothing, no DER, an error of the card's, an outline of a certificate, and ones cut
         // short.
         std::string_view{},
         "\x30"sv,
         "\xbf\x38\x84\x7f\xff\xff\xff"sv,
         "\xbf\x38\x08\xa1\x06\x80\x01\x01\x02\x01\x01"sv,
         "\xbf\x38\x0b\xa0\x09\x30\x00\x5f\x37\x00\x30\x02\x05\x00"sv,
         "\xbf\x38\x07\xa0\x05\x30\x00\x5f\x37\x00"sv,
       })
    BOOST_TEST(!card_eid_in(body(answer)));
  BOOST_TEST(!card_eid_in("{}"));
  BOOST_TEST(!card_eid_in("no JSON"));
}

BOOST_AUTO_TEST_CASE(the_header_of_an_answer_tells_whether_the_function_was_executed) {
  auto good = read_es9p_status(
    R"({"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"transactionId":"1"})");
  BOOST_REQUIRE(good);
  BOOST_TEST(!good->has_failed);
  BOOST_TEST(good->codes == "");
  auto warned = read_es9p_status(
    R"({"header":{"functionExecutionStatus":{"status":"Executed-WithWarning","statusCodeData":{"subjectCode":"8.2","reasonCode":"1.2"}}}})");
  BOOST_TEST(!warned->has_failed);
  BOOST_TEST(warned->codes == "8.2/1.2");
  auto odd = read_es9p_status(
    R"({"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":"8.2<b>","reasonCode":"1.2"}}}})");
  BOOST_TEST(odd->has_failed);
  BOOST_TEST(odd->codes == "");
  BOOST_TEST(!read_es9p_status("<html>"));
  BOOST_TEST(!read_es9p_status("[]"));
}

BOOST_AUTO_TEST_SUITE_END()
