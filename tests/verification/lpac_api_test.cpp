#include "tests/fixtures/card_reader.hpp"
#include "tests/fixtures/service.hpp"

#include <chrono>
#include <thread>

// The whole way of a batch: HTTP, the node, the program at the card reader, and the SM-DP+.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : card_reader {
  std::string file = certified_folder::get().file("devices.json");

  /// A node with one device whose program behaves like this.
  std::unique_ptr<service> node_with(const std::string& behaviour) const {
    auto with = settings(behaviour);
    Json::Value device{Json::objectValue};
    device["name"] = "card-1";
    device["driver"] = "lpac";
    device["binary"] = with.binary;
    device["reader"] = with.reader;
    device["ca_file"] = with.network.ca_file;
    device["allow_private"] = true;
    device["connect_to"] = with.network.connect_to;
    Json::Value list{Json::objectValue};
    list["devices"].append(device);
    std::ofstream{file} << meisim::write_json(list);
    return std::make_unique<service>(
      std::vector<std::string>{"--rate-limits", "off", "--devices-file", file});
  }

  /// The batch's counters, once it is complete.
  Json::Value check(const service& node, const std::string& owner, const std::string& lpas,
                    const std::string& more = {}, std::chrono::seconds patience = 60s) const {
    auto placed =
      node.post("/dealer/esim-verify", R"({"lpas":[)" + lpas + ']' + more + '}', {owner}).json();
    auto path = "/dealer/esim-verify/" + placed["batch_id"].asString();
    auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      auto now = node.get(path, {owner}).json();
      if (!now["batch"]["completed_at"].isNull()) {
        results_path = path + "/results.csv";
        return now["progress"];
      }
      std::this_thread::sleep_for(50ms);
    }
    BOOST_FAIL("the batch does not end");
    return {};
  }

  mutable std::string results_path;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(lpac_api, fixture)

BOOST_AUTO_TEST_CASE(a_batch_is_checked_at_a_card_and_no_code_is_used_up) {
  auto node = node_with("honest");
  auto owner = node->add_dealer("100.00");
  auto progress = check(*node, owner.key_header,
                        R"("LPA:1$smdp.example.com$AVAILABLE-1","LPA:1$smdp.example.com$USED-1",)"
                        R"("LPA:1$smdp.example.com$INVALID-1","LPA:1$smdp.example.com$UNKNOWN-1")");
  for (const char* what : {"available", "used", "invalid", "unknown"})
    BOOST_TEST(progress[what].asInt() == 1, what);
  auto results = node->get(results_path, {owner.key_header}).body;
  BOOST_TEST(results.find("8944110068256270054") != std::string::npos, results);
  auto devices = node->admin_get("/admin/v1/devices").body;
  BOOST_TEST(devices.find(".card-1") != std::string::npos, devices);
  BOOST_TEST(devices.find("lpac") != std::string::npos, devices);
  BOOST_TEST(order("AVAILABLE-1") == "released");
  BOOST_TEST(misdeeds() == 0);
  node.reset();
  wait_for_silence();
}

BOOST_AUTO_TEST_CASE(a_device_tests_itself_and_is_listed_with_its_card) {
  auto node = node_with("honest");
  auto owner = node->add_dealer("100.00");
  // By then the device is there.
  check(*node, owner.key_header, R"("LPA:1$smdp.example.com$AVAILABLE-1")");
  auto name = node->admin_get("/admin/v1/devices").json()[0]["name"].asString();
  auto test = node->admin_get("/admin/v1/devices/" + name + "/test").json();
  BOOST_TEST(test["ok"].asBool());
  BOOST_TEST(test["eid"].asString() == "89049032123451234512345678901236");
  BOOST_TEST(node->admin_get("/admin/v1/devices").json()[0]["eid"] == test["eid"]);
  BOOST_TEST(node->admin_get("/admin/v1/devices/nobody/test").status == 404);
  // No code is asked about.
  BOOST_TEST(calls("initiateAuthentication") == 1);
}

BOOST_AUTO_TEST_CASE(a_hundred_codes_on_one_card_cost_no_error_and_no_rest) {
  // After each check pcscd still thinks for a moment that the killed program has the card.
  auto node = node_with("locked-for-a-moment");
  auto owner = node->add_dealer("100.00");
  constexpr int codes = 100;
  std::string lpas;
  for (int i = 0; i < codes; ++i)
    lpas += std::string{i == 0 ? "" : ","} + R"("LPA:1$smdp.example.com$AVAILABLE-)"
            + std::to_string(i) + '"';
  auto progress = check(*node, owner.key_header, lpas, {}, 240s);
  BOOST_TEST(progress["available"].asInt() == codes);
  BOOST_TEST(progress["error_count"].asInt() == 0);
  // Not even a try has failed.
  auto device = node->admin_get("/admin/v1/devices").json()[0];
  BOOST_TEST(device["state"].asString() == "idle");
  BOOST_TEST(device["checks"].asInt() == codes);
  BOOST_TEST(device["failures"].asInt() == 0);
  BOOST_TEST(calls("authenticateClient") == codes);
  BOOST_TEST(misdeeds() == 0);
}

BOOST_AUTO_TEST_CASE(a_card_that_was_swapped_gives_no_verdict) {
  auto node = node_with("swapped");
  auto owner = node->add_dealer("100.00");
  auto progress = check(*node, owner.key_header, R"("LPA:1$smdp.example.com$AVAILABLE-1")");
  BOOST_TEST(progress["error_count"].asInt() == 1);
  // The SM-DP+ was not told which code it was about.
  BOOST_TEST(calls("initiateAuthentication") == 3);
  BOOST_TEST(calls("authenticateClient") == 0);
  auto device = node->admin_get("/admin/v1/devices").json()[0];
  BOOST_TEST(device["last_results"][0].asString().find("another card has answered")
               != std::string::npos,
             device["last_results"][0].asString());
}

BOOST_AUTO_TEST_CASE(a_code_is_asked_about_three_times_and_a_recent_verdict_used_again) {
  auto node = node_with("honest");
  auto owner = node->add_dealer("100.00");
  auto other = node->add_dealer("100.00");
  const std::string code = R"("LPA:1$smdp.example.com$USED-1")";
  auto verdicts = [&](const std::string& key, const std::string& more = {}) {
    auto progress = check(*node, key, code, more);
    return std::pair{progress["used"].asInt(), progress["error_count"].asInt()};
  };
  BOOST_TEST((verdicts(owner.key_header) == std::pair{1, 0}));
  BOOST_TEST((verdicts(other.key_header, R"(,"maxAgeSeconds":600)") == std::pair{1, 0}));
  BOOST_TEST(calls("authenticateClient") == 1);
  verdicts(other.key_header);
  BOOST_TEST((verdicts(owner.key_header) == std::pair{1, 0}));
  BOOST_TEST(calls("authenticateClient") == 3);
  BOOST_TEST((verdicts(other.key_header) == std::pair{0, 1}));
  BOOST_TEST(calls("authenticateClient") == 3);
  BOOST_TEST(node
               ->post("/dealer/esim-verify", R"({"lpas":[)" + code + R"(],"maxAgeSeconds":3601})",
                      {owner.key_header})
               .status
             == 400);
}

BOOST_AUTO_TEST_CASE(a_program_that_wants_to_install_gets_error_rows_and_the_money_goes_back) {
  auto node = node_with("greedy");
  auto owner = node->add_dealer("100.00");
  auto progress = check(*node, owner.key_header, R"("LPA:1$smdp.example.com$AVAILABLE-1")");
  BOOST_TEST(progress["error_count"].asInt() == 1);
  // No code is tried more often than three times.
  BOOST_TEST(calls("authenticateClient") == 3);
  BOOST_TEST(misdeeds() == 0);
  BOOST_TEST(order("AVAILABLE-1") == "released");
}

BOOST_AUTO_TEST_SUITE_END()
