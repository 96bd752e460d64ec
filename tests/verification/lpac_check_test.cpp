#include "actors/verification/lpac_check.hpp"
#include "apps/sandbox/der.hpp"
#include "protocols/base/base64.hpp"
#include "tests/fixtures/card_reader.hpp"

#include <sys/eventfd.h>

#include <thread>

// A stand-in for lpac, an SM-DP+ over TLS, and what is between them.

using namespace meisim;
using namespace meisim::test;

namespace {

activation_code code_for(const std::string& matching_id,
                         const std::string& host = "smdp.example.com") {
  return {host, matching_id, "", false};
}

struct check_fixture : card_reader {
  ~check_fixture() {
    // After every test, whatever was tried in it.
    wait_for_silence();
    BOOST_TEST(!has_children());
    BOOST_TEST(misdeeds() == 0);
    check_that_it_was_told_answers_only();
  }

  lpac_check_end run(const lpac_settings& settings, const activation_code& code) {
    auto end = run_lpac_check(settings, code, -1);
    BOOST_REQUIRE(end);
    return std::move(*end);
  }

  /// What the dealer gets to see, and the event or stage behind it.
  finding check(const std::string& behaviour, const std::string& matching_id, int seconds = 60) {
    auto with = settings(behaviour, seconds);
    return with.table->judge(run(with, code_for(matching_id)).outcome);
  }

  std::string event(const std::string& behaviour, int seconds = 60) {
    return run(settings(behaviour, seconds), code_for("AVAILABLE-1")).outcome.event;
  }
};

std::string shown(const finding& found) {
  return std::string{to_string(found.what)} + ": " + found.reason;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(lpac_check, check_fixture)

BOOST_AUTO_TEST_CASE(a_released_order_is_available_and_stays_so_however_often_it_is_checked) {
  for (int i = 0; i < 3; ++i) {
    auto found = check("honest", "AVAILABLE-1");
    BOOST_TEST(shown(found) == "available: ");
    BOOST_TEST(found.iccid == "8944110068256270054");
    BOOST_TEST(found.seen.stage == "es8p_metadata_parse");
    BOOST_TEST(found.seen.http_status == 200);
    BOOST_TEST(found.seen.host == "smdp.example.com");
  }
  BOOST_TEST(order("AVAILABLE-1") == "released");
  BOOST_TEST(calls("initiateAuthentication") == 3);
  BOOST_TEST(calls("authenticateClient") == 3);
}

BOOST_AUTO_TEST_CASE(what_the_smdp_answers_becomes_a_verdict) {
  struct {
    const char* matching_id;
    const char* shown;
    const char* codes;
  } const expected[] = {
    {"USED-1", "used: refused by the SM-DP+: already downloaded, or never issued", "8.2.6/3.8"},
    {"NEVER-SEEN", "used: refused by the SM-DP+: already downloaded, or never issued", "8.2.6/3.8"},
    {"INVALID-1", "invalid: the download order has expired", "8.8.5/4.1"},
    {"UNKNOWN-1", "unknown: not yet released", "8.2/1.2"},
    {"STATUS-8-1-1--3-8-X", "used: bound to another eUICC", "8.1.1/3.8"},
    {"STATUS-8-1-3--6-3-X", "error: the certificate of the device's eUICC was refused",
     "8.1.3/6.3"},
    {"STATUS-9-9--9-9-X", "unknown: SM-DP+ status 9.9/9.9", "9.9/9.9"},
    {"HTTP-503-X", "error: the SM-DP+ answered with HTTP status 503", ""},
    {"REDIRECT-1", "error: the SM-DP+ answered with HTTP status 302", ""},
    {"NOTJSON-1", "error: the SM-DP+ gave no readable answer", ""},
    {"HUGE-1", "error: the SM-DP+ could not be reached", ""},
    {"DROP-1", "error: the SM-DP+ could not be reached", ""},
  };
  for (const auto& line : expected) {
    auto found = check("honest", line.matching_id);
    BOOST_TEST_CONTEXT(line.matching_id) {
      BOOST_TEST(shown(found) == line.shown);
      // The codes of the last answer that had any.
      BOOST_TEST(found.seen.codes == line.codes);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_smdp_that_knows_no_key_of_the_card_is_the_devices_fault) {
  auto with = settings("honest");
  auto end = run(with, code_for("AVAILABLE-1", "status-8-8-2--3-1.example.com"));
  auto found = with.table->judge(end.outcome);
  BOOST_TEST(shown(found) == "error: the SM-DP+ supports none of the eUICC's keys");
  BOOST_TEST((found.fault == blame::device));
  BOOST_TEST(calls("authenticateClient") == 0);
}

BOOST_AUTO_TEST_CASE(an_smdp_that_never_answers_is_given_up_in_time) {
  BOOST_TEST(shown(check("honest", "HANG-1", 1)) == "error: no result in time");
}

BOOST_AUTO_TEST_CASE(the_program_gets_the_code_the_reader_and_none_of_our_secrets) {
  ::setenv("PGPASSWORD", "secret", 1);
  auto with = settings("honest");
  with.imei = "490154203237518";
  auto code = code_for("AVAILABLE-1");
  code.oid = "1.2.3";
  code.needs_confirmation = true;
  code.confirmation_code = "1234";
  run(with, code);
  const std::vector<std::string> arguments{
    "profile", "download", "-a", "LPA:1$smdp.example.com$AVAILABLE-1", "-i", with.imei, "-p"};
  BOOST_TEST(noted("arg") == arguments, boost::test_tools::per_element());
  auto environment = noted("env");
  auto has = [&](const std::string& what) {
    return std::count(environment.begin(), environment.end(), what) == 1;
  };
  BOOST_TEST(has("LPAC_HTTP=stdio"));
  BOOST_TEST(has("LPAC_APDU=pcsc"));
  BOOST_TEST(has("LPAC_APDU_PCSC_DRV_NAME=" + with.reader));
  BOOST_TEST(has("LPAC_APDU_PCSC_DRV_IFID=-2"));
  for (const auto& variable : environment)
    BOOST_TEST(!variable.starts_with("PGPASSWORD"), variable);
}

BOOST_AUTO_TEST_CASE(at_the_question_whether_to_install_the_program_is_gone_unanswered) {
  for (const char* behaviour : {"honest", "blind"})
    check(behaviour, "AVAILABLE-1");
  wait_for_silence();
  // Two answers of the SM-DP+ to each, no word and no end of its input.
  BOOST_TEST(noted("in").size() == 4u);
  BOOST_TEST(order("AVAILABLE-1") == "released");
}

BOOST_AUTO_TEST_CASE(a_program_that_shows_no_metadata_before_it_asks_is_an_error) {
  BOOST_TEST(shown(check("blind", "AVAILABLE-1")) == "error: the SM-DP+ showed no profile");
  BOOST_TEST(shown(check("honest", "BLANK-1")) == "error: the SM-DP+ showed no profile");
}

BOOST_AUTO_TEST_CASE(requests_that_use_a_code_up_are_not_sent_and_end_the_program) {
  for (const char* behaviour : {"greedy", "refuses", "repeats"}) {
    auto end = run(settings(behaviour), code_for("AVAILABLE-1"));
    BOOST_TEST(end.outcome.event == "forbidden", behaviour);
    BOOST_TEST(!end.detail.empty());
    BOOST_TEST(order("AVAILABLE-1") == "released");
  }
  // The repeated one was not sent either.
  BOOST_TEST(calls("authenticateClient") == 3);
}

BOOST_AUTO_TEST_CASE(no_other_address_is_ever_asked) {
  for (std::string url :
       {"https://smdp.example.com/gsma/rsp2/es9plus/getBoundProfilePackage",
        "https://smdp.example.com/gsma/rsp2/es9plus/cancelSession",
        "https://smdp.example.com/gsma/rsp2/es9plus/handleNotification",
        "https://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication?x",
        "https://smdp.example.com/gsma/rsp2/es9plus/x/../initiateAuthentication",
        "https://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication/",
        "https://smdp.example.com/gsma/rsp2/es9plus//cancelSession",
        "https://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication%2f..%2fcancelSession",
        "https://smdp.example.com:443/gsma/rsp2/es9plus/initiateAuthentication",
        "https://me@smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication",
        "http://smdp.example.com/gsma/rsp2/es9plus/initiateAuthentication",
        "https://smdp.example.com.evil.example.com/gsma/rsp2/es9plus/initiateAuthentication",
        "https://other.example.com/gsma/rsp2/es9plus/initiateAuthentication",
        "https://127.0.0.1/gsma/rsp2/es9plus/initiateAuthentication", "file:///etc/passwd", "x"}) {
    BOOST_TEST(event("asks:" + url) == "forbidden", url);
  }
  BOOST_TEST(event("half-a-request") == "forbidden");
  BOOST_TEST(calls("initiateAuthentication") == 0);
  BOOST_TEST(noted("in").empty());
}

BOOST_AUTO_TEST_CASE(a_host_at_a_private_address_is_not_asked) {
  auto with = settings("honest");
  with.network.allow_private = false;
  auto end = run(with, code_for("AVAILABLE-1"));
  BOOST_TEST(end.outcome.event == "transport");
  BOOST_TEST(end.detail == "127.0.0.1 is no public address");
  BOOST_TEST(calls("initiateAuthentication") == 0);
}

BOOST_AUTO_TEST_CASE(an_smdp_with_a_certificate_of_nobody_we_trust_is_not_asked) {
  auto with = settings("honest");
  with.network.ca_file.clear();
  BOOST_TEST(run(with, code_for("AVAILABLE-1")).outcome.event == "transport");
  auto other = run(settings("honest"), code_for("AVAILABLE-1", "smdp.example.net"));
  BOOST_TEST(other.outcome.event == "transport");
  BOOST_TEST(calls("initiateAuthentication") == 0);
}

BOOST_AUTO_TEST_CASE(programs_that_die_are_errors) {
  BOOST_TEST(event("silent") == "no_line");
  BOOST_TEST(event("crashes") == "no_line");
  BOOST_TEST(event("dies-midway") == "exit");
  BOOST_TEST(event("closes-its-output") == "no_line");
  auto missing = settings("honest");
  missing.binary = "/no/such/lpac";
  auto end = run(missing, code_for("AVAILABLE-1"));
  BOOST_TEST(end.outcome.event == "start");
  BOOST_TEST(end.detail.starts_with("cannot start /no/such/lpac"));
}

BOOST_AUTO_TEST_CASE(programs_that_hang_are_killed_with_all_their_children) {
  for (const char* behaviour : {"hangs", "hangs-midway", "stubborn"})
    BOOST_TEST(event(behaviour, 1) == "deadline", behaviour);
  BOOST_TEST(event("leaves-a-child") == "no_line");
}

BOOST_AUTO_TEST_CASE(programs_that_write_without_end_are_stopped) {
  for (const char* behaviour : {"babbles", "one-long-line", "complains"})
    BOOST_TEST(event(behaviour) == "babble", behaviour);
}

BOOST_AUTO_TEST_CASE(lines_of_another_kind_are_passed_over) {
  BOOST_TEST(shown(check("noisy", "AVAILABLE-1")) == "available: ");
}

BOOST_AUTO_TEST_CASE(a_card_that_is_busy_is_tried_again_before_anything_is_sent) {
  BOOST_TEST(shown(check("busy-reader", "AVAILABLE-1")) == "available: ");
  BOOST_TEST(calls("initiateAuthentication") == 1);
}

BOOST_AUTO_TEST_CASE(the_lock_that_a_killed_program_leaves_costs_no_code) {
  constexpr int codes = 20;
  for (int i = 0; i < codes; ++i)
    BOOST_TEST(shown(check("locked-for-a-moment", "AVAILABLE-" + std::to_string(i)))
               == "available: ");
  BOOST_TEST(calls("initiateAuthentication") == codes);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_not_the_devices_own_ends_a_check_before_the_code_is_told) {
  const std::string own = "89049032123451234512345678901236";
  const std::string other = "89049032123451234512345678901244";
  auto with = settings("honest");
  BOOST_TEST(run_lpac_check(with, code_for("AVAILABLE-1"), -1, own)->outcome.event == "metadata");
  auto end = run_lpac_check(with, code_for("AVAILABLE-1"), -1, other);
  BOOST_REQUIRE(end);
  BOOST_TEST(end->outcome.event == "other_card");
  BOOST_TEST(end->detail == "the card's EID is " + own + ", and was " + other);
  auto found = verdict_table{}.judge(end->outcome);
  BOOST_TEST((found.fault == blame::device));
  BOOST_TEST(!may_be_the_hosts(found));
  BOOST_TEST(!found.seen.was_asked);
  BOOST_TEST(calls("initiateAuthentication") == 2);
  BOOST_TEST(calls("authenticateClient") == 1);
}

BOOST_AUTO_TEST_CASE(trouble_with_the_card_is_the_devices_fault_and_told_in_the_programs_words) {
  auto end = run(settings("no-card", 1), code_for("AVAILABLE-1"));
  auto found = verdict_table{}.judge(end.outcome);
  BOOST_TEST(shown(found) == "error: card or reader");
  BOOST_TEST((found.fault == blame::device));
  BOOST_TEST(!may_be_the_hosts(found));
  BOOST_TEST(end.detail == "SCardConnect() failed: 8010000B (Sharing violation.)");
  BOOST_TEST(!found.seen.was_asked);
}

BOOST_AUTO_TEST_CASE(a_program_that_only_complains_is_set_up_wrong) {
  auto end = run(settings("stderr-only"), code_for("AVAILABLE-1"));
  BOOST_TEST(end.outcome.event == "set_up");
  BOOST_TEST(end.detail == "SCardEstablishContext() failed: 8010001D (Service not available.)");
  BOOST_TEST((verdict_table{}.judge(end.outcome).fault == blame::device));
}

BOOST_AUTO_TEST_CASE(an_answer_that_the_card_does_not_take_may_be_the_hosts_fault) {
  for (const char* behaviour : {"refused-by-card", "distrusts"}) {
    auto found = check(behaviour, "AVAILABLE-1");
    BOOST_TEST(to_string(found.what) == "error", behaviour);
    BOOST_TEST(may_be_the_hosts(found), behaviour);
  }
  auto end = run(settings("honest"), code_for("AVAILABLE-1", "malformed.example.com"));
  BOOST_TEST(end.outcome.seen.stage == "es10b_authenticate_server");
  BOOST_TEST(may_be_the_hosts(verdict_table{}.judge(end.outcome)));
}

BOOST_AUTO_TEST_CASE(a_question_counts_once_the_smdp_was_told_the_code) {
  BOOST_TEST(check("honest", "USED-1").seen.was_asked);
  BOOST_TEST(!check("refused-by-card", "USED-1").seen.was_asked);
}

BOOST_AUTO_TEST_CASE(the_metadata_counts_in_its_old_spelling_and_a_decline_is_not_sent) {
  BOOST_TEST(shown(check("old-spelling", "AVAILABLE-1")) == "available: ");
  BOOST_TEST(shown(check("declines", "AVAILABLE-1")) == "available: ");
}

BOOST_AUTO_TEST_CASE(a_check_can_be_given_up) {
  int give_up = ::eventfd(0, EFD_CLOEXEC);
  std::thread other{
    [&] { BOOST_TEST(!run_lpac_check(settings("hangs"), code_for("A"), give_up)); }};
  uint64_t one = 1;
  BOOST_TEST(::write(give_up, &one, sizeof(one)) == 8);
  other.join();
  ::close(give_up);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(smdp_sandbox)

/// What a card answers, as far as an SM-DP+ reads it for a matching id.
std::string card_answer(const std::string& matching_id) {
  using sandbox::der_element;
  auto wish = der_element("\xa0", der_element("\x80", matching_id));
  return der_element(
    "\xbf\x38", der_element("\xa0", der_element("\x30", der_element("\x80", "session") + wish)));
}

BOOST_AUTO_TEST_CASE(answers_are_der_and_repeat_what_the_card_has_asked) {
  sandbox::smdp_sandbox smdp;
  auto begun = parse_json_object(smdp
                                   .answer("/gsma/rsp2/es9plus/initiateAuthentication",
                                           R"({"euiccChallenge":"MDEyMzQ1Njc4OWFiY2RlZg==",)"
                                           R"("smdpAddress":"smdp.example.com"})")
                                   .body)
                 .value();
  auto part = [&](const char* name) { return from_base64(text_of(begun, name)).value_or(""); };
  auto server = part("serverSigned1");
  using sandbox::find_der;
  BOOST_TEST(find_der(server, {"\x30", "\x81"}).value_or("") == "0123456789abcdef");
  BOOST_TEST(find_der(server, {"\x30", "\x83"}).value_or("") == "smdp.example.com");
  BOOST_TEST(find_der(part("serverSignature1"), {"\x5f\x37"}).value_or("").size() == 64u);
  BOOST_TEST(find_der(part("euiccCiPKIdToBeUsed"), {"\x04"}).value_or("").size() == 20u);
  BOOST_TEST(find_der(part("serverCertificate"), {"\x30", "\x30"}).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_der_are_nothing) {
  using sandbox::find_der;
  for (std::string_view bytes : {"", "\xbf", "\xbf\x38", "\x30\x05x", "\x30\x84\x01\x01\x01\x01"})
    BOOST_TEST(!find_der(bytes, {"\x30"}));
  auto large = sandbox::der_element("\x30", std::string(300, 'x'));
  BOOST_TEST(find_der(large, {"\x30"}).value_or("").size() == 300u);
  BOOST_TEST(sandbox::matching_id_in(card_answer("A-1")) == "A-1");
}

BOOST_AUTO_TEST_CASE(half_an_answer_of_a_card_is_no_code_that_was_never_issued) {
  sandbox::smdp_sandbox smdp;
  auto call = [&](const std::string& name, const std::string& body) {
    return smdp.answer("/gsma/rsp2/es9plus/" + name, body);
  };
  auto begun = call("initiateAuthentication", R"({"euiccChallenge":"eA=="})").body;
  auto session = text_of(parse_json_object(begun).value(), "transactionId");
  auto whole = card_answer("AVAILABLE-1");
  for (auto size : {whole.size(), whole.size() / 2, size_t{0}}) {
    auto answer = call("authenticateClient", R"({"transactionId":")" + session
                                               + R"(","authenticateServerResponse":")"
                                               + to_base64(whole.substr(0, size)) + "\"}");
    BOOST_TEST(answer.status == (size == whole.size() ? 200 : 500));
  }
}

// Shows that the fixture would notice what the checks above must not do.
BOOST_AUTO_TEST_CASE(an_order_is_used_up_by_its_package_and_by_a_cancelled_session) {
  for (std::string function : {"getBoundProfilePackage", "cancelSession"}) {
    sandbox::smdp_sandbox smdp;
    auto call = [&](const std::string& name, const std::string& body) {
      return smdp.answer("/gsma/rsp2/es9plus/" + name, body).body;
    };
    auto authenticate = [&] {
      auto begun = call("initiateAuthentication", R"({"euiccChallenge":"eA=="})");
      auto session = text_of(parse_json_object(begun).value(), "transactionId");
      auto answer = call("authenticateClient", R"({"transactionId":")" + session
                                                 + R"(","authenticateServerResponse":")"
                                                 + to_base64(card_answer("AVAILABLE-1")) + "\"}");
      return std::pair{session, answer};
    };
    auto [session, answer] = authenticate();
    BOOST_TEST(answer.find("profileMetadata") != std::string::npos);
    call(function, R"({"transactionId":")" + session + "\"}");
    BOOST_TEST(authenticate().second.find(R"("reasonCode":"3.8")") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
