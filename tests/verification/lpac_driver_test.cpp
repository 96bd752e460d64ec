#include "actors/verification/lpac_driver.hpp"
#include "actors/verification/lpac_test.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/card_reader.hpp"

#include <prometheus/text_serializer.h>

#include <fstream>

// The driver as an actor, on the real scheduler: it waits for programs.

using namespace meisim;
using namespace meisim::test;

namespace {

struct threaded_config : deterministic_config {
  threaded_config() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{2});
  }
};

struct driver_fixture : card_reader {
  threaded_config config;
  caf::actor_system system{config};
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

  device_driver_actor start(const lpac_settings& with) {
    return system.spawn(lpac_driver, std::string{"lab.card-1"}, with, registry);
  }

  std::string metrics() const {
    return prometheus::TextSerializer{}.Serialize(registry->Collect());
  }
};

Json::Value parsed(std::string_view text) {
  return parse_json_object(text).value();
}

std::string complaint_about(std::string_view text) {
  auto result = read_lpac_settings(parsed(text));
  BOOST_REQUIRE_MESSAGE(!result, text);
  return message_of(result.error());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(lpac_driver_actor_, driver_fixture)

BOOST_AUTO_TEST_CASE(codes_are_checked_one_after_the_other_and_each_is_answered) {
  auto driver = start(settings("honest"));
  caf::scoped_actor self{system};
  for (std::string matching_id : {"AVAILABLE-1", "USED-1", "AVAILABLE-2"})
    self->send(driver, activation_code{"smdp.example.com", matching_id, "", false});
  std::vector<std::string> verdicts;
  int left = 3;
  self->receive_while([&] { return left-- > 0; })(
    [&](const finding& found) { verdicts.emplace_back(to_string(found.what)); });
  const std::vector<std::string> expected{"available", "used", "available"};
  BOOST_TEST(verdicts == expected, boost::test_tools::per_element());
  BOOST_TEST(misdeeds() == 0);
  caf::anon_send_exit(driver, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(a_forbidden_request_is_counted) {
  auto driver = start(settings("greedy"));
  caf::scoped_actor self{system};
  self
    ->request(driver, caf::infinite, activation_code{"smdp.example.com", "AVAILABLE-1", "", false})
    .receive([](const finding& found) { BOOST_TEST(to_string(found.what) == "error"); },
             [](const caf::error& failure) { BOOST_FAIL(message_of(failure)); });
  BOOST_TEST(metrics().find(R"(meisim_lpac_forbidden_requests_total{device="lab.card-1"} 1)")
             != std::string::npos);
  BOOST_TEST(misdeeds() == 0);
  BOOST_TEST(order("AVAILABLE-1") == "released");
  caf::anon_send_exit(driver, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(a_self_test_tells_the_version_and_the_card_and_names_what_is_wrong) {
  struct {
    const char* behaviour;
    const char* flaw;
  } const expected[] = {
    {"honest", ""},
    {"stderr-only", "reader: SCardEstablishContext() failed: 8010001D (Service not available.)"},
    {"no-reader", "reader: 0 readers fit the name "},
    {"old-version", "version: v2.2.1 takes the first card"},
    {"takes-any", "version: this program takes any card"},
    {"busy-reader", ""},
  };
  for (const auto& [behaviour, flaw] : expected) {
    auto result = run_lpac_test("lab.card-1", settings(behaviour), -1);
    BOOST_REQUIRE(result);
    const auto* failed = result->flaw();
    auto told = failed ? failed->what + ": " + failed->detail : "";
    BOOST_TEST_CONTEXT(behaviour) {
      BOOST_TEST(told.starts_with(flaw), told);
      BOOST_TEST(told.empty() == std::string{flaw}.empty(), told);
      BOOST_TEST(result->eid.empty() == !told.empty());
    }
  }
  BOOST_TEST(run_lpac_test("lab.card-1", settings("honest"), -1)->eid
             == "89049032123451234512345678901236");
  auto missing = settings("honest");
  missing.binary = "/no/such/lpac";
  BOOST_TEST(run_lpac_test("x", missing, -1)->flaw()->what == "program");
}

BOOST_AUTO_TEST_CASE(a_self_test_reaches_its_host_and_looks_at_the_ca_file) {
  auto with = settings("honest");
  with.test_host = "smdp.example.com";
  BOOST_TEST(!run_lpac_test("x", with, -1)->flaw());
  with.network.ca_file.clear();
  BOOST_TEST(run_lpac_test("x", with, -1)->flaw()->what == "network");
  with.network.ca_file = certified_folder::get().file("key.pem");
  BOOST_TEST(run_lpac_test("x", with, -1)->flaw()->what == "ca_file");
  BOOST_TEST(calls("initiateAuthentication") == 0);
}

BOOST_AUTO_TEST_CASE(the_card_that_answers_is_held_against_the_one_that_was_tested) {
  for (std::string behaviour : {"honest", "swapped"}) {
    auto driver = start(settings(behaviour));
    caf::scoped_actor self{system};
    std::string eid;
    finding found;
    auto fail = [](const caf::error& failure) { BOOST_FAIL(message_of(failure)); };
    self->request(driver, caf::infinite, test_device{"lab.card-1"})
      .receive([&](const device_test& test) { eid = test.eid; }, fail);
    self
      ->request(driver, caf::infinite,
                activation_code{"smdp.example.com", "AVAILABLE-1", "", false})
      .receive([&](const finding& result) { found = result; }, fail);
    BOOST_TEST_CONTEXT(behaviour) {
      BOOST_TEST(eid.size() == 32u);
      BOOST_TEST((found.what == verdict::available) == (behaviour == "honest"));
      BOOST_TEST((found.fault == blame::device) == (behaviour == "swapped"));
    }
    caf::anon_send_exit(driver, caf::exit_reason::user_shutdown);
  }
}

BOOST_AUTO_TEST_CASE(a_self_test_waits_for_the_check_that_is_under_way) {
  auto driver = start(settings("honest"));
  caf::scoped_actor self{system};
  self->send(driver, activation_code{"smdp.example.com", "AVAILABLE-1", "", false});
  self->send(driver, test_device{"lab.card-1"});
  std::vector<std::string> order;
  int left = 2;
  self->receive_while([&] { return left-- > 0; })(
    [&](const finding&) { order.emplace_back("check"); },
    [&](const device_test& test) { order.emplace_back(test.name); });
  const std::vector<std::string> expected{"check", "lab.card-1"};
  BOOST_TEST(order == expected, boost::test_tools::per_element());
  caf::anon_send_exit(driver, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(the_program_of_a_driver_that_is_killed_is_gone_with_it) {
  {
    caf::actor_system other{config};
    auto driver =
      other.spawn(lpac_driver, std::string{"lab.card-2"}, settings("stubborn", 600), registry);
    caf::anon_send(driver, activation_code{"smdp.example.com", "AVAILABLE-1", "", false});
    // It has written its arguments once it runs.
    while (noted("arg").size() < 5)
      std::this_thread::yield();
    caf::anon_send_exit(driver, caf::exit_reason::kill);
    wait_for_silence();
    // The end of the actor system waits for the thread that buries it.
  }
  BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lpac_settings_)

BOOST_AUTO_TEST_CASE(a_device_is_set_as_it_is_configured) {
  auto table = certified_folder::get().file("table.json");
  std::ofstream{table} << R"({"rows":[{"codes":"8.2/1.2","verdict":"error"}]})";
  auto result = read_lpac_settings(
    parsed(R"({"name":"card-1","driver":"lpac","reader":"ACS ACR39U 00 00","binary":"/opt/lpac",)"
           R"("imei":"490154203237518","timeout_seconds":90,"verdict_table":")"
           + table + R"(","ca_file":")" + certified_folder::get().file("certificate.pem") + "\"}"));
  BOOST_REQUIRE_MESSAGE(result, (result ? "" : message_of(result.error())));
  BOOST_TEST(result->binary == "/opt/lpac");
  BOOST_TEST(result->reader == "ACS ACR39U 00 00");
  BOOST_TEST(result->imei == "490154203237518");
  BOOST_TEST(result->timeout.count() == 90);
  BOOST_TEST(!result->network.allow_private);
  check_outcome refusal;
  refusal.end = check_end::refused;
  refusal.seen.codes = "8.2/1.2";
  BOOST_TEST(to_string(result->table->judge(refusal).what) == "error");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_device_is_named) {
  BOOST_TEST(complaint_about("{}") == "reader must name a PC/SC reader");
  BOOST_TEST(complaint_about(R"({"reader":5})") == "reader must be text");
  BOOST_TEST(complaint_about(R"({"reader":"x","timeout_seconds":0})")
             == "timeout_seconds must be a whole number from 1 to 600");
  BOOST_TEST(complaint_about(R"({"reader":"x","timeout_seconds":"60"})")
             == "timeout_seconds must be a whole number from 1 to 600");
  BOOST_TEST(complaint_about(R"({"reader":"x","imei":"490154203237519"})")
             == "imei must be 15 digits with their check digit");
  BOOST_TEST(complaint_about(R"({"reader":"x","timeout":5})")
             == "timeout is no setting of the lpac driver");
  BOOST_TEST(complaint_about(R"({"reader":"x","ca_file":"/no/such"})")
             == "ca_file /no/such cannot be read");
  BOOST_TEST(complaint_about(R"({"reader":"x","verdict_table":"/no/such"})")
             == "verdict_table /no/such cannot be read");
  BOOST_TEST(complaint_about(R"({"reader":"x","allow_private":"yes"})")
             == "allow_private must be true or false");
}

BOOST_AUTO_TEST_SUITE_END()
