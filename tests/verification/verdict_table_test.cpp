#include "protocols/base/error.hpp"
#include "protocols/verification/es9p.hpp"
#include "protocols/verification/lpac_wire.hpp"
#include "protocols/verification/verdict_table.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <tuple>

// The default table, row by row, against what SM-DP+ and lpac wrote.

using namespace meisim;

namespace {

/// What an SM-DP+ answered, whole.
check_outcome answered(std::string_view body) {
  auto status = read_es9p_status(body);
  BOOST_REQUIRE(status);
  BOOST_REQUIRE(status->has_failed);
  check_outcome result;
  result.end = check_end::refused;
  result.seen = {"es9p_authenticate_client", status->codes, 200, "smdp.example.com"};
  return result;
}

std::string refusal(const std::string& subject, const std::string& reason) {
  return R"({"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":")"
         + subject + R"(","reasonCode":")" + reason
         + R"(","subjectIdentifier":"","message":"words of the server"}}}})";
}

check_outcome refused(const std::string& subject, const std::string& reason) {
  return answered(refusal(subject, reason));
}

/// What lpac wrote at its end.
check_outcome wrote(std::string_view line) {
  auto read = read_lpac_line(line);
  auto* last = std::get_if<lpac_result>(&read);
  BOOST_REQUIRE(last);
  BOOST_TEST(last->code == -1);
  check_outcome result;
  result.end = check_end::failed;
  result.seen.stage = last->message;
  return result;
}

check_outcome with_status(int32_t status) {
  check_outcome result;
  result.end = check_end::http_status;
  result.seen.http_status = status;
  return result;
}

check_outcome happened(std::string event) {
  check_outcome result;
  result.event = std::move(event);
  return result;
}

struct line {
  check_outcome seen;
  verdict what;
  std::string reason;
  blame fault = blame::nobody;
};

std::vector<line> recorded() {
  using enum verdict;
  constexpr auto device = blame::device;
  constexpr auto host = blame::host;
  constexpr auto unsure = blame::unsure;
  constexpr auto nobody = blame::nobody;
  return {
    {happened("metadata"), available, "", nobody},
    {answered(
       R"({"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":"8.2.6",)"
       R"("reasonCode":"3.8","subjectIdentifier":"AYU36","message":"Refused"}}},"transactionId":"9C1F"})"),
     used, "refused by the SM-DP+: already downloaded, or never issued", nobody},
    {refused("8.1.1", "3.8"), used, "bound to another eUICC", nobody},
    {refused("8.1.1", "3.1"), used, "bound to another eUICC", nobody},
    {refused("8.2.1", "3.1"), used, "bound to another eUICC", nobody},
    {refused("8.2", "3.7"), used, "already bound", nobody},
    {refused("8.2.6", "3.1"), invalid, "the profile belongs to another matching id", nobody},
    {refused("8.2.6", "3.3"), invalid, "conflicting matching id", nobody},
    {refused("8.8.1", "3.8"), invalid, "wrong SM-DP+ address", nobody},
    {refused("8.8", "3.1"), invalid, "wrong SM-DP+ object identifier", nobody},
    {refused("8.8.5", "4.1"), invalid, "the download order has expired", nobody},
    {refused("8.8.5", "6.4"), invalid, "too many attempts to download", nobody},
    {refused("8.2", "1.2"), unknown, "not yet released", nobody},
    {refused("8.2.5", "4.3"), unknown, "no profile fits this device", nobody},
    {refused("8.2.1", "3.3"), unknown, "the profile is not available", nobody},
    {refused("8.2.7", "2.2"), unknown, "needs a confirmation code", nobody},
    {refused("8.2.7", "3.8"), unknown, "confirmation code refused", nobody},
    {refused("8.1", "4.8"), error, "the device's eUICC has too little memory", device},
    {refused("8.1", "6.1"), error, "the signature of the device's eUICC was refused", device},
    {refused("8.1.2", "6.1"), error, "the certificate of the eUICC's maker was refused", device},
    {refused("8.1.2", "6.3"), error, "the certificate of the eUICC's maker was refused", device},
    {refused("8.1.3", "6.3"), error, "the certificate of the device's eUICC was refused", device},
    {refused("8.1.4", "6.1"), error, "the device's EID is outside the range of its maker", device},
    {refused("8.8.2", "3.1"), error, "the SM-DP+ supports none of the eUICC's keys", device},
    {refused("8.8.3", "3.1"), error, "the SM-DP+ does not support the eUICC's version", device},
    {refused("8.8.4", "3.7"), error, "the SM-DP+ has no certificate that the eUICC trusts", device},
    {refused("8.11.1", "3.9"), error, "the SM-DP+ does not trust the eUICC's certificates", device},
    {refused("8.10.1", "3.9"), error, "the SM-DP+ lost the session", host},
    {answered(R"({"header":{"functionExecutionStatus":{"status":"Failed"}}})"), unknown,
     "refused by the SM-DP+, which gave no reason", nobody},
    {refused("8.9", "5.1"), unknown, "SM-DP+ status 8.9/5.1", nobody},
    {with_status(503), error, "the SM-DP+ answered with HTTP status 503", host},
    {with_status(302), error, "the SM-DP+ answered with HTTP status 302", host},
    {happened("transport"), error, "the SM-DP+ could not be reached", host},
    {happened("not_json"), error, "the SM-DP+ gave no readable answer", host},
    {wrote(R"({"type":"lpa","payload":{"code":-1,"message":"euicc_init","data":""}})"), error,
     "card or reader", device},
    {wrote(
       R"({"type":"lpa","payload":{"code":-1,"message":"es10a_get_euicc_configured_addresses","data":""}})"),
     error, "card or reader", device},
    {wrote(
       R"({"type":"lpa","payload":{"code":-1,"message":"es10b_get_euicc_challenge_and_info","data":""}})"),
     error, "card or reader", device},
    {wrote(
       R"({"type":"lpa","payload":{"code":-1,"message":"es10b_authenticate_server","data":""}})"),
     error, "the eUICC did not take the SM-DP+'s answer", host},
    {wrote(R"({"type":"lpa","payload":{"code":-1,"message":"es8p_metadata_parse","data":""}})"),
     error, "the check failed at es8p_metadata_parse", host},
    {wrote(R"({"type":"lpa","payload":{"code":-1,"message":"smdp","data":"empty"}})"), error,
     "the check failed at smdp", unsure},
    {wrote(R"({"type":"lpa","payload":{"code":-1,"message":"activation_code","data":"invalid"}})"),
     invalid, "not accepted as an activation code", nobody},
    {wrote(
       R"({"type":"lpa","payload":{"code":-1,"message":"matching_id","data":"invalid format"}})"),
     invalid, "not accepted as a matching id", nobody},
    {wrote(
       R"({"type":"lpa","payload":{"code":-1,"message":"es9p_authenticate_client","data":"HTTP transport failed"}})"),
     error, "the check failed at es9p_authenticate_client", host},
    {happened("deadline"), error, "no result in time", unsure},
    {happened("no_answer"), error, "no result in time", host},
    {happened("forbidden"), error, "stopped: the device asked for what a check must not", unsure},
    {happened("babble"), error, "stopped: the device's program wrote too much", unsure},
    {happened("no_line"), error, "the device's program said nothing", unsure},
    {happened("exit"), error, "the device's program ended too early", unsure},
    {happened("preview"), error, "the SM-DP+ showed no profile", host},
    {happened("set_up"), error, "the device's program cannot work", device},
    {happened("start"), error, "the device's program cannot be started", device},
    {happened("other_card"), error, "another card has answered than the device's own", device},
    {happened("something_new"), error, "something_new", unsure},
  };
}

verdict_table table_of(std::string_view json) {
  auto result = read_verdict_table(json);
  BOOST_REQUIRE_MESSAGE(result, (result ? "" : message_of(result.error())));
  return *result;
}

std::string complaint_about(std::string_view json) {
  auto result = read_verdict_table(json);
  BOOST_REQUIRE_MESSAGE(!result, json);
  BOOST_TEST((code_of(result.error()) == ec::invalid));
  return message_of(result.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(default_table)

BOOST_AUTO_TEST_CASE(each_recorded_end_has_its_verdict) {
  verdict_table table;
  for (const auto& expected : recorded()) {
    auto found = table.judge(expected.seen);
    BOOST_TEST_CONTEXT("row " << table.row_for(expected.seen).pattern) {
      BOOST_TEST(to_string(found.what) == to_string(expected.what));
      BOOST_TEST(found.reason == expected.reason);
      BOOST_TEST((found.fault == expected.fault));
      BOOST_TEST(found.seen.codes == expected.seen.seen.codes);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_row_is_met_by_a_recording) {
  verdict_table table;
  std::set<const verdict_row*> met;
  for (const auto& expected : recorded())
    met.insert(&table.row_for(expected.seen));
  for (const auto& row : verdict_table::defaults())
    BOOST_TEST(met.count(&row) == 1u, row.pattern << " is not tested");
}

BOOST_AUTO_TEST_CASE(an_error_blames_somebody_and_nothing_else_does) {
  for (const auto& row : verdict_table::defaults())
    BOOST_TEST((row.fault == blame::nobody) == (row.what != verdict::error), row.pattern);
}

BOOST_AUTO_TEST_CASE(an_error_may_be_the_hosts_once_the_host_has_answered) {
  verdict_table table;
  BOOST_TEST(may_be_the_hosts(table.judge(happened("transport"))));
  BOOST_TEST(may_be_the_hosts(table.judge(refused("8.1.3", "6.3"))));
  BOOST_TEST(!may_be_the_hosts(table.judge(refused("8.2.6", "3.8"))));
  BOOST_TEST(!may_be_the_hosts(table.judge(happened("start"))));
}

BOOST_AUTO_TEST_CASE(what_was_seen_goes_into_the_finding) {
  auto outcome = happened("metadata");
  outcome.iccid = "8944110068256270054";
  outcome.seen = {"es8p_metadata_parse", "", 200, "smdp.example.com"};
  auto found = verdict_table{}.judge(outcome);
  BOOST_TEST(found.iccid == "8944110068256270054");
  BOOST_TEST(found.seen.stage == "es8p_metadata_parse");
  BOOST_TEST(found.seen.http_status == 200);
  BOOST_TEST(found.seen.host == "smdp.example.com");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(configured_table)

BOOST_AUTO_TEST_CASE(a_configured_row_comes_before_the_defaults_and_a_hosts_row_before_both) {
  auto table = table_of(R"({
    "rows": [{"codes": "8.2.6/3.8", "verdict": "unknown", "reason": "code {codes} at {stage}"},
             {"http_status": "5*", "verdict": "error", "blame": "device"}],
    "hosts": {"SMDP.example.com": [{"codes": "8.2.6/*", "verdict": "invalid"}]}})");
  auto outcome = refused("8.2.6", "3.8");
  BOOST_TEST(to_string(table.judge(outcome).what) == "invalid");
  BOOST_TEST(table.judge(outcome).reason == "");
  outcome.seen.host = "other.example.com";
  BOOST_TEST(to_string(table.judge(outcome).what) == "unknown");
  BOOST_TEST(table.judge(outcome).reason == "code 8.2.6/3.8 at es9p_authenticate_client");
  outcome = refused("8.2.6", "3.1");
  outcome.seen.host = "other.example.com";
  BOOST_TEST(table.judge(outcome).reason == "the profile belongs to another matching id");
  BOOST_TEST((table.judge(with_status(500)).fault == blame::device));
  BOOST_TEST((table.judge(with_status(404)).fault == blame::host));
}

BOOST_AUTO_TEST_CASE(an_empty_configuration_is_the_defaults) {
  auto table = table_of("{}");
  for (const auto& expected : recorded())
    BOOST_TEST(table.judge(expected.seen).reason == expected.reason);
}

BOOST_AUTO_TEST_CASE(a_reason_cannot_be_made_by_what_was_seen) {
  auto table = table_of(R"({"rows": [{"event": "*", "verdict": "error", "reason": "<{event}>"}]})");
  BOOST_TEST(table.judge(happened("{codes}")).reason == "<{codes}>");
}

BOOST_AUTO_TEST_CASE(bad_rows_are_named) {
  auto row = [](const std::string& text) { return R"({"rows": [)" + text + "]}"; };
  BOOST_TEST(complaint_about("[]") == "verdict table, file: is no JSON object");
  BOOST_TEST(complaint_about(R"({"row": []})") == "verdict table, file: has an unknown field row");
  BOOST_TEST(complaint_about(R"({"rows": {}})") == "verdict table, rows: is no list");
  BOOST_TEST(complaint_about(R"({"hosts": []})") == "verdict table, hosts: is no object");
  BOOST_TEST(complaint_about(R"({"hosts": {"a.b": 1}})") == "verdict table, a.b rows: is no list");
  BOOST_TEST(complaint_about(row("1")) == "verdict table, row 1: is no object");
  BOOST_TEST(complaint_about(row(R"({"event": "exit", "verdict": "used"}, {"verdict": "used"})"))
             == "verdict table, row 2: needs one of codes, http_status, stage and event");
  BOOST_TEST(complaint_about(row(R"({"event": "exit", "codes": "1/2", "verdict": "used"})"))
             == "verdict table, row 1: needs one of codes, http_status, stage and event");
  BOOST_TEST(complaint_about(row(R"({"event": "exit", "verdict": "usd"})"))
             == "verdict table, row 1: verdict must be available, used, invalid, error or unknown");
  BOOST_TEST(complaint_about(row(R"({"codes": "8.*.1/3", "verdict": "used"})"))
             == "verdict table, row 1: codes must be text, with a * only at its end");
  BOOST_TEST(complaint_about(row(R"({"http_status": 503, "verdict": "used"})"))
             == "verdict table, row 1: http_status must be text, with a * only at its end");
  BOOST_TEST(complaint_about(row(R"({"event": "exit", "verdict": "used", "reson": "x"})"))
             == "verdict table, row 1: has an unknown field reson");
  BOOST_TEST(complaint_about(row(R"({"event": "exit", "verdict": "used", "reason": 1})"))
             == "verdict table, row 1: reason must be text");
  BOOST_TEST(
    complaint_about(row(R"({"event": "exit", "verdict": "used", "blame": "device"})"))
    == "verdict table, row 1: blame must be device, host or unsure, and only for the verdict "
       "error");
  BOOST_TEST(
    complaint_about(R"({"hosts": {"a.b": [{"event": "exit", "verdict": "error", "blame": "me"}]}})")
    == "verdict table, a.b row 1: blame must be device, host or unsure, and only for the verdict "
       "error");
}

BOOST_AUTO_TEST_SUITE_END()
