#include "actors/verification/device_list.hpp"
#include "protocols/base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;

namespace {

caf::expected<std::vector<device_config>> read(const std::string& devices) {
  return read_devices(R"({"devices": [)" + devices + "]}",
                      {"lab", std::make_shared<prometheus::Registry>()});
}

std::string complaint_about(const std::string& devices) {
  auto result = read(devices);
  BOOST_REQUIRE_MESSAGE(!result, devices);
  return message_of(result.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(device_list)

BOOST_AUTO_TEST_CASE(devices_are_listed_with_their_drivers_and_deadlines) {
  auto devices = read(R"(
    {"name": "card-1", "driver": "lpac", "reader": "ACS ACR39U 00 00", "timeout_seconds": 90},
    {"name": "sim_a.1", "driver": "simulated", "latency_ms": 3000, "jitter_percent": 0})");
  BOOST_REQUIRE_MESSAGE(devices, (devices ? "" : message_of(devices.error())));
  BOOST_REQUIRE_EQUAL(devices->size(), 2u);
  const auto& card = devices->front();
  BOOST_TEST(card.name == "lab.card-1");
  BOOST_TEST(card.driver == "lpac");
  BOOST_TEST(card.node == "lab");
  // The driver's own deadline comes first.
  BOOST_TEST(card.deadline.count() > 90'000);
  BOOST_TEST(devices->back().name == "lab.sim_a.1");
  BOOST_TEST(devices->back().driver == "simulated");
  BOOST_TEST(devices->back().deadline.count() == 12'000);
  BOOST_TEST(read("")->empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_device_and_field) {
  BOOST_TEST(complaint_about("5") == "device 1: it must be an object");
  BOOST_TEST(complaint_about(R"({"driver": "simulated"})")
             == "device 1: name must be 1 to 64 letters, digits, hyphens, underscores and dots");
  BOOST_TEST(complaint_about(R"({"name": "a b", "driver": "simulated"})")
             == "device 1: name must be 1 to 64 letters, digits, hyphens, underscores and dots");
  BOOST_TEST(complaint_about(R"({"name": "a"})")
             == "device 1 (a): driver must be lpac or simulated");
  BOOST_TEST(
    complaint_about(R"({"name": "a", "driver": "simulated"}, {"name": "b", "driver": "x"})")
    == "device 2 (b): driver must be lpac or simulated");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "lpac"})")
             == "device 1 (a): reader must name a PC/SC reader");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "lpac", "reader": "r", "latency_ms": 5})")
             == "device 1 (a): latency_ms is no setting of the lpac driver");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "simulated", "reader": "r"})")
             == "device 1 (a): reader is no setting of the simulated driver");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "simulated", "latency_ms": -1})")
             == "device 1 (a): latency_ms must be a whole number from 0 to 600000");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "simulated", "latency_ms": "5"})")
             == "device 1 (a): latency_ms must be a whole number from 0 to 600000");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "simulated", "jitter_percent": 101})")
             == "device 1 (a): jitter_percent must be a whole number from 0 to 100");
  BOOST_TEST(complaint_about(R"({"name": "a", "driver": "simulated"},
                                {"name": "a", "driver": "simulated"})")
             == "device 2 (a): name stands in the list twice");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_form_is_refused) {
  device_site site{"lab", std::make_shared<prometheus::Registry>()};
  for (const char* text : {"", "[]", "{}", R"({"devices": {}})", R"({"devices": [], "more": 1})"})
    BOOST_TEST(!read_devices(text, site), text);
}

BOOST_AUTO_TEST_SUITE_END()
